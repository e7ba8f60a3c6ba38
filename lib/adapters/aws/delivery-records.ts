/**
 * Rows as records of Firehose: JSON documents one after another with nothing between them, as many as go into one record.
 * Firehose bills every record by started 5 KB, and a call takes 500 records, so that a record of hundreds of rows costs a
 * tenth of what a record a row would, and a batch of the stream is one call per table.
 */

/** Firehose takes 1,000 KiB; a record of fewer bytes is rounded up by less than one in a hundred. */
const FULL_BYTES = 900_000;
const MOST_BYTES = 1000 << 10;

const BRACE = 0x7b;
const STAGED = Buffer.from(',"_record":');
const END = Buffer.from('}');
const NEWLINE = 0x0a;

/** Gathers rows of one table into records. */
export interface RecordPacker {
  /**
   * Adds rows that are JSON lines, each ending with the number of its record, which is left out.
   * @throws RangeError where a row is larger than Firehose takes
   */
  add(lines: Uint8Array): void;
  /** The records that are full, or all of them; they are not given again. */
  take(isLast: boolean): Uint8Array[];
}

export function createRecordPacker(table: string): RecordPacker {
  let full: Uint8Array[] = [];
  let rows: Buffer[] = [];
  let bytes = 0;
  const end = () => {
    if (rows.length > 0) full.push(Buffer.concat(rows));
    rows = [];
    bytes = 0;
  };
  return {
    add(lines) {
      const text = Buffer.from(lines.buffer, lines.byteOffset, lines.byteLength);
      for (let from = 0; from < text.length; ) {
        const newline = text.indexOf(NEWLINE, from);
        const to = newline < 0 ? text.length : newline;
        if (text[from] === BRACE) {
          const row = rowOf(text.subarray(from, to));
          const size = row.length + END.length;
          if (size > MOST_BYTES)
            throw new RangeError(`A row of ${table} has ${size} bytes; Firehose takes ${MOST_BYTES}`);
          if (bytes + size > FULL_BYTES) end();
          rows.push(row, END);
          bytes += size;
        }
        from = to + 1;
      }
    },
    take(isLast) {
      if (isLast) end();
      const taken = full;
      full = [];
      return taken;
    },
  };
}

/** A row without what stands behind its columns, and without the brace that ends it. */
function rowOf(line: Buffer): Buffer {
  const staged = line.lastIndexOf(STAGED);
  return line.subarray(0, staged < 0 ? line.lastIndexOf(END) : staged);
}
