import { openReader } from '../../lib/adapters/embedded/reader.ts';
import type { Row } from '../../lib/ports.ts';
import type { Records, TemporaryShop } from '../temporary-shop.ts';
import { seedText } from './seed-file.ts';

/** Journeys in a few words, as the records that a shop delivers. */
const DAY = 86_400_000;
const START = Date.UTC(2025, 0, 1);

/** Days after the first of January 2025, with parts of days. */
export const at = (day: number) => new Date(START + Math.round(day * DAY)).toISOString();

export type Touch = readonly [day: number, channel: string, campaign?: string];
export type Order = readonly [day: number, amount: string, currency?: string, givenBack?: string | undefined];
export interface Person {
  name: string;
  touches: readonly Touch[];
  orders?: readonly Order[];
}

/** Touches, orders and refunds; ids follow from the person's name and the place in the list. */
export function recordsOf(people: readonly Person[]): Records {
  const orders = people.flatMap(({ name, orders = [] }) =>
    orders.map(([day, amount, currency = 'EUR', givenBack], n) => ({
      id: `${name}-${n}`,
      day,
      amount,
      currency,
      givenBack,
      name,
    })),
  );
  return {
    touches: people.flatMap(({ name, touches }) =>
      touches.map(([day, channel, campaign], n) => ({
        touch_id: `${name}-${n}`,
        occurred_at: at(day),
        touch_type: 'click',
        channel,
        customer_id: name,
        ...(campaign === undefined ? {} : { utm_source: 's', utm_medium: 'm', utm_campaign: campaign }),
      })),
    ),
    orders: orders.map(({ id, day, amount, currency, name }) => ({
      order_id: id,
      occurred_at: at(day),
      currency,
      customer_id: name,
      lines: [{ amount }],
    })),
    refunds: orders
      .filter(({ givenBack }) => givenBack !== undefined)
      .map(({ id, day, currency, givenBack }) => ({
        refund_id: id,
        order_id: id,
        occurred_at: at(day + 1),
        currency,
        amount: givenBack,
      })),
  };
}

/** Ends the data so late that every earlier journey without a purchase is closed. */
export const latecomer = (channel: string, day = 120): Person => ({
  name: 'latecomer',
  touches: [[day, channel]],
});

/** The shop's own settings, by name. */
export function settings(shop: Pick<TemporaryShop, 'root'>, values: Record<string, string | number>): void {
  const shown = { min_persons: 1, min_persons_outside: 1, ...values };
  const rows = Object.entries(shown).map(([name, value]) => `${name},${value},,`);
  seedText(
    shop,
    'settings.csv',
    ['name:varchar,value:varchar,unit:varchar,meaning:varchar', ...rows, ''].join('\n'),
  );
}

const MODEL_COLUMNS =
  'model:varchar,basis:varchar,first_weight:double,middle_weight:double,last_weight:double,half_life_days:double,skips_direct:boolean,is_enabled:boolean,meaning:varchar,level:varchar,markov_order:bigint';

/** The shop's own rows of attribution_models, with all columns. */
export const models = (shop: Pick<TemporaryShop, 'root'>, ...rows: string[]) =>
  seedText(shop, 'attribution_models.csv', [MODEL_COLUMNS, ...rows, ''].join('\n'));

export const RULES: Record<string, string> = {
  first_touch: 'ends,1,0,0,,false',
  last_touch: 'ends,0,0,1,,false',
  last_non_direct: 'ends,0,0,1,,true',
  linear: 'even,,,,,false',
  position_based: 'ends,40,20,40,,false',
  j_shaped: 'ends,20,20,60,,false',
  inverse_j: 'ends,60,20,20,,false',
  time_decay: 'decay,,,,7,false',
};
export const DATA_DRIVEN: Record<string, string> = {
  markov: 'markov,,,,,false',
  markov_campaign: 'markov,,,,,false',
  shapley: 'shapley,,,,,false',
  shapley_rate: 'shapley_rate,,,,,false',
  additive_hazard: 'additive_hazard,,,,7,false',
};

/** Rows that switch models off. */
export const off = (rows: Record<string, string>) =>
  Object.entries(rows).map(([model, row]) => `${model},${row},false,off,,`);

/** 700 campaigns of two channels, each met by a few people in an order of their own; every fourth person buys. */
export const manyCampaigns: readonly Person[] = Array.from({ length: 350 }, (_, n): Person => {
  const campaigns = [2 * n, 2 * n + 1, n * n, 3 * n + 7, 7 * n + 1, 11 * n + 5, 13 * n + 2].map(
    (k) => k % 700,
  );
  return {
    name: `p${n}`,
    touches: campaigns.map((k, place) => [place + n / 1000, `C${k % 2}`, `campaign ${k}`] as const),
    ...(n % 4 === 0
      ? { orders: [[8, `${n + 1}.34`, 'EUR', n % 8 === 0 ? '0.50' : undefined] as const] }
      : {}),
  };
});

export const CHANNELS = ['Direct', 'Mail', 'Search', 'Social'];

/** A hundred people on paths of one to four channels; Search is on most of those that buy, Mail never alone. */
export const hundred = (prefix: string): Person[] =>
  Array.from({ length: 100 }, (_, n): Person => {
    const length = 1 + (n % 4);
    const touches = Array.from({ length }, (_, place) => {
      const channel =
        n % 5 === 0 && place === 0 ? 'Search' : CHANNELS[(n * 7 + place * place * 3 + place) % 4]!;
      return [place + n / 500, channel] as const;
    });
    const last = touches.at(-1)![1] === 'Direct' && length === 1 ? 'Search' : touches.at(-1)![1];
    const path = [...touches.slice(0, -1), [touches.at(-1)![0], last] as const];
    const hasSearch = path.some(([, channel]) => channel === 'Search');
    const buys = n % 5 === 0 || (hasSearch && n % 3 === 0) || n % 11 === 0;
    const currency = n % 10 === 3 ? 'CHF' : 'EUR';
    return {
      name: `${prefix}${n}`,
      touches: path,
      ...(buys
        ? {
            orders: [[5, `${20 + ((n * 13) % 50)}.37`, currency, n % 20 === 0 ? '9.99' : undefined] as const],
          }
        : {}),
    };
  });

export type Ask = (select: string) => Promise<Row[]>;

/** Many questions to one published build. */
export async function withReader<T>({ shop }: TemporaryShop, run: (ask: Ask) => Promise<T>): Promise<T> {
  const reader = await openReader(shop.directory);
  try {
    const published = (await reader.published())!;
    return await run((select) => published.query(select));
  } finally {
    reader.close();
  }
}
