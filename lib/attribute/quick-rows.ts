import { MOST_DECIMALS } from './careful-row.ts';
import { type ChannelTable, WORD_HASH } from './channel-table.ts';
import type { ColumnRole } from './columns.ts';
import type { PathRows } from './path-rows.ts';
import { personNumber } from './person-number.ts';

/** Bytes that mean something in a file of paths. Not imported: the loop below would look each of them up again. */
const TAB = 9;
export const LF = 10;
export const CR = 13;
const SPACE = 32;
const QUOTE = 34;
const COMMA = 44;
const DOT = 46;
const ZERO = 48;
const SEPARATOR = 62;
const isBlank = (byte: number) => byte === SPACE || byte === TAB;

/** " > " as the low bytes of a word. */
const SPACED_SEPARATOR = 0x203e20;
const THREE_BYTES = 0xffffff;
/** More digits may not fit a double. */
const MOST_DIGITS = 15;
const DECIMALS = MOST_DECIMALS;
const HASH = WORD_HASH;
const POWERS = Float64Array.from({ length: DECIMALS + 1 }, (_, power) => 10 ** power);

/** Bytes behind the last row that must be there to be looked at. */
export const SPARE_BYTES = 8;

/**
 * Reads rows in one go over their bytes, up to the first that is not plain: a name that is not known yet, an escaped
 * quote, an exponent, an empty line, anything wrong. Makes no text and no object by row, and keeps what it works with
 * in variables: this loop is what reading a large file takes.
 * @param to the byte before it ends a row; `SPARE_BYTES` more can be read
 * @returns where the row begins that was not read, or `to`
 */
export function quickRows(
  bytes: Buffer,
  view: DataView,
  from: number,
  to: number,
  roles: readonly ColumnRole[],
  table: ChannelTable,
  rows: PathRows,
): number {
  const { keys, heads, shift, following, starts, lengths, lastWords, stored } = table;
  const mask = keys.length - 1;
  const { steps } = rows;
  let { length } = rows;
  let start = from;
  reading: while (start < to) {
    let at = start;
    let conversions = 0;
    let nulls = 0;
    let value = 0;
    let person = 0;
    for (let column = 0; column < roles.length; column++) {
      if (column > 0 && bytes[at++] !== COMMA) break reading;
      const role = roles[column];
      const isQuoted = bytes[at] === QUOTE;
      if (isQuoted) at += 1;
      if (role === 'path') {
        path: for (;;) {
          const first = view.getInt32(at, true);
          let slot = Math.imul(first, HASH) >>> shift;
          while (keys[slot] !== first && heads[slot] !== 0) slot = (slot + 1) & mask;
          for (let entry = heads[slot]!; entry !== 0; entry = following[entry - 1]!) {
            const channel = entry - 1;
            const behind = at + lengths[channel]!;
            if (behind >= to || view.getInt32(behind - 4, true) !== lastWords[channel]) continue;
            if ((view.getInt32(behind, true) & THREE_BYTES) !== SPACED_SEPARATOR && bytes[behind] !== COMMA)
              continue;
            const known = starts[channel]! - at;
            let middle = at + 4;
            while (
              middle < behind - 4 &&
              view.getInt32(middle, true) === stored.getInt32(known + middle, true)
            )
              middle += 4;
            if (middle < behind - 4) continue;
            steps[length++] = channel;
            if (bytes[behind] === SPACE) {
              at = behind + 3;
              continue path;
            }
            at = behind;
            if (!isQuoted) break path;
            break reading;
          }
          // Any other name, and any other blanks around it.
          while (isBlank(bytes[at]!)) at += 1;
          let end = at;
          for (let byte = bytes[end]!; byte !== SEPARATOR && byte !== LF; byte = bytes[++end]!) {
            if (byte === QUOTE ? isQuoted : !isQuoted && (byte === COMMA || byte === CR)) break;
          }
          let last = end;
          while (last > at && isBlank(bytes[last - 1]!)) last -= 1;
          const channel = table.find(bytes, at, last);
          if (channel < 0) break reading;
          steps[length++] = channel;
          at = end;
          if (bytes[end] !== SEPARATOR) break;
          at += 1;
          if (bytes[at] === SPACE) at += 1;
        }
      } else if (role === 'person') {
        const name = at;
        for (let byte = bytes[at]!; byte !== COMMA && byte !== LF && byte !== CR; byte = bytes[++at]!) {
          if (byte === QUOTE || isBlank(byte)) break;
        }
        if (at === name) break reading;
        person = personNumber(bytes, name, at);
      } else {
        let number = 0;
        let decimals = 0;
        const digits = at;
        let digit = bytes[at]! - ZERO;
        for (; digit >= 0 && digit <= 9; digit = bytes[++at]! - ZERO) number = number * 10 + digit;
        if (bytes[at] === DOT) {
          const dot = at;
          digit = bytes[++at]! - ZERO;
          for (; digit >= 0 && digit <= 9; digit = bytes[++at]! - ZERO) number = number * 10 + digit;
          decimals = at - dot - 1;
          // Whole numbers are often written as 3.0.
          if (decimals === 1 && number % 10 === 0) {
            number /= 10;
            decimals = 0;
          }
        }
        if (at === digits || at - digits > MOST_DIGITS || decimals > DECIMALS) break reading;
        if (role === 'value') {
          if (decimals > rows.decimals) rows.refine(decimals);
          value = number * POWERS[rows.decimals - decimals]!;
        } else {
          if (decimals > 0) break reading;
          if (role === 'nulls') nulls = number;
          else conversions = number;
          if (role === 'converted') nulls = number === 0 ? 1 : 0;
        }
      }
      if (isQuoted && bytes[at++] !== QUOTE) break reading;
    }
    if (bytes[at] === CR) at += 1;
    if (bytes[at] !== LF || (conversions === 0 && value > 0) || value > Number.MAX_SAFE_INTEGER) break;
    const row = rows.rows++;
    rows.conversions[row] = conversions;
    rows.nulls[row] = nulls;
    rows.values[row] = value;
    if (rows.persons) rows.persons[row] = person;
    rows.starts[row + 1] = length;
    rows.length = length;
    start = at + 1;
  }
  return start;
}
