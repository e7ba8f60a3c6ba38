import { createRandom, type Random } from '../../demo/random.ts';
import { articleFor, skuOf } from '../assortment.ts';
import { BROWSERS, campaignName, SEARCH_REFERRERS, VISIT_CHANNELS } from '../marketing.ts';

/** Of the persons, those with an account and a loyalty card, which their devices are then seen with. */
const WITH_ACCOUNT = 0.25;
/** Identifiers of a person, on average: a device, and for some an account and a card. */
export const IDENTIFIERS_PER_PERSON = 1 + 2 * WITH_ACCOUNT;
const LOGGED_IN = 0.5;
const FROM_CAMPAIGN = 0.4;
const CAMPAIGNS = 20;

export interface MessageSource {
  /** The next messages of the Segment specification, each as one line of JSON of about 700 bytes. */
  next(count: number, at: number): string[];
}

/**
 * Messages of shoppers as a browser's tracker sends them. The first `persons` are of one person each, so that each
 * identifier is met once; those after them are of persons drawn at random.
 */
export function messageSource(persons: number, seed: number): MessageSource {
  const random = createRandom(seed, 'messages');
  let made = 0;
  return {
    next: (count, at) =>
      Array.from({ length: count }, () => {
        const person = made < persons ? made : random.int(persons);
        made += 1;
        return messageOf(person, made, at, random);
      }),
  };
}

function messageOf(person: number, number: number, at: number, random: Random): string {
  const id = person.toString(36).padStart(8, '0');
  const isFirst = number <= person + 1;
  const hasAccount = person % 4 === 0;
  const account =
    hasAccount && (isFirst || random.chance(LOGGED_IN))
      ? `,"userId":"cu-${id}-4f2a","traits":{"loyalty_id":"lo-${id}-77"}`
      : '';
  const sku = skuOf(articleFor(person, random));
  const channel = random.pick(VISIT_CHANNELS);
  const query = random.chance(FROM_CAMPAIGN)
    ? `?utm_source=${channel.source}&utm_medium=${channel.medium}&utm_campaign=${campaignName(channel, random.int(CAMPAIGNS))}`
    : '';
  const time = new Date(at + number).toISOString();
  return `{"type":"track","event":"Product Viewed","messageId":"ajs-next-${number.toString(36).padStart(8, '0')}-${random.hex(12)}","anonymousId":"d-${id}-9c1e-4b7f-a1d2"${account},"timestamp":"${time}","originalTimestamp":"${time}","sentAt":"${time}","receivedAt":"${time}","properties":{"sku":"${sku}","product_id":"${sku}","category":"shoes","price":49.9,"currency":"EUR"},"context":{"page":{"path":"/p/${sku}","referrer":"${random.pick(SEARCH_REFERRERS)}","search":"${query}","url":"https://www.shop.example/p/${sku}${query}"},"userAgent":"${BROWSERS[person % BROWSERS.length]}","locale":"it-IT","library":{"name":"analytics.js","version":"next-1.84.3"},"consent":{"categoryPreferences":{"analytics":true}}},"integrations":{}}`;
}
