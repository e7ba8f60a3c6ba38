import { rankCorrelation } from './rank-correlation.ts';

/** What a model, or a yardstick beside the models, says that each channel of a world is worth. */
export interface Contestant {
  name: string;
  /** A yardstick is no model: spend, equal shares, or what only the simulation knows. */
  kind: 'model' | 'yardstick';
  /** Revenue by channel of the world, in minor units. */
  credited: readonly number[];
}

/** A world's truth, as the league needs it. Money in minor units. */
export interface WorldTruth {
  channels: readonly string[];
  /** Expected incremental revenue by channel: of the orders that its touches cause. */
  incremental: readonly number[];
  /** Expected revenue that would be missing without each channel; differs where channels need each other. */
  losses: readonly number[];
  /** All revenue of the world, whatever its cause. */
  revenue: number;
}

export interface Standing {
  name: string;
  kind: Contestant['kind'];
  /** Part of the credit that stands at the wrong channel, 0 to 1; null where there is no true share, or no credit. */
  error: number | null;
  /** The same against the shares of what would be missing without each channel. */
  lossError: number | null;
  /** Spearman's, of credited and incremental revenue over the channels. */
  rankCorrelation: number | null;
  /** Credited / incremental revenue; 1 is right, Infinity is all of it, null is no credit where none was due. */
  overstatement: number | null;
  /** Part of all revenue that is credited to channels. */
  creditedPart: number;
  /** Credited minus true share by channel, -1 to 1; null where there is no true share, or no credit. */
  bias: number[] | null;
}

const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);

/** Compares what contestants credit with what is true; best first, those without an error by overstatement. */
export function standings(truth: WorldTruth, contestants: readonly Contestant[]): Standing[] {
  return contestants.map((contestant) => standing(truth, contestant)).sort(byMerit);
}

function standing(truth: WorldTruth, { name, kind, credited }: Contestant): Standing {
  if (credited.length !== truth.channels.length)
    throw new RangeError(
      `${name} credits ${credited.length} channels; the world has ${truth.channels.length}`,
    );
  const incremental = total(truth.incremental);
  const given = total(credited);
  const bias = shareDifferences(credited, truth.incremental);
  return {
    name,
    kind,
    error: misallocated(bias),
    lossError: misallocated(shareDifferences(credited, truth.losses)),
    rankCorrelation: bias && rankCorrelation(credited, truth.incremental),
    overstatement: incremental > 0 ? given / incremental : given > 0 ? Number.POSITIVE_INFINITY : null,
    creditedPart: truth.revenue > 0 ? given / truth.revenue : 0,
    bias,
  };
}

/** Share of the one minus share of the other, by channel; null where one of them is nothing. */
function shareDifferences(one: readonly number[], other: readonly number[]): number[] | null {
  const [all, allOther] = [total(one), total(other)];
  if (all <= 0 || allOther <= 0) return null;
  return one.map((value, channel) => value / all - other[channel]! / allOther);
}

/** What would have to move for the shares to be right: half the sum of the differences, as each is counted twice. */
const misallocated = (differences: readonly number[] | null) =>
  differences && total(differences.map(Math.abs)) / 2;

const inOrder = (a: number | null, b: number | null) =>
  (a ?? Number.POSITIVE_INFINITY) === (b ?? Number.POSITIVE_INFINITY)
    ? 0
    : (a ?? Number.POSITIVE_INFINITY) - (b ?? Number.POSITIVE_INFINITY);

const byMerit = (a: Standing, b: Standing) =>
  inOrder(a.error, b.error) ||
  a.creditedPart - b.creditedPart ||
  (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);

export interface OverallStanding {
  name: string;
  kind: Contestant['kind'];
  /** Mean over the worlds that have a true share; the world where it is worst, and how bad it is there. */
  meanError: number | null;
  worstError: number | null;
  worstWorld: string | null;
  meanRankCorrelation: number | null;
  /** Geometric mean over the worlds that have incremental revenue: twice too much and half of it cancel out. */
  meanOverstatement: number | null;
  /** Part of all revenue credited where nothing worked; null when no such world was run. */
  creditedInNull: number | null;
}

/** How contestants did over several worlds, best mean error first. A contestant missing in a world is left out there. */
export function overall(
  worlds: readonly { world: string; standings: readonly Standing[] }[],
): OverallStanding[] {
  const names = [...new Set(worlds.flatMap(({ standings: all }) => all.map(({ name }) => name)))];
  const rows = names.map((name): OverallStanding => {
    const all = worlds.flatMap(({ world, standings: rows }) =>
      rows.filter((row) => row.name === name).map((row) => ({ world, ...row })),
    );
    const withError = all.flatMap((row) =>
      row.error === null ? [] : [{ world: row.world, error: row.error }],
    );
    const worst = withError.reduce<{ world: string; error: number } | null>(
      (found, row) => (found === null || row.error > found.error ? row : found),
      null,
    );
    const factors = all.flatMap(({ overstatement }) =>
      overstatement !== null && Number.isFinite(overstatement) && overstatement > 0 ? [overstatement] : [],
    );
    const inNull = all.filter(
      ({ overstatement }) => overstatement === null || overstatement === Number.POSITIVE_INFINITY,
    );
    return {
      name,
      kind: all[0]!.kind,
      meanError: meanOf(withError.map(({ error }) => error)),
      worstError: worst?.error ?? null,
      worstWorld: worst?.world ?? null,
      meanRankCorrelation: meanOf(all.flatMap(({ rankCorrelation: r }) => (r === null ? [] : [r]))),
      meanOverstatement:
        factors.length === 0 ? null : Math.exp(total(factors.map(Math.log)) / factors.length),
      creditedInNull: meanOf(inNull.map(({ creditedPart }) => creditedPart)),
    };
  });
  return rows.sort(
    (a, b) =>
      inOrder(a.meanError, b.meanError) ||
      inOrder(a.creditedInNull, b.creditedInNull) ||
      (a.name < b.name ? -1 : 1),
  );
}

const meanOf = (values: readonly number[]) => (values.length === 0 ? null : total(values) / values.length);
