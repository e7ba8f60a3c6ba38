import type { Figures, Row } from '../../figures.ts';
import type { OverviewWords } from '../../words/overview.ts';

/** What the sentences of the overview are made from: rows in one currency. */
export interface Told {
  period: { from: string | null; to: string | null };
  comparison: 'previous_period' | 'previous_year' | null;
  /** The row of all purchases. */
  purchases: Row | undefined;
  /** Credited revenue by channel in one model. */
  channels: readonly Row[];
  /** Whether rows are of all channels, stores, customers: only then are they parts of what was sold. */
  isWhole: boolean;
  /** Pairs of channels in the same model. */
  differences: readonly Row[];
  conclusions: readonly Row[];
  ropo: Row | undefined;
}

const number = (value: string | number | null | undefined): number | null =>
  typeof value === 'number' ? value : null;

/** Part of what was sold that has credit, both before returns; null where it cannot be told. */
export function creditedShare(channels: readonly Row[], purchases: Row | undefined): number | null {
  const sold = number(purchases?.sold);
  if (sold === null || sold <= 0 || channels.length === 0) return null;
  const credited = channels.reduce(
    (sum, row) => sum + (number(row.revenue) ?? 0) - (number(row.returned) ?? 0),
    0,
  );
  return credited / sold;
}

/** Channels that rows stand for each, the largest first; not what stands for several. */
export const ranked = (channels: readonly Row[]): Row[] =>
  channels
    .filter((row) => typeof row.revenue === 'number' && !String(row.label).startsWith('('))
    .toSorted((a, b) => Number(b.revenue) - Number(a.revenue));

/** The verdict on two channels: null where they were not compared. */
export function isDistinct(differences: readonly Row[], one: string, other: string): boolean | null {
  const pair = differences.find(
    ({ label }) => label === `${one} - ${other}` || label === `${other} - ${one}`,
  );
  return pair ? pair.verdict !== 'not distinguishable' : null;
}

/** The period in a few sentences. Nothing is called more than another that cannot be told from it. */
export function sentencesOf(told: Told, words: OverviewWords, figures: Figures): string[] {
  return [
    ...sold(told, words, figures),
    ...sources(told, words, figures),
    ...earning(told, words),
    ...researched(told, words, figures),
  ];
}

function sold(
  { purchases, period, comparison, ...told }: Told,
  words: OverviewWords,
  figures: Figures,
): string[] {
  const amount = number(purchases?.sold);
  if (!purchases || amount === null) return [];
  const when =
    period.from === null || period.to === null
      ? words.overAllTime
      : words.fromTo(figures.day(period.from), figures.day(period.to));
  const count = figures.count(number(purchases.purchases) ?? 0);
  const said = [words.soldSentence(when, figures.money(amount, purchases.currency as string), count)];
  const before = number(purchases.sold_before);
  if (comparison !== null && before !== null && before > 0) {
    const change = (amount - before) / before;
    const against = words.against[comparison];
    const kind = Math.abs(change) < 0.0005 ? null : change > 0 ? 'more' : 'less';
    said.push(
      kind === null
        ? words.changeSentence.same(against)
        : words.changeSentence[kind](figures.share(Math.abs(change)), against),
    );
  }
  const share = told.isWhole ? creditedShare(told.channels, purchases) : null;
  if (share !== null)
    said.push(share > 0.9995 ? words.allCredited : words.creditedSentence(figures.share(share)));
  return [said.join(' ')];
}

function sources({ channels, differences }: Told, words: OverviewWords, figures: Figures): string[] {
  const [first, second] = ranked(channels);
  if (!first || Number(first.revenue) <= 0) return [];
  const name = String(first.label);
  const amount = figures.money(Number(first.revenue), first.currency as string);
  // Beside one that was filtered for there is none to compare it with.
  if (!second) return [words.only(name, amount)];
  const other = String(second.label);
  const distinct = isDistinct(differences, name, other);
  if (distinct === null) return [words.most(name, amount)];
  return [distinct ? words.ahead(name, amount, other) : words.alike(name, other, amount)];
}

function earning({ conclusions }: Told, words: OverviewWords): string[] {
  const rows = conclusions.filter(({ kind }) => kind === 'earns_its_spend');
  if (rows.length === 0) return [];
  return [words.earns(rows.map(({ channel }) => String(channel)).join(', '), Number(rows[0]!.models))];
}

function researched({ ropo }: Told, words: OverviewWords, figures: Figures): string[] {
  const naive = number(ropo?.naive_share);
  const corrected = number(ropo?.corrected_share);
  if (naive === null) return [];
  if (corrected !== null) return [words.ropoSentence(figures.share(corrected), figures.share(naive))];
  const low = number(ropo?.corrected_low);
  const high = number(ropo?.corrected_high);
  return low === null || high === null ? [] : [words.ropoUnsure(figures.share(low), figures.share(high))];
}
