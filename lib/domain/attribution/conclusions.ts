/** What one model says of a pair of channels, or of a channel's return on ad spend. */
export interface ModelFindings {
  model: string;
  /** Credited revenue by channel. */
  revenue: Float64Array;
  /** Pairs that are distinguishable, as first * channels + second, the first ahead. */
  ahead: ReadonlySet<number>;
  /** Return on ad spend by channel, with bounds; NaN where nothing was spent. */
  roas: readonly { low: number; high: number }[];
}

export interface Conclusion {
  kind:
    | 'most_revenue'
    | 'ahead'
    | 'depends_on_model'
    | 'never_distinguishable'
    | 'earns_its_spend'
    | 'below_its_spend';
  channel: number;
  other: number | null;
  /** Models that say so. */
  models: number;
}

/**
 * What does not depend on the model: what every model says and can tell from chance, and the pairs on which models
 * contradict each other or none can decide.
 */
export function conclusionsOf(findings: readonly ModelFindings[], channels: number): Conclusion[] {
  const conclusions: Conclusion[] = [];
  const all = findings.length;
  const say = (kind: Conclusion['kind'], channel: number, other: number | null, models = all) =>
    conclusions.push({ kind, channel, other, models });
  if (all === 0) return conclusions;
  const leaders = new Set(findings.map(({ revenue }) => leaderOf(revenue)));
  const [leader] = leaders;
  if (leaders.size === 1 && leader! >= 0 && channels > 1) say('most_revenue', leader!, null);
  for (let channel = 0; channel < channels; channel++) {
    if (findings.every(({ roas }) => roas[channel]!.low > 1)) say('earns_its_spend', channel, null);
    if (findings.every(({ roas }) => roas[channel]!.high < 1)) say('below_its_spend', channel, null);
  }
  for (let first = 0; first < channels; first++) {
    for (let second = first + 1; second < channels; second++) {
      const forFirst = findings.filter(({ ahead }) => ahead.has(first * channels + second)).length;
      const forSecond = findings.filter(({ ahead }) => ahead.has(second * channels + first)).length;
      if (forFirst === all) say('ahead', first, second);
      else if (forSecond === all) say('ahead', second, first);
      else if (forFirst > 0 && forSecond > 0)
        say(
          'depends_on_model',
          forFirst >= forSecond ? first : second,
          forFirst >= forSecond ? second : first,
          Math.max(forFirst, forSecond),
        );
      else if (forFirst + forSecond === 0) say('never_distinguishable', first, second);
    }
  }
  return conclusions;
}

/** The channel with more revenue than every other; -1 where several have the most. */
function leaderOf(revenue: Float64Array): number {
  const most = revenue.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const leader = revenue.indexOf(most);
  return revenue.lastIndexOf(most) === leader ? leader : -1;
}
