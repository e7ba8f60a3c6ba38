import { DAY } from '../demo/calendar.ts';
import type { WorldRun } from '../demo/worlds/simulate-world.ts';
import type { Dimensions, JourneyRows } from '../domain/attribution/journeys.ts';
import type { CreditedRows, HazardJourneys } from '../domain/attribution/model-replicates.ts';
import type { PathCounts } from '../domain/attribution/paths.ts';
import { worldHazard } from './hazard-journeys.ts';
import { LOOKBACK_STEPS, lookBack, NULL_PATH_GAP_DAYS, type OrderPaths } from './look-back.ts';
import { RULES, type Rule, ruleCredits } from './rule-credits.ts';

/** A world as the models see it, without files and tables: what a build would hand to them. Money in cents. */
export interface WorldJourneys {
  dimensions: Dimensions;
  /** Distinct paths of channels, by their numbers in the world. */
  paths: PathCounts;
  rows: JourneyRows;
  credited: Record<Rule, CreditedRows>;
  hazard: HazardJourneys;
  /** By channel. */
  spend: Float64Array;
}

/** Half-life of the additive hazard and of time_decay, as sql/seeds/attribution_models.csv has it. */
export const HALF_LIFE_DAYS = 7;

/** Every journey of a world, exactly as the build would find it; a test holds the two together. */
export function worldJourneys(run: WorldRun): WorldJourneys {
  const orderPaths = lookBack(run);
  const { channels } = run.world;
  const spend = new Float64Array(channels.length);
  for (const channel of run.touchChannel) spend[channel]! += channels[channel]!.touchCost;
  return {
    dimensions: { persons: run.persons, channels: channels.length, currencies: 1 },
    ...pathsAndRows(run, orderPaths),
    credited: Object.fromEntries(
      RULES.map((rule) => [rule, ruleCredits(run, orderPaths, rule, HALF_LIFE_DAYS)]),
    ) as Record<Rule, CreditedRows>,
    hazard: worldHazard(run, orderPaths, HALF_LIFE_DAYS),
    spend,
  };
}

const CONVERTS = 0;
const CONVERTS_NOT = -1;

function pathsAndRows(run: WorldRun, orderPaths: OrderPaths): Pick<WorldJourneys, 'paths' | 'rows'> {
  const numbers = new Map<string, number>();
  const [conversions, nulls, values]: [number[], number[], number[]] = [[], [], []];
  const rows: [person: number, path: number, currency: number, net: number][] = [];
  const add = (person: number, touches: Uint16Array, currency: number, net: number) => {
    const key = String.fromCharCode(...touches);
    const path = numbers.get(key) ?? numbers.size;
    if (path === numbers.size) {
      numbers.set(key, path);
      for (const sums of [conversions, nulls, values]) sums.push(0);
    }
    conversions[path]! += currency === CONVERTS ? 1 : 0;
    nulls[path]! += currency === CONVERTS ? 0 : 1;
    values[path]! += net;
    rows.push([person, path, currency, net]);
  };
  for (const [order, person] of orderPaths.person.entries()) {
    const touches = run.touchChannel.subarray(orderPaths.first[order], orderPaths.end[order]);
    if (touches.length > 0) add(person, touches, CONVERTS, run.orderCents[order]!);
  }
  for (const { person, touches } of journeysWithout(run, orderPaths)) add(person, touches, CONVERTS_NOT, 0);
  const keys = [...numbers.keys()];
  const starts = new Int32Array(keys.length + 1);
  for (const [path, key] of keys.entries()) starts[path + 1] = starts[path]! + key.length;
  const whole = keys.join('');
  return {
    paths: {
      channels: run.world.channels.map(({ name }) => name),
      starts,
      steps: Uint16Array.from({ length: whole.length }, (_, at) => whole.charCodeAt(at)),
      conversions: Float64Array.from(conversions),
      nulls: Float64Array.from(nulls),
      values: Float64Array.from(values),
    },
    rows: {
      person: Int32Array.from(rows, ([person]) => person),
      path: Int32Array.from(rows, ([, path]) => path),
      currency: Int32Array.from(rows, ([, , currency]) => currency),
      net: Float64Array.from(rows, ([, , , net]) => net),
    },
  };
}

/** Journeys that led to no purchase and may no longer, as sql/journeys/paths_to_non_conversion.sql finds them. */
function* journeysWithout(
  { persons, touchStarts, touchAt, touchChannel }: WorldRun,
  { first, end }: OrderPaths,
): Generator<{ person: number; touches: Uint16Array }> {
  const gap = NULL_PATH_GAP_DAYS * DAY;
  const used = new Uint8Array(touchAt.length);
  for (const [order, from] of first.entries()) used.fill(1, from, end[order]);
  const observedUntil = touchAt.reduce((latest, at) => Math.max(latest, at), 0);
  for (let person = 0; person < persons; person++) {
    let journey: number[] = [];
    const closed = (): boolean => journey.length > 0 && observedUntil - touchAt[journey.at(-1)!]! >= gap;
    const steps = () => Uint16Array.from(journey.slice(-LOOKBACK_STEPS), (touch) => touchChannel[touch]!);
    for (let touch = touchStarts[person]!; touch < touchStarts[person + 1]!; touch++) {
      if (used[touch] === 1) continue;
      if (journey.length > 0 && touchAt[touch]! - touchAt[journey.at(-1)!]! > gap) {
        yield { person, touches: steps() };
        journey = [];
      }
      journey.push(touch);
    }
    if (closed()) yield { person, touches: steps() };
  }
}
