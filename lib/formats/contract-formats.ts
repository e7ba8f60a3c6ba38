import { CONTRACTS, RECORD_KINDS, type RecordKind } from '../domain/contract/index.ts';
import { csvRecords } from './csv.ts';
import type { ImportFormat, InputFile } from './format.ts';
import { jsonLines } from './jsonl.ts';

/** The formats of the contracts themselves, one per kind: JSON Lines or CSV with the contract's names. */
export const CONTRACT_FORMATS: ImportFormat[] = RECORD_KINDS.map(contractFormat);

function contractFormat(kind: RecordKind): ImportFormat {
  const fromJsonLines = jsonLines(kind);
  const fromCsv = csvRecords(kind);
  return {
    name: kind,
    describes: `${CONTRACTS[kind].description}; JSON Lines or CSV with the names of its contract`,
    // Other records need the stores, so those are read in one go.
    standsByLine: ({ name }) => kind !== 'stores' && JSON_LINES.test(name),
    async *read(files) {
      for (const file of files) yield* (await isJsonLines(file)) ? fromJsonLines(file) : fromCsv(file);
    },
  };
}

const JSON_LINES = /\.(jsonl|ndjson|json)$/i;

/** The byte order mark of UTF-8, as latin1 text. */
const BOM = '\u00EF\u00BB\u00BF';

/** By the file's extension, else by its first character that is not blank. */
async function isJsonLines(file: InputFile): Promise<boolean> {
  if (/\.csv$/i.test(file.name)) return false;
  if (JSON_LINES.test(file.name)) return true;
  const stream = file.open();
  let head = '';
  let text = '';
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      head += chunk.toString('latin1');
      text = (head.startsWith(BOM) ? head.slice(BOM.length) : head).trimStart();
      if (text !== '' && head.length > BOM.length) break;
    }
  } finally {
    stream.destroy();
  }
  return text === '' || text.startsWith('{');
}
