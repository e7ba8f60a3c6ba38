/** What the columns of a file of touches must be, and how SQL reads them whatever their types. */
export const TOUCH_COLUMNS: Record<string, { isRequired: boolean }> = {
  journey: { isRequired: true },
  touched_at: { isRequired: true },
  channel: { isRequired: true },
  converted: { isRequired: false },
  value: { isRequired: false },
};

/** Types by column of the file. */
export type ColumnTypes = ReadonlyMap<string, string>;

/** @throws Error when a column is missing or unknown */
export function checkColumns(file: string, types: ColumnTypes): void {
  const columns = Object.entries(TOUCH_COLUMNS);
  const expected = columns.map(([name, { isRequired }]) => (isRequired ? name : `${name} (may be missing)`));
  const stray = Array.from(types.keys()).find((name) => !Object.hasOwn(TOUCH_COLUMNS, name));
  const missing = columns.find(([name, { isRequired }]) => isRequired && !types.has(name));
  if (stray === undefined && !missing) return;
  const what = missing ? `the column ${missing[0]} is missing` : `there is no column "${stray}" here`;
  throw new Error(`${file}: ${what}. Expected are the columns ${expected.join(', ')}`);
}

/** Journeys that are whole numbers of 64 bits at most: others go by a hash of their name. */
export const isNumbered = (types: ColumnTypes): boolean =>
  /^U?((TINY|SMALL|BIG)INT|INTEGER)$/i.test(types.get('journey')!);

export const CHANNEL = 'trim(CAST(channel AS varchar))';

/** Times as microseconds, numbers as they are; NaN where it is neither. */
export function timeOf(types: ColumnTypes): string {
  const type = types.get('touched_at')!;
  const read = /^(DATE|TIMESTAMP)/i.test(type)
    ? 'CAST(epoch_us(CAST(touched_at AS timestamp)) AS double)'
    : /^VARCHAR/i.test(type)
      ? 'coalesce(try_cast(touched_at AS double), CAST(epoch_us(try_cast(touched_at AS timestamp)) AS double))'
      : 'CAST(touched_at AS double)';
  return `coalesce(${read}, CAST('nan' AS double))`;
}

/** 1 where the touch says that its journey converted, 0 where not, 2 where the row is wrong. */
export function stateOf(types: ColumnTypes): string {
  const type = types.get('converted');
  if (type === undefined) return 'CASE WHEN journey IS NULL THEN 2 ELSE 0 END';
  const read = /^VARCHAR/i.test(type) ? 'try_cast(converted AS double)' : 'CAST(converted AS double)';
  return `CASE WHEN journey IS NULL THEN 2 WHEN converted IS NULL OR ${read} = 0 THEN 0 WHEN ${read} = 1 THEN 1 ELSE 2 END`;
}

/** Value in units of 10^-decimals, 0 where it is not given, NaN or below 0 where it is wrong. */
export const valueUnits = (decimals: number): string =>
  `CASE WHEN value IS NULL THEN 0 ELSE coalesce(round(try_cast(value AS double) * ${10 ** decimals}), CAST('nan' AS double)) END`;

/** Conditions of rows that are wrong, and SQL for what is said of them. */
export function wrongRows(types: ColumnTypes): [condition: string, text: string][] {
  const quoted = (column: string, says: string) =>
    `'${column} "' || coalesce(CAST(${column} AS varchar), '') || '" ${says}'`;
  return [
    ['journey IS NULL', "'journey is empty: give every touch its journey'"],
    [`NOT isfinite(${timeOf(types)})`, quoted('touched_at', 'is neither a time nor a number')],
    [`coalesce(${CHANNEL}, '') = ''`, "'channel is empty: name it'"],
    [`contains(CAST(channel AS varchar), '>')`, quoted('channel', 'holds >, which separates channels')],
    [`(${stateOf(types)}) = 2`, types.has('converted') ? quoted('converted', 'must be 0 or 1') : "''"],
    ...(types.has('value')
      ? [
          [
            `NOT isfinite(${valueUnits(0)}) OR (${valueUnits(0)}) < 0`,
            quoted('value', 'must be a number from 0'),
          ] as [string, string],
        ]
      : []),
  ];
}
