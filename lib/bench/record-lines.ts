import type { Random } from '../demo/random.ts';
import { articleFor, priceOf, STORES, skuOf, storeId } from './assortment.ts';
import {
  BROWSERS,
  CHANNELS,
  CONTACT_CHANNELS,
  campaignName,
  SEARCH_REFERRERS,
  VISIT_CHANNELS,
} from './marketing.ts';
import type { Population } from './population.ts';

/** JSON Lines of the bench shop, built as text: what makes ten million of them must not be what is measured. */

const CAMPAIGN_VISITS = 0.6;
const SEARCH_VISITS = 0.3;
const LOGGED_IN = 0.3;
const SECOND_EVENT = 0.3;
const LANDS_ON_PRODUCT = 0.55;
const SECOND_IS_PRODUCT = 0.8;
/** Of those who log in every buyer shows the card, of the others a third: 60% of the receipts. */
const SHOWS_CARD = 1 / 3;
const STATED_CONSENT = 0.85;

const iso = (at: number) => new Date(at).toISOString();
const money = (minor: number) => (minor / 100).toFixed(2);
const minutes = (n: number) => n * 60_000;

export interface RecordLines {
  /** The one or two web events of a visit that begins at a time. */
  visit(at: number): string[];
  touch(at: number): string;
  order(at: number): string;
  receipt(at: number): string;
}

export function createRecordLines(people: Population, campaigns: number, random: Random): RecordLines {
  let made = 0;
  /** Twenty characters: a running number and noise. */
  const newId = (kind: string) => `${kind}${(made++).toString(36).padStart(7, '0')}${random.hex(12)}`;
  const consent = () => (random.chance(STATED_CONSENT) ? ',"consent":"granted"' : '');
  const deviceOf = (person: number) =>
    people.deviceId(person, people.hasSecondDevice(person) && random.chance(0.4) ? 2 : 1);

  const lineOf = (person: number) => {
    const article = articleFor(person, random);
    return { sku: skuOf(article), amount: priceOf(article) };
  };
  const line = ({ sku, amount }: { sku: string; amount: number }) =>
    `{"sku":"${sku}","quantity":1,"amount":"${money(amount)}"}`;

  return {
    visit(at) {
      const person = people.draw();
      const isLoggedIn = people.isLinked(person) && random.chance(LOGGED_IN);
      const who = `"user_agent":"${BROWSERS[person % BROWSERS.length]}","anonymous_id":"${deviceOf(person)}"${
        isLoggedIn
          ? `,"customer_id":"${people.customerId(person)}","loyalty_id":"${people.loyaltyId(person)}"`
          : ''
      }${consent()}`;
      const event = (time: number, isProduct: boolean, query: string, referrer: string) => {
        const about = `{"event_id":"${newId('e')}","event":"${isProduct ? 'Product Viewed' : 'Page Viewed'}","occurred_at":"${iso(time)}"`;
        const sku = isProduct ? skuOf(articleFor(person, random)) : '';
        const page = isProduct ? `p/${sku}` : 'sale';
        return `${about},"url":"https://www.shop.example/${page}${query}"${referrer}${isProduct ? `,"sku":"${sku}"` : ''},${who}}`;
      };
      const kind = random.float();
      let query = '';
      let referrer = '';
      if (kind < CAMPAIGN_VISITS) {
        const channel = random.pick(VISIT_CHANNELS);
        query = `?utm_source=${channel.source}&utm_medium=${channel.medium}&utm_campaign=${campaignName(channel, random.int(campaigns))}`;
      } else if (kind < CAMPAIGN_VISITS + SEARCH_VISITS) {
        referrer = `,"referrer":"${random.pick(SEARCH_REFERRERS)}"`;
      }
      const landing = event(at, random.chance(LANDS_ON_PRODUCT), query, referrer);
      if (!random.chance(SECOND_EVENT)) return [landing];
      const later = at + minutes(random.between(0.2, 12));
      return [
        landing,
        event(later, random.chance(SECOND_IS_PRODUCT), '', ',"referrer":"https://www.shop.example/"'),
      ];
    },

    touch(at) {
      const person = people.draw();
      const channel = random.pick(CONTACT_CHANNELS);
      const who =
        people.isLinked(person) && random.chance(0.5)
          ? `"customer_id":"${people.customerId(person)}"`
          : `"anonymous_id":"${deviceOf(person)}"`;
      return `{"touch_id":"${newId('t')}","occurred_at":"${iso(at)}","touch_type":"${channel.touchType}","utm_source":"${channel.source}","utm_medium":"${channel.medium}","utm_campaign":"${campaignName(channel, random.int(campaigns))}",${who}${consent()}}`;
    },

    order(at) {
      const person = people.draw();
      const account = people.isLinked(person) ? `,"customer_id":"${people.customerId(person)}"` : '';
      const bought = lineOf(person);
      return `{"order_id":"${newId('o')}","occurred_at":"${iso(at)}","anonymous_id":"${deviceOf(person)}"${account},"currency":"EUR","total":"${money(bought.amount)}","lines":[${line(bought)}]${consent()}}`;
    },

    receipt(at) {
      const person = people.draw();
      const store = storeId(person % STORES);
      const showsCard = people.isLinked(person) || random.chance(SHOWS_CARD);
      const card = showsCard ? `,"loyalty_id":"${people.loyaltyId(person)}"` : '';
      const bought = [lineOf(person), lineOf(person)];
      const total = bought[0]!.amount + bought[1]!.amount;
      return `{"receipt_id":"${newId('r')}","store_id":"${store}","till_id":"${1 + random.int(4)}","business_date":"${iso(at).slice(0, 10)}","occurred_at":"${iso(at)}"${card},"total":"${money(total)}","lines":[${bought.map(line).join(',')}]${consent()}}`;
    },
  };
}

/** What every campaign cost on every day. */
export function* spendLines(
  start: number,
  days: number,
  campaigns: number,
  random: Random,
): Generator<string> {
  for (let day = 0; day < days; day++) {
    const date = iso(start + day * 86_400_000).slice(0, 10);
    for (const channel of CHANNELS) {
      for (let campaign = 0; campaign < campaigns; campaign++) {
        const clicks = random.int(200);
        yield `{"date":"${date}","utm_source":"${channel.source}","utm_medium":"${channel.medium}","utm_campaign":"${campaignName(channel, campaign)}","cost":"${money(clicks * 35)}","currency":"EUR","clicks":${clicks},"impressions":${clicks * 40}}`;
      }
    }
  }
}
