import type { Row } from '../../lib/ports.ts';
import type { Ask } from './model-journeys.ts';

/**
 * Row-level credit of the data-driven models once more, in plain words: from the paths and from what the models found
 * channels to be worth.
 */
export type Transform = 'unique' | 'exposure' | 'first' | 'remove_if_last_and_not_all' | 'remove_if_not_all';

export interface Step {
  touch_id: string;
  channel: string;
  campaign: string;
  /** The campaign, or what it counts to where it is one of too many. */
  campaignGroup: string;
  at: number;
  convertedAt: number;
}

/** Paths of purchases, oldest touchpoint first. */
export async function pathsOf(ask: Ask): Promise<Map<string, Step[]>> {
  const rows = await ask(
    `SELECT s.conversion_id, s.touch_id, s.channel, s.campaign, c.campaign_group, s.touched_at, s.converted_at
     FROM path_steps s JOIN channel_campaigns c ON c.channel = s.channel AND c.campaign = s.campaign
     ORDER BY s.conversion_id, s.position`,
  );
  const paths = new Map<string, Step[]>();
  for (const row of rows) {
    const id = String(row.conversion_id);
    const path = paths.get(id) ?? [];
    paths.set(id, path);
    path.push({
      touch_id: String(row.touch_id),
      channel: String(row.channel),
      campaign: String(row.campaign),
      campaignGroup: String(row.campaign_group),
      at: Date.parse(String(row.touched_at)),
      convertedAt: Date.parse(String(row.converted_at)),
    });
  }
  return paths;
}

/** Which touchpoints of a path a model sees, as far as a transform leaves some out. */
export function seen(channels: readonly string[], transform: Transform): boolean[] {
  const last = channels.findLastIndex((channel) => channel !== 'Direct');
  if (last < 0) return channels.map(() => true);
  if (transform === 'remove_if_not_all') return channels.map((channel) => channel !== 'Direct');
  if (transform === 'remove_if_last_and_not_all') return channels.map((_, place) => place <= last);
  return channels.map(() => true);
}

interface Model {
  model: string;
  basis: string;
  level: string;
  halfLife: number;
}

/** Each touchpoint's share of a purchase. */
function sharesOf(model: Model, worth: (step: Step) => number, path: readonly Step[], transform: Transform) {
  const isSeen = seen(
    path.map(({ channel }) => channel),
    // The additive hazard sees every touchpoint with its time.
    model.basis === 'additive_hazard' ? 'unique' : transform,
  );
  const groupOf = ({ channel, campaignGroup }: Step) =>
    model.level === 'campaign' && model.basis !== 'additive_hazard'
      ? `${channel}\n${campaignGroup}`
      : channel;
  const counted = path.filter((_, place) => isSeen[place]);
  const groups = new Set(counted.map(groupOf));
  const worthOf = new Map(counted.map((step) => [groupOf(step), Math.max(0, worth(step))]));
  const isWorthless = [...worthOf.values()].every((value) => value === 0);
  const last = Math.max(...path.map((step) => step.at));
  const weights = path.map((step, place) => {
    if (!isSeen[place]) return 0;
    const value = isWorthless ? 1 : worthOf.get(groupOf(step))!;
    if (model.basis === 'additive_hazard')
      return value * 2 ** (-Math.floor((last - step.at) / 1000) / (86_400 * model.halfLife));
    return value / counted.filter((other) => groupOf(other) === groupOf(step)).length;
  });
  if (model.basis === 'shapley')
    return path.map((step, place) =>
      isSeen[place]
        ? 1 / groups.size / counted.filter((other) => groupOf(other) === groupOf(step)).length
        : 0,
    );
  const total = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / total);
}

export interface CreditCheck {
  /** Purchases x models that were compared. */
  compared: number;
  /** The largest difference of a share from what it must be, and where. */
  worst: number;
  where: string;
  /** Purchases whose shares or revenue do not sum to the whole. */
  unequal: string[];
}

/** Compares every share in `credits` of the data-driven models with the plain words above. */
export async function checkFittedCredit(ask: Ask, transform: Transform): Promise<CreditCheck> {
  const paths = await pathsOf(ask);
  const models = (
    await ask(
      `SELECT m.model, m.basis, m.level, s.half_life_days FROM fitted_models m
       JOIN seed_attribution_models s ON s.model = m.model WHERE m.method <> 'rule'`,
    )
  ).map(
    (row): Model => ({
      model: String(row.model),
      basis: String(row.basis),
      level: String(row.level),
      halfLife: Number(row.half_life_days),
    }),
  );
  const worth = new Map(
    (await ask('SELECT model, channel, campaign, value FROM channel_values')).map((row) => [
      [row.model, row.channel, row.campaign].join('\n'),
      Number(row.value),
    ]),
  );
  const credits = new Map<string, Row[]>();
  for (const row of await ask(
    "SELECT model, conversion_id, position, share_billionths, revenue_minor FROM credits WHERE booking_kind = 'sale'",
  )) {
    const key = `${row.model} ${row.conversion_id}`;
    credits.set(key, [...(credits.get(key) ?? []), row]);
  }
  const revenue = new Map(
    (await ask('SELECT conversion_id, revenue_minor FROM conversions')).map((row) => [
      String(row.conversion_id),
      Number(row.revenue_minor),
    ]),
  );
  const check: CreditCheck = { compared: 0, worst: 0, where: '', unequal: [] };
  for (const model of models) {
    const worthOf = ({ channel, campaignGroup }: Step) =>
      worth.get([model.model, channel, campaignGroup].join('\n')) ??
      worth.get([model.model, channel, null].join('\n')) ??
      Number.NaN;
    for (const [id, path] of paths) {
      const rows = credits.get(`${model.model} ${id}`) ?? [];
      const sum = (name: string) => rows.reduce((total, row) => total + Number(row[name]), 0);
      if (sum('share_billionths') !== 1e9 || sum('revenue_minor') !== revenue.get(id))
        check.unequal.push(`${model.model} ${id}`);
      for (const [place, share] of sharesOf(model, worthOf, path, transform).entries()) {
        const row = rows.find(({ position }) => position === place + 1);
        const difference = Math.abs(Number(row?.share_billionths ?? 0) / 1e9 - share);
        const cents = Math.abs(Number(row?.revenue_minor ?? 0) - share * revenue.get(id)!);
        if (cents > 1.01) check.unequal.push(`${model.model} ${id} cents of position ${place + 1}`);
        if (!(difference <= check.worst)) {
          check.worst = difference;
          check.where = `${model.model} ${id} position ${place + 1}: ${row?.share_billionths} for ${share}`;
        }
      }
      check.compared += 1;
    }
  }
  return check;
}
