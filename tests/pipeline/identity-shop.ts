import type { Records, TemporaryShop } from '../temporary-shop.ts';
import { seedText } from './seed-file.ts';

/** Records of a small shop in Rome; times are days of March 2025, at ten in the morning UTC. */
export const at = (day: number, hour = 10): string =>
  `2025-03-${String(day).padStart(2, '0')}T${String(hour).padStart(2, '0')}:00:00Z`;

export const stores = [{ store_id: 's1', time_zone: 'Europe/Rome', currency: 'EUR', country: 'IT' }];

export const view = (event_id: string, day: number, who: object, hour = 10) => ({
  event_id,
  event: 'Product Viewed',
  occurred_at: at(day, hour),
  sku: 'A1',
  ...who,
});
export const touch = (touch_id: string, day: number, who: object) => ({
  touch_id,
  occurred_at: at(day),
  touch_type: 'click',
  utm_source: 'news',
  utm_medium: 'email',
  ...who,
});
export const order = (order_id: string, day: number, amount: string, who: object) => ({
  order_id,
  occurred_at: at(day, 12),
  currency: 'EUR',
  lines: [{ sku: 'A1', amount }],
  ...who,
});
export const receipt = (receipt_id: string, day: number, amount: string, who: object) => ({
  receipt_id,
  store_id: 's1',
  occurred_at: at(day, 12),
  lines: [{ sku: 'A1', amount }],
  ...who,
});
export const visit = (visit_id: string, day: number, who: object) => ({
  visit_id,
  store_id: 's1',
  entered_at: at(day, 11),
  ...who,
});
export const word = (day: number, consent: string, who: object) => ({
  occurred_at: at(day),
  consent,
  ...who,
});

/** Gives records that must all be taken, and builds. */
export async function giveAndBuild(shop: TemporaryShop, records: Records): Promise<void> {
  for (const { rejected, waiting, source } of await shop.give({ stores, ...records }))
    if (Object.keys(rejected).length > 0 || waiting > 0)
      throw new Error(`${source}: rejected ${JSON.stringify(rejected)}, waiting ${waiting}`);
  await shop.shop.build();
}

/** Events, contacts, visits and documents with their persons, by the name that the sender gave them. */
export async function personsOf(shop: TemporaryShop): Promise<Map<string, Record<string, unknown>>> {
  const rows = await shop.ask(`
    SELECT event_id AS name, person_id, person_id_now, person_id_then, device_id FROM web_events
    UNION ALL SELECT touch_name, person_id, person_id_now, person_id_then, NULL FROM touches
    UNION ALL SELECT visit_id, person_id, person_id_now, person_id_then, NULL FROM store_visits
    UNION ALL SELECT document_id, person_id, person_id_now, person_id_then, NULL FROM sale_persons`);
  return new Map(rows.map(({ name, ...row }) => [String(name).split('/').at(-1)!, row]));
}

const LIMITS = 'limit_name:varchar,kind:varchar,counted:varchar,most:bigint,meaning:varchar';
const RULES =
  'rule_id:varchar,rule:varchar,identifier_key:varchar,other_key:varchar,reason:varchar,made_at:varchar';

/** Writes the shop's own limits. */
export const setLimits = (shop: TemporaryShop, ...rows: string[]) =>
  seedText(shop, 'identity_limits.csv', [LIMITS, ...rows, ''].join('\n'));
/** Writes the shop's manual rules. */
export const setRules = (shop: TemporaryShop, ...rows: string[]) =>
  seedText(shop, 'identity_rules.csv', [RULES, ...rows, ''].join('\n'));

/** One column of the buckets of a model. */
export async function bucketsOf(shop: TemporaryShop): Promise<Record<string, number>> {
  const rows = await shop.ask(
    "SELECT bucket || ' ' || reason AS place, revenue_minor FROM reconciliation WHERE model = 'linear'",
  );
  return Object.fromEntries(rows.map(({ place, revenue_minor }) => [String(place), Number(revenue_minor)]));
}
