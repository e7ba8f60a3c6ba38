import type { Row } from '../../ports.ts';
import { columnMeanings } from '../table-guide.ts';
import { RAW_MEANINGS } from './raw-meanings.ts';

/** Rows of one table about the person, with what table and columns mean. */
export interface AccessTable {
  table: string;
  holds: string;
  columns: Record<string, string>;
  rows: Row[];
}

/** Something that happened, in the order of time. */
export interface AccessMoment {
  at: string;
  /** The same on the clock of the store, or of the shop where it names none. */
  local: string;
  zone: string;
  table: string;
  what: string;
}

/** Everything that is kept about one person, for that person: no row is about somebody else. */
export interface AccessFile {
  made_at: string;
  build_id: string | null;
  zone: string;
  /** Identifiers by kind; of keys the first characters, as keys are of no use outside. */
  identifiers: { kind: string; key: string }[];
  /** Identifiers that the person used and others too: what they alone tell is left out. */
  shared: { kind: string; key: string; why: string }[];
  notes: string[];
  timeline: AccessMoment[];
  tables: AccessTable[];
}

export const NOTES = [
  'Identifiers were turned into keyed hashes on arrival; clear values are not kept, except in records that were set aside.',
  'A record of a device or card that several people use is here only where it names the person; what such a device did without naming anybody is left out, since it may be of somebody else.',
  'A record that was set aside is here where it carries an identifier in its own fields; one that only mentions the person, or that nobody could read, may be of somebody else.',
  'Times are UTC; columns that end in _local are on the clock of the store, or of the shop where there is none.',
  'Amounts whose names end in _minor are in minor units (cents) of their currency.',
];

const SHOWN_OF_KEY = 6;
const IS_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** Where time is shown: the zone of a store by its id, and the shop's own. */
export interface Zones {
  shop: string;
  stores: ReadonlyMap<string, string>;
}

/** @example localTime('2025-07-01T10:00:00.000Z', 'Europe/Rome') // '2025-07-01 12:00:00' */
export const localTime = (instant: string, zone: string) =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' }).format(
    new Date(instant),
  );

const zoneOf = (row: Row, { shop, stores }: Zones) => stores.get(String(row.store_id ?? '')) ?? shop;

/** A table for the file: empty columns left out, keys shortened, local times beside UTC, each column with its meaning. */
export function accessTable(table: string, holds: string, rows: readonly Row[], zones: Zones): AccessTable {
  const meanings = columnMeanings();
  const shown = rows.map((row) => shownRow(row, zoneOf(row, zones)));
  const names = [...new Set(shown.flatMap((row) => Object.keys(row)))];
  return {
    table,
    holds,
    columns: Object.fromEntries(names.map((name) => [name, meaningOf(name, meanings)])),
    rows: shown,
  };
}

function meaningOf(name: string, meanings: ReadonlyMap<string, string>): string {
  if (name.endsWith('_local')) return `The time before it, on the local clock`;
  if (name.endsWith('_key') && RAW_KEYS.test(name))
    return 'Identifier: the first characters of its keyed hash';
  return meanings.get(name) ?? RAW_MEANINGS[name] ?? name.replaceAll('_', ' ');
}

const RAW_KEYS = /^(customer|loyalty|email|phone|anonymous|payment)_key$/;

function shownRow(row: Row, zone: string): Row {
  const shown: Row = {};
  for (const [name, value] of Object.entries(row)) {
    if (value === null) continue;
    shown[name] =
      RAW_KEYS.test(name) || name === 'device_id'
        ? String(value).slice(0, SHOWN_OF_KEY)
        : printableCell(value);
    if (typeof value === 'string' && IS_TIME.test(value)) shown[`${name}_local`] = localTime(value, zone);
  }
  return shown;
}

const printableCell = (value: Row[string]) => (typeof value === 'bigint' ? String(value) : value);

/** What happened when, from the raw tables. */
export function timelineOf(
  tables: readonly { table: string; rows: readonly Row[] }[],
  zones: Zones,
): AccessMoment[] {
  const moments = tables.flatMap(({ table, rows }) =>
    rows.flatMap((row): AccessMoment[] => {
      const at = row.occurred_at;
      if (typeof at !== 'string') return [];
      const zone = zoneOf(row, zones);
      return [{ at, local: localTime(at, zone), zone, table, what: whatHappened(table, row) }];
    }),
  );
  return moments.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.what < b.what ? -1 : 1));
}

function whatHappened(table: string, row: Row): string {
  const parts = {
    raw_events: [row.event, row.page_host, row.page_path, row.sku, row.query],
    raw_touches: [row.touch_type, row.channel, row.utm_source, row.utm_campaign],
    raw_visits: ['visit to store', row.store_id],
    raw_consents: ['consent', row.consent],
    raw_feedback: ['feedback', row.feedback_kind, row.score, row.feedback_reason],
    raw_sales: [row.document_kind, row.order_id ?? row.receipt_id, row.line_kind, row.sku, amountOf(row)],
  }[table];
  return (parts ?? []).filter((part) => part != null).join(', ');
}

const amountOf = ({ amount_minor, currency }: Row) =>
  amount_minor === null ? null : `${amount_minor} minor units of ${currency}`;
