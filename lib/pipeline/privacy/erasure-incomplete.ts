import type { Finding } from './certificate.ts';

/** Something of the person is still there after everything was done. The message repeats nothing of what was found. */
export class ErasureIncomplete extends Error {
  readonly findings: readonly Finding[];
  constructor(findings: readonly Finding[]) {
    const places = findings.map(
      ({ file, column, what }) => `  ${file}${column ? `, column ${column}` : ''}: ${what}`,
    );
    const advice = [...new Set(findings.map(({ file }) => adviceOn(file)))];
    super(
      `The person is not erased: ${findings.length} places still hold an identifier.\n${places.slice(0, 20).join('\n')}\n${advice.join('\n')}\nThen run the same command again`,
    );
    this.findings = findings;
  }
}

/** Folders and files of a shop that are its books, or that it cannot do without. */
const THE_SHOPS =
  /^(?:lake|builds|identity|privacy|spill|current|lock|identity\.secret|keys\.json)(?:[/.]|$)/;

/** What can be done about a place; nothing of it harms anybody else's data. */
function adviceOn(file: string): string {
  if (/^seeds\//.test(file))
    return 'In seeds/: take the person out of the named cells with an editor; the other rows stay';
  if (/^stream\//.test(file))
    return 'In stream/: leave the files alone; start the collector, so that it takes them in, stop it';
  if (/^exports\.jsonl$/.test(file))
    return 'In exports.jsonl: rename the export whose file name tells the person';
  if (THE_SHOPS.test(file))
    return "What is named in the shop's own folders are the books of everybody: leave these files where they are. The value came with a record in a column that is not made for persons: have its sender correct that, or report the place and column to the maintainers";
  return 'Of files that somebody put into the folder (imports, notes, exports): take the person out of them, or move them elsewhere if they are still needed';
}
