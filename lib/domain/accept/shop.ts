import type { Footfall, Product, Spend, Store, StoreVisit } from '../contract/index.ts';
import { isDay, isTimeZone, utcText } from '../instant.ts';
import { amountToMinor, currencyExponent, MAX_MINOR } from '../money.ts';
import { type Acceptor, instantOf, keysOf, Refusal, rawLine, saidIn, storeOf } from './outcome.ts';
import { campaignText, cleanText, comparedText } from './page.ts';

function minorOf(field: string, value: string | number, currency: string): number {
  const exponent = currencyExponent(currency);
  if (exponent === null) throw new Refusal('unknown_currency', `currency "${currency}" is no ISO 4217 code`);
  const minor = amountToMinor(value, exponent);
  if (minor === null) throw new Refusal('bad_amount', `${field} "${value}" is not a number`);
  if (Math.abs(minor) > MAX_MINOR)
    throw new Refusal('amount_too_large', `${field} ${value} is above ${MAX_MINOR} minor units`);
  return minor;
}

export const acceptStore: Acceptor<Store> = (value, context) => {
  const known = context.store(value.store_id);
  if (known && (known.time_zone !== value.time_zone || known.currency !== value.currency)) {
    throw new Refusal(
      'store_changed',
      `store "${value.store_id}" is known with ${known.time_zone} and ${known.currency}; its receipts were read so. A store that moves gets a new store_id`,
    );
  }
  if (!isTimeZone(value.time_zone))
    throw new Refusal('bad_time_zone', `time_zone "${value.time_zone}" is no IANA time zone`);
  if (currencyExponent(value.currency) === null) {
    throw new Refusal('unknown_currency', `currency "${value.currency}" is no ISO 4217 code`);
  }
  const { store_id, name, region, time_zone, currency, country, revision } = value;
  const row = {
    record_id: store_id,
    store_id,
    name,
    region,
    time_zone,
    currency,
    country,
    revision: revision ?? 0,
  };
  return [rawLine('raw_stores', saidIn(row), context)];
};

export const acceptProduct: Acceptor<Product> = (value, context) => {
  const { sku, product_id, category, name, brand, unit_cost, currency, revision } = value;
  if (unit_cost != null && currency == null)
    throw new Refusal('no_currency', `sku "${sku}" has a unit_cost but no currency`);
  const row = {
    record_id: sku,
    sku,
    product_id: product_id ?? sku,
    category: comparedText(category),
    name: comparedText(name),
    brand: comparedText(brand),
    unit_cost_minor: unit_cost == null ? null : minorOf('unit_cost', unit_cost, currency!),
    currency,
    revision: revision ?? 0,
  };
  return [rawLine('raw_products', saidIn(row), context)];
};

export const acceptStoreVisit: Acceptor<StoreVisit> = (value, context) => {
  const store = storeOf(value.store_id, context)!;
  const entered = instantOf('entered_at', value.entered_at, store.time_zone, context);
  const left = value.left_at == null ? null : instantOf('left_at', value.left_at, store.time_zone, context);
  if (left !== null && left < entered) {
    throw new Refusal('bad_time', `left_at ${value.left_at} lies before entered_at ${value.entered_at}`);
  }
  const row = {
    record_id: value.visit_id,
    store_id: value.store_id,
    occurred_at: utcText(entered),
    left_at: left === null ? null : utcText(left),
    method: value.method ? cleanText(value.method) : null,
    ...keysOf(value, store.country, context),
  };
  return [rawLine('raw_visits', saidIn(row), context, { row })];
};

export const acceptFootfall: Acceptor<Footfall> = (value, context) => {
  const store = storeOf(value.store_id, context)!;
  const start = utcText(instantOf('interval_start', value.interval_start, store.time_zone, context));
  const row = {
    record_id: `${value.store_id}|${value.door ?? ''}|${start}`,
    store_id: value.store_id,
    door: value.door,
    interval_start: start,
    interval_minutes: value.interval_minutes,
    entries: value.entries,
    exits: value.exits,
    is_modelled: value.modelled ?? false,
    revision: value.revision ?? 0,
  };
  return [rawLine('raw_footfall', saidIn(row), context)];
};

export const acceptSpend: Acceptor<Spend> = (value, context) => {
  if (!value.channel && !value.utm_source && !value.utm_medium && !value.utm_campaign) {
    throw new Refusal(
      'schema',
      'the cost is for no channel, source, medium or campaign; it needs one of them',
    );
  }
  const cost = minorOf('cost', value.cost, value.currency);
  if (cost < 0) throw new Refusal('negative_amount', `cost ${value.cost} on ${value.date} is below zero`);
  if (!isDay(value.date)) throw new Refusal('bad_time', `date "${value.date}" is no day of the calendar`);
  instantOf('date', `${value.date}T00:00:00Z`, null, context);
  const source = {
    spend_date: value.date,
    channel: campaignText(value.channel),
    utm_source: campaignText(value.utm_source),
    utm_medium: campaignText(value.utm_medium),
    utm_campaign: campaignText(value.utm_campaign),
    currency: value.currency,
  };
  const row = {
    ...source,
    record_id: Object.values(source)
      .map((part) => part ?? '')
      .join('|'),
    cost_minor: cost,
    clicks: value.clicks,
    impressions: value.impressions,
    revision: value.revision ?? 0,
  };
  return [rawLine('raw_spend', saidIn(row), context)];
};
