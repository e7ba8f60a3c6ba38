import { isUtf8 } from 'node:buffer';
import { carefulRow } from './careful-row.ts';
import { ChannelTable } from './channel-table.ts';
import type { Columns } from './columns.ts';
import { PathRows } from './path-rows.ts';
import { personNumber } from './person-number.ts';
import { Problems } from './problems.ts';
import { CR, LF, quickRows, SPARE_BYTES } from './quick-rows.ts';

/** Reads rows of a file of paths: plain ones the quick way, the others one by one with every check. */
export class RowReader {
  readonly rows = new PathRows();
  readonly table = new ChannelTable();
  readonly problems = new Problems();
  readonly #columns: Columns;

  constructor(columns: Columns) {
    this.#columns = columns;
    if (columns.roles.includes('person')) this.rows.persons = new Uint32Array(this.rows.starts.length);
  }

  /**
   * Reads whole rows.
   * @param to the byte before it ends a row
   * @param offset where `from` is in the file
   * @throws BadPaths when there are too many channels
   */
  read(bytes: Buffer, from: number, to: number, offset: number): void {
    if (to + SPARE_BYTES > bytes.length) {
      this.read(Buffer.concat([bytes.subarray(from, to), Buffer.alloc(SPARE_BYTES)]), 0, to - from, offset);
      return;
    }
    // A row has at least a channel, a comma, a digit and its end; a step at least its name and what ends it.
    this.rows.reserve(Math.ceil((to - from) / 4) + 1, Math.ceil((to - from) / 2) + 1);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const { roles } = this.#columns;
    for (let at = from; at < to; ) {
      at = quickRows(bytes, view, at, to, roles, this.table, this.rows);
      if (at === to) return;
      const end = bytes.indexOf(LF, at);
      this.#carefulRow(bytes, at, end, offset + at - from);
      at = end + 1;
    }
  }

  #carefulRow(bytes: Buffer, from: number, lineEnd: number, offset: number): void {
    const { rows, table } = this;
    const line = bytes.subarray(from, bytes[lineEnd - 1] === CR && lineEnd > from ? lineEnd - 1 : lineEnd);
    if (line.length === 0) return;
    const row = isUtf8(line) ? carefulRow(line.toString('utf8'), this.#columns) : NOT_UTF8;
    if (typeof row === 'string') {
      this.problems.add(offset, row);
      return;
    }
    for (const name of row.path) rows.steps[rows.length++] = table.number(name);
    rows.refine(row.value.decimals);
    if (row.value.isRounded) rows.rounded += 1;
    rows.conversions[rows.rows] = row.conversions;
    rows.nulls[rows.rows] = row.nulls;
    rows.values[rows.rows] = row.value.units * 10 ** (rows.decimals - row.value.decimals);
    const person = Buffer.from(row.person);
    if (rows.persons) rows.persons[rows.rows] = personNumber(person, 0, person.length);
    rows.starts[++rows.rows] = rows.length;
  }
}

const NOT_UTF8 = 'the line is not UTF-8: save the file as UTF-8';
