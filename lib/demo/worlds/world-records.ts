import type { Order, Receipt, Spend, Touch } from '../../domain/contract/index.ts';
import { DAY } from '../calendar.ts';
import { euros } from '../catalogue.ts';
import { WORLD_START } from './arrivals.ts';
import { GOODS, ONE_LINE } from './goods.ts';
import { CAMPAIGNS } from './media.ts';
import { BASELINE, type WorldRun } from './simulate-world.ts';
import { WORLD_DAYS } from './world.ts';

/** What a world's systems would send, in the words of the contracts. All persons are known by their account. */

export const WORLD_STORE = {
  store_id: 'W1',
  name: 'The only store',
  region: 'Anywhere',
  time_zone: 'Europe/Rome',
  currency: 'EUR',
  country: 'IT',
};

export const productRecords = () =>
  GOODS.map(({ sku, name, category, cents }) => ({
    sku,
    product_id: sku,
    category,
    name,
    unit_cost: euros(Math.round(cents * 0.55)),
    currency: 'EUR',
  }));

const iso = (at: number) => new Date(at).toISOString();
const numbered = (letter: string, number: number) => `${letter}${String(number + 1).padStart(7, '0')}`;

/** The person of each touch or order, from where each person's begin. */
export function ownersOf(starts: Int32Array): Int32Array {
  const owners = new Int32Array(starts[starts.length - 1]!);
  for (let person = 0; person + 1 < starts.length; person++)
    owners.fill(person, starts[person], starts[person + 1]);
  return owners;
}

/** Numbers of events in the order of their times, as systems write them down. */
export const inTime = (at: Float64Array): Int32Array =>
  Int32Array.from(at, (_, number) => number).sort((a, b) => at[a]! - at[b]! || a - b);

export function touchRecord(run: WorldRun, touch: number, person: number): Touch {
  const channel = run.world.channels[run.touchChannel[touch]!]!;
  const campaign = CAMPAIGNS[run.touchCampaign[touch]!]!;
  return {
    touch_id: numbered('t', touch),
    occurred_at: iso(run.touchAt[touch]!),
    touch_type: channel.touchType,
    channel: channel.name,
    utm_source: channel.source,
    utm_medium: channel.medium,
    utm_campaign: campaignName(channel.name, campaign),
    customer_id: numbered('c', person),
    consent: 'granted',
  };
}

/** "paid-search-spring": a campaign belongs to one channel. */
const campaignName = (channel: string, campaign: string) =>
  `${channel.toLowerCase().replaceAll(' ', '-')}-${campaign}`;

function document(run: WorldRun, order: number, person: number) {
  const goods = [run.orderGoods[2 * order]!, run.orderGoods[2 * order + 1]!].filter(
    (one) => one !== ONE_LINE,
  );
  return {
    occurred_at: iso(run.orderAt[order]!),
    customer_id: numbered('c', person),
    consent: 'granted' as const,
    currency: 'EUR',
    total: euros(run.orderCents[order]!),
    lines: goods.map((number, place) => ({
      line_no: place + 1,
      sku: GOODS[number]!.sku,
      quantity: 1,
      amount: euros(GOODS[number]!.cents),
    })),
  };
}

export const orderRecord = (run: WorldRun, order: number, person: number): Order => ({
  order_id: numbered('o', order),
  ...document(run, order, person),
});

export const receiptRecord = (run: WorldRun, order: number, person: number): Receipt => ({
  receipt_id: numbered('r', order),
  store_id: WORLD_STORE.store_id,
  ...document(run, order, person),
});

/** Which touch caused a purchase; null where it came by itself. */
export function causeRecord(run: WorldRun, order: number) {
  const cause = run.orderCause[order]!;
  return {
    document_id: numbered(run.orderInStore[order] === 1 ? 'r' : 'o', order),
    caused_by: cause === BASELINE ? null : numbered('t', cause),
    channel: cause === BASELINE ? null : run.world.channels[run.touchChannel[cause]!]!.name,
  };
}

/** What every campaign cost on each day that it was seen. */
export function* spendRecords(run: WorldRun): Generator<Spend> {
  const counts = new Int32Array(run.world.channels.length * CAMPAIGNS.length * WORLD_DAYS);
  for (const [touch, channel] of run.touchChannel.entries()) {
    const day = Math.min(WORLD_DAYS - 1, Math.floor((run.touchAt[touch]! - WORLD_START) / DAY));
    const place = (channel * CAMPAIGNS.length + run.touchCampaign[touch]!) * WORLD_DAYS + day;
    counts[place] = counts[place]! + 1;
  }
  for (const [number, { name, source, medium, touchCost }] of run.world.channels.entries()) {
    if (touchCost === 0) continue;
    for (const [campaign, title] of CAMPAIGNS.entries())
      for (let day = 0; day < WORLD_DAYS; day++) {
        const touches = counts[(number * CAMPAIGNS.length + campaign) * WORLD_DAYS + day]!;
        if (touches === 0) continue;
        yield {
          date: iso(WORLD_START + day * DAY).slice(0, 10),
          channel: name,
          utm_source: source,
          utm_medium: medium,
          utm_campaign: campaignName(name, title),
          cost: euros(touches * touchCost),
          currency: 'EUR',
        };
      }
  }
}
