import { fitAdditiveHazard } from '../../lib/domain/attribution/additive-hazard.ts';
import { countTransitions, indexChain } from '../../lib/domain/attribution/markov-chain.ts';
import { removalEffects } from '../../lib/domain/attribution/removal-effects.ts';
import {
  indexSets,
  shapleyConversions,
  shapleyRate,
  sumBySet,
} from '../../lib/domain/attribution/shapley.ts';
import { pathTable, type Row } from '../domain/attribution/path-table.ts';
import { pathsOf, type Step, seen, type Transform } from './fitted-credit.ts';
import type { Ask } from './model-journeys.ts';

/** What the models are fitted on, worked out anew from touchpoints and purchases, by default settings. */
const DAY = 86_400_000;

interface Touchpoint extends Step {
  person: string;
}

async function touchpointsOf(ask: Ask): Promise<Map<string, Touchpoint[]>> {
  const byPerson = new Map<string, Touchpoint[]>();
  for (const row of await ask(
    `SELECT person_id, touch_id, channel, campaign, touched_at FROM touchpoints
     WHERE person_id IS NOT NULL ORDER BY person_id, touched_at, touch_id`,
  )) {
    const person = String(row.person_id);
    const list = byPerson.get(person) ?? [];
    byPerson.set(person, list);
    list.push({
      person,
      touch_id: String(row.touch_id),
      channel: String(row.channel),
      campaign: String(row.campaign),
      campaignGroup: String(row.campaign),
      at: Date.parse(String(row.touched_at)),
      convertedAt: Number.NaN,
    });
  }
  return byPerson;
}

/** Journeys without purchase that are closed: no touchpoint of theirs on a path, no break of more than 30 days. */
async function nullPaths(ask: Ask): Promise<Step[][]> {
  const used = new Set([...(await pathsOf(ask)).values()].flat().map(({ touch_id }) => touch_id));
  const touchpoints = await touchpointsOf(ask);
  const [horizon] = await ask('SELECT max(touched_at) AS until FROM touchpoints');
  const until = Date.parse(String(horizon!.until));
  const closed: Step[][] = [];
  for (const all of touchpoints.values()) {
    let journey: Step[] = [];
    const end = () => {
      if (journey.length > 0 && until - journey.at(-1)!.at >= 30 * DAY) closed.push(journey.slice(-50));
      journey = [];
    };
    for (const touch of all.filter(({ touch_id }) => !used.has(touch_id))) {
      if (journey.length > 0 && touch.at - journey.at(-1)!.at > 30 * DAY) end();
      journey.push(touch);
    }
    end();
  }
  return closed;
}

/** Aggregated paths as a model sees them, channels without a path included. */
export async function modelPaths(ask: Ask, level: 'channel' | 'campaign', transform: Transform) {
  const name = ({ channel, campaign }: Step) => (level === 'channel' ? channel : `${channel} / ${campaign}`);
  const rows = new Map<string, [number, number]>();
  const add = (steps: readonly Step[], end: 0 | 1) => {
    const isSeen = seen(
      steps.map(({ channel }) => channel),
      transform,
    );
    let names = steps.filter((_, place) => isSeen[place]).map(name);
    if (transform === 'exposure') names = names.filter((one, place) => one !== names[place - 1]);
    if (transform === 'first') names = [...new Set(names)];
    const key = names.join(' > ');
    const row = rows.get(key) ?? [0, 0];
    row[end] += 1;
    rows.set(key, row);
  };
  for (const path of (await pathsOf(ask)).values()) add(path, 0);
  for (const path of await nullPaths(ask)) add(path, 1);
  const everyone = [...(await touchpointsOf(ask)).values()].flat().map(name);
  return pathTable(
    Array.from(rows, ([path, [won, lost]]): Row => [path, won, lost]),
    [...new Set(everyone)],
  );
}

/** What a model by paths finds each of its groups to be worth. */
export async function refittedValues(
  ask: Ask,
  { basis, level, order }: { basis: string; level: 'channel' | 'campaign'; order: number },
  transform: Transform,
): Promise<Map<string, number>> {
  const paths = await modelPaths(ask, level, transform);
  const sets = indexSets(paths);
  const journeys = paths.conversions.map((won, path) => won + paths.nulls[path]!);
  const conversionsBySet = sumBySet(sets, paths.conversions);
  let values: Float64Array;
  if (basis === 'markov') {
    const index = indexChain(paths, order);
    values = removalEffects(index, countTransitions(index, paths.conversions, paths.nulls)).effects;
  } else if (basis === 'shapley') values = shapleyConversions(sets, conversionsBySet);
  else
    values = shapleyRate(sets, conversionsBySet, sumBySet(sets, journeys), {
      seed: 1,
      permutations: 1000,
    }).values;
  return new Map(paths.channels.map((channel, at) => [channel, values[at]!]));
}

/** Purchases per touchpoint by the additive hazard, and the part of purchases that the base rate explains. */
export async function refittedHazard(ask: Ask, halfLife: number, lookbackDays = 30) {
  const touchpoints = await touchpointsOf(ask);
  const paths = await pathsOf(ask);
  const bought = (
    await ask(
      `SELECT conversion_id, person_id, converted_at FROM conversions
       WHERE person_id IS NOT NULL ORDER BY conversion_id`,
    )
  ).map((row) => ({
    id: String(row.conversion_id),
    person: String(row.person_id),
    at: Date.parse(String(row.converted_at)),
  }));
  const channels = [...new Set([...touchpoints.values()].flat().map(({ channel }) => channel))].sort();
  const seconds = (from: number, to: number) => Math.floor((to - from) / 1000);
  const all = [...touchpoints.values()].flat();
  const [last] = await ask(
    'SELECT max(t) AS until FROM (SELECT max(touched_at) AS t FROM touchpoints UNION ALL SELECT max(converted_at) FROM conversions) u',
  );
  const until = Date.parse(String(last!.until));
  const days = (from: number) => (seconds(from, until) + 1) / 86_400;
  const exposures = new Float64Array(channels.length);
  for (const touch of all)
    exposures[channels.indexOf(touch.channel)]! +=
      (halfLife / Math.LN2) * (1 - 2 ** (-Math.min(lookbackDays, days(touch.at)) / halfLife));
  let baselineExposure = 0;
  for (const list of touchpoints.values()) baselineExposure += days(list[0]!.at);
  const starts = [0];
  const channel: number[] = [];
  const kernel: number[] = [];
  for (const { id, person, at } of bought) {
    const first = touchpoints.get(person)?.[0];
    if (!first || first.at > at) continue;
    const left = new Map<number, number>();
    for (const step of paths.get(id) ?? []) {
      const number = channels.indexOf(step.channel);
      left.set(number, (left.get(number) ?? 0) + 2 ** (-seconds(step.at, at) / (86_400 * halfLife)));
    }
    for (const [number, amount] of [...left].sort(([a], [b]) => a - b)) {
      channel.push(number);
      kernel.push(amount);
    }
    starts.push(channel.length);
  }
  const data = {
    channels: channels.length,
    starts: Int32Array.from(starts),
    channel: Uint16Array.from(channel),
    kernel: Float64Array.from(kernel),
    exposures,
    baselineExposure,
  };
  const fit = fitAdditiveHazard(data, { tolerance: 1e-10, maxIterations: 2000 });
  return {
    conversions: starts.length - 1,
    baselineShare: (fit.baseline * baselineExposure) / (starts.length - 1),
    values: new Map(channels.map((name, at) => [name, (fit.rates[at]! * halfLife) / Math.LN2])),
    explained: new Map(channels.map((name, at) => [name, fit.rates[at]! * exposures[at]!])),
  };
}
