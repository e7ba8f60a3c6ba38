import type { Readable } from 'node:stream';
import type { RejectionReason } from '../domain/accept/index.ts';
import type { RecordKind } from '../domain/contract/index.ts';

/** One file to import, already decompressed. `name` is its base name without a trailing `.gz`. */
export interface InputFile {
  name: string;
  /** Compressed size on disk in bytes, for progress. */
  bytes: number;
  open(): Readable;
}

/**
 * A record that a format found in a file, in the words of its contract, or the reason why it is none.
 * `original` is the text it was made from: enough, together with the file's name, to read it again
 * (a CSV row comes with its header line).
 */
export type FoundRecord = { original: string; line: number } & (
  | {
      kind: RecordKind;
      value: unknown;
      unreadable?: undefined;
      /** A name stands twice in one of its objects. */
      repeatsName?: boolean;
    }
  | {
      kind: RecordKind | null;
      value?: undefined;
      unreadable: string;
      /** Where it is another reason than that nobody can read it. */
      reason?: RejectionReason;
    }
);

/**
 * One way that a file can be written. `read` yields batches (a few hundred to a few thousand records) so that
 * the caller is not awakened per record. A record that cannot be read is a value with `unreadable`, never an
 * exception; an exception means the file itself cannot be read.
 */
export interface ImportFormat {
  name: string;
  /** One line for `ropo import --help`. */
  describes: string;
  /** Whether all files of one import are read together because they explain each other. */
  together?: boolean;
  /**
   * Whether a file may be cut at any end of line and each piece read for itself, so that pieces can be read side by
   * side. Not where the file has a header, or where records lean on records before them.
   */
  standsByLine?(file: InputFile): boolean;
  read(files: InputFile[]): AsyncIterable<FoundRecord[]>;
}
