import { IDENTIFIER_KINDS, type IdentifierKeys } from '../identifier.ts';
import type { RawLine, RawRow } from '../raw-tables.ts';
import type { Acceptance } from './outcome.ts';

/** Columns of a raw row that tell a person. */
export const KEY_COLUMNS = IDENTIFIER_KINDS.map((kind) => `${kind}_key` as const);

/** Whether any of these keys is of a person that was erased. */
export type IsErased = (keys: IdentifierKeys) => boolean;

/** @param erased keys of all erased persons */
export const erasedAmong =
  (erased: ReadonlySet<string>): IsErased =>
  (keys) =>
    KEY_COLUMNS.some((column) => {
      const key = keys[column];
      return key != null && erased.has(key);
    });

/**
 * What may be kept of a record that was accepted, where its person was erased: of a sale what was sold, without
 * identifiers and under the fingerprint that it had before; of anything else nothing. A record that carries an erased
 * identifier and others beside it is as a whole of the person that was erased.
 */
export function withoutErased(kind: string, lines: RawLine[], isErased: IsErased): Acceptance {
  if (!lines.some(({ row }) => row !== undefined && isErased(row as IdentifierKeys)))
    return { ok: true, lines };
  const sales = lines.filter(({ table }) => table === 'raw_sales').map(emptied);
  return sales.length > 0
    ? { ok: true, lines: sales }
    : {
        ok: false,
        reason: 'erased',
        detail: `${kind}: its person was erased; nothing of the record is kept`,
      };
}

function emptied({ table, json, row }: RawLine): RawLine {
  return {
    table,
    json: JSON.stringify(withoutKeys(JSON.parse(json) as RawRow)),
    row: withoutKeys(row ?? {}),
  };
}

function withoutKeys(row: RawRow): RawRow {
  const kept: RawRow = { ...row, consent: 'erased' };
  for (const column of KEY_COLUMNS) delete kept[column];
  return kept;
}
