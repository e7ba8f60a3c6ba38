import { createHash } from 'node:crypto';

/** A place where something of the person was found; what was found is not repeated. */
export interface Finding {
  /** Path inside the shop's folder. */
  file: string;
  /** Column of a table; null for the bytes of a file. */
  column: string | null;
  what: string;
}

/** Where the given id stands as the name of something else: no finding. */
export interface Remark {
  file: string;
  column: string;
  why: string;
}

/** Files of one kind that the proof read. */
export interface StoreScanned {
  store: string;
  files: number;
  bytes: number;
  /** Rows whose every text was read as a value; bytes alone say nothing where a file is compressed. */
  rows: number;
}

/** A file that was given out of the shop before. */
export interface ExportChecked {
  file: string;
  made_at: string;
  format: string;
  /** Whether it holds the person; null where it is no longer there to be looked at. */
  holds_person: boolean | null;
}

/** What was done for one request to be erased, and what shows that it was: holds nothing of the person. */
export interface ErasureCertificate {
  version: 1;
  erasure_id: string;
  /** Kinds of the identifiers that were given. */
  asked_by: string[];
  asked_at: string;
  finished_at: string;
  /** How many identifiers of each kind were the person's. */
  identifiers: Record<string, number>;
  /** Identifiers that were seen with the person and stay, since others use them too. */
  kept: { kind: string; why: string }[];
  tombstones: number;
  rows_removed: Record<string, number>;
  rows_emptied: Record<string, number>;
  /** Rules about who is who that named the person. */
  rules_removed: number;
  builds_removed: number;
  build_id: string;
  exports: ExportChecked[];
  scanned: StoreScanned[];
  /** Clear values that were too short to be searched for in every file, and were in the rejections alone. */
  short_values: number;
  remarks: Remark[];
  exceptions: string[];
  findings: 0;
  sha256: string;
}

/** Puts the hash of everything else into a certificate, so that a later change shows. */
export function sealed(certificate: Omit<ErasureCertificate, 'sha256'>): ErasureCertificate {
  return { ...certificate, sha256: hashOf(certificate) };
}

/** Whether a certificate says what it said when it was made. */
export function isSealIntact({ sha256, ...certificate }: ErasureCertificate): boolean {
  return sha256 === hashOf(certificate);
}

const hashOf = (certificate: object) =>
  createHash('sha256').update(JSON.stringify(certificate)).digest('hex');
