import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { openReader, type Reader } from '../lib/adapters/embedded/reader.ts';
import { openShop, type WritableShop } from '../lib/adapters/embedded/shop.ts';
import type { RecordKind } from '../lib/domain/contract/index.ts';
import type { InputFile } from '../lib/formats/format.ts';
import { FORMATS } from '../lib/formats/index.ts';
import { type ImportResult, importFiles } from '../lib/pipeline/import-files.ts';
import type { Row } from '../lib/ports.ts';

process.env.ROPO_IDENTITY_SECRET = 'a secret of the tests, no real one';

/** A moment after all fixtures: tests never read the clock. */
export const NOW = Date.UTC(2026, 0, 15);

export const textFile = (name: string, text: string | Buffer): InputFile => ({
  name,
  bytes: text.length,
  open: () => Readable.from([Buffer.from(text)]),
});

export type Records = Partial<Record<RecordKind, readonly unknown[]>>;

export interface TemporaryShop {
  root: string;
  shop: WritableShop;
  /** Imports records through the JSON Lines format of their kind. */
  give(records: Records): Promise<ImportResult[]>;
  /** Imports one text as a file of a format. */
  giveFile(format: string, name: string, text: string | Buffer): Promise<ImportResult>;
  /** Rows of a SELECT on the published build. */
  ask(select: string): Promise<Row[]>;
  remove(): void;
}

/** Settings under which a shop of one or two people has breakdowns: as shipped, nothing of it is shown. */
export const SHOW_SMALL = ['min_persons,1,people,', 'min_persons_outside,1,people,'];

/** Has the shop in a folder show rows of single persons. */
export function showSinglePersons(root: string): void {
  mkdirSync(join(root, 'seeds'), { recursive: true });
  writeFileSync(
    join(root, 'seeds', 'settings.csv'),
    ['name:varchar,value:varchar,unit:varchar,meaning:varchar', ...SHOW_SMALL, ''].join('\n'),
  );
}

/** A shop in a folder of its own that goes away with `remove`. It shows rows of single persons. */
export async function temporaryShop(): Promise<TemporaryShop> {
  const root = mkdtempSync(join(tmpdir(), 'ropo-test-'));
  const shop = await openShop(root, 'test', () => NOW);
  showSinglePersons(root);
  let reader: Reader | undefined;
  const giveFile: TemporaryShop['giveFile'] = (format, name, text) =>
    importFiles(shop.importer, FORMATS[format]!, [textFile(name, text)]);
  return {
    root,
    shop,
    giveFile,
    async give(records) {
      const results: ImportResult[] = [];
      for (const [kind, values] of Object.entries(records)) {
        results.push(
          await giveFile(kind, `${kind}.jsonl`, values.map((value) => JSON.stringify(value)).join('\n')),
        );
      }
      return results;
    },
    async ask(select) {
      reader ??= await openReader(shop.directory);
      const published = await reader.published();
      if (!published) throw new Error('Nothing is published');
      return published.query(select);
    },
    remove() {
      reader?.close();
      shop.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}
