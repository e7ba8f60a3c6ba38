import type { S3Client } from '@aws-sdk/client-s3';
import type { ImportFormat } from '../../formats/format.ts';
import { type Importer, importFiles } from '../../pipeline/import-files.ts';
import type { DeliveryCounts } from '../../ports.ts';
import {
  type DroppedFile,
  droppedFile,
  FileNotRead,
  formatOfDrop,
  keepFailed,
  tellImported,
  UnusableFile,
} from './file-drop.ts';

/** What importing a dropped file needs. */
export interface DropDeps {
  s3: S3Client;
  importer: Omit<Importer, 'now'>;
}

/** What came of a dropped file. Nothing of it names the file, whose name may tell of a person. */
export type DropDone =
  | (DeliveryCounts & { outcome: 'imported'; format: string; released: number; told_at: string })
  | { outcome: 'failed'; code: string; kept_at: string }
  | { outcome: 'gone' };

/**
 * Imports a file of the drop. One that can not be imported is moved aside with the reason, and harms no other. All of
 * its records count as received when it was dropped, so that a file told of twice brings the same records twice, which
 * are one in the raw tables.
 * @throws Error where the world fails: the file stays where it is and is told of again
 */
export async function importDropped(file: DroppedFile, { s3, importer }: DropDeps): Promise<DropDone> {
  try {
    const format = formatOfDrop(file.key);
    const { source: _named, ...counts } = await importFiles(
      { ...importer, now: () => file.droppedAt },
      judging(format),
      [droppedFile(s3, file)],
    );
    const told = { format: format.name, ...counts };
    return { outcome: 'imported', ...told, told_at: await tellImported(s3, file, told) };
  } catch (error) {
    if (error instanceof FileNotRead && error.isGone) return { outcome: 'gone' };
    if (!(error instanceof UnusableFile)) throw error;
    return { outcome: 'failed', code: error.code, kept_at: await keepFailed(s3, file, error) };
  }
}

/** A format that tells what it throws of a file from what the way to the file throws. */
const judging = (format: ImportFormat): ImportFormat => ({
  ...format,
  async *read(files) {
    try {
      yield* format.read(files);
    } catch (error) {
      if (error instanceof UnusableFile || error instanceof FileNotRead) throw error;
      throw new UnusableFile(
        'unreadable',
        `The file cannot be read: ${error instanceof Error ? error.message : typeof error}`,
      );
    }
  },
});
