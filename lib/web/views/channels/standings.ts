import type { Row } from '../../figures.ts';

/** Where a channel stands among the others in one model. */
export interface Standing {
  row: Row;
  /** How many channels it is ahead of beyond chance. */
  ahead: number;
  /** Channels that it cannot be told apart from. */
  alike: string[];
}

/**
 * @param rows a row a channel with its figure
 * @param pairs a row a pair "A - B" with its verdict: "A is ahead" or "not distinguishable"
 */
export function standingsOf(
  rows: readonly Row[],
  pairs: readonly Row[],
  measure: 'revenue' | 'roas',
): Standing[] {
  const verdicts = new Map(pairs.map(({ label, verdict }) => [String(label), String(verdict ?? '')]));
  const known = rows
    .filter((row) => typeof row[measure] === 'number')
    .toSorted((a, b) => Number(b[measure]) - Number(a[measure]));
  const names = known.map(({ label }) => String(label));
  return known.map((row) => {
    const name = String(row.label);
    const verdictOn = (other: string) =>
      verdicts.get(`${name} - ${other}`) ?? verdicts.get(`${other} - ${name}`);
    const others = names.filter((other) => other !== name);
    return {
      row,
      ahead: others.filter((other) => verdictOn(other) === `${name} is ahead`).length,
      alike: others.filter((other) => verdictOn(other) === 'not distinguishable'),
    };
  });
}
