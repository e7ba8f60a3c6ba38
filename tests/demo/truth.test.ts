import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Slip } from '../../lib/demo/identity-noise.ts';
import type { PurchaseTruth } from '../../lib/demo/truth.ts';
import type { PersonTruth } from '../../lib/demo/truth-people.ts';
import type { TruthSummary } from '../../lib/demo/truth-summary.ts';
import { type DemoFile, writeDemoShop } from '../../lib/demo/write-shop.ts';
import { faultsIn, goodLines, recordsOf } from './read-shop.ts';

let directory: string;
let files: DemoFile[];
let people: Map<string, PersonTruth>;
let purchases: PurchaseTruth[];
let summary: TruthSummary;
let faults: Set<string>;

const records = (format: string) =>
  files.filter((file) => file.format === format).flatMap((file) => recordsOf(file, faults));
const truth = <T>(name: string) =>
  goodLines(join(directory, 'truth', name)).map((line) => JSON.parse(line) as T);

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'ropo-demo-truth-'));
  files = await writeDemoShop({ directory, persons: 150, seed: 4 });
  faults = new Set(faultsIn(directory).map((fault) => fault.line));
  people = new Map(truth<PersonTruth>('people.jsonl').map((person) => [person.person_id, person]));
  purchases = truth<PurchaseTruth>('purchases.jsonl');
  summary = JSON.parse(readFileSync(join(directory, 'truth', 'summary.json'), 'utf8')) as TruthSummary;
});
afterAll(() => rmSync(directory, { recursive: true }));

describe('the truth', () => {
  it('has every person once, and every receipt and order once', () => {
    expect(people.size).toBe(150);
    for (const kind of ['receipt', 'order'] as const) {
      const known = purchases.filter((one) => one.document_kind === kind).map((one) => one.document_id);
      const sent = records(`${kind}s`).map((record) => String(record[`${kind}_id`]));
      expect(new Set(known).size).toBe(known.length);
      expect(new Set(sent)).toEqual(new Set(known));
    }
  });

  it('refers to persons, events and touches that exist', () => {
    const contacts = new Set([
      ...records('segment').map((message) => message.messageId),
      ...records('web_events').map((event) => event.event_id),
      ...records('touches').map((touch) => touch.touch_id),
    ]);
    for (const purchase of purchases) {
      expect(people.has(purchase.person_id)).toBe(true);
      for (const id of purchase.research_event_ids) expect(contacts, purchase.document_id).toContain(id);
      for (const { id } of purchase.caused_by) expect(contacts, purchase.document_id).toContain(id);
    }
  });

  it("calls ROPO what followed the person's own product views, and says how fine they fit", () => {
    const events = new Map(
      [...records('segment'), ...records('web_events')].map((event) => [
        event.messageId ?? event.event_id,
        event,
      ]),
    );
    const ropo = purchases.filter((purchase) => purchase.ropo);
    expect(ropo.length).toBeGreaterThan(20);
    for (const purchase of ropo) {
      const person = people.get(purchase.person_id)!;
      const views = purchase.research_event_ids.map((id) => events.get(id)!);
      expect(views.length).toBeGreaterThan(0);
      for (const view of views) {
        expect(['Product Viewed', 'view_item']).toContain(view.event);
        expect(person.anonymous_ids).toContain(view.anonymousId ?? view.anonymous_id);
        expect(String(view.timestamp ?? view.occurred_at) < purchase.occurred_at).toBe(true);
      }
      if (purchase.level !== 'sku') continue;
      const seen = views.map((view) => view.sku ?? (view.properties as { sku: string }).sku);
      expect(seen).toContain(purchase.lines[0]!.sku);
    }
  });

  it('agrees with the receipts on who identified himself', () => {
    const truths = new Map(purchases.map((purchase) => [purchase.document_id, purchase]));
    const slips = new Set(truth<Slip>('slips.jsonl').map((slip) => slip.of));
    for (const receipt of records('receipts')) {
      if (slips.has(String(receipt.receipt_id))) continue;
      const purchase = truths.get(String(receipt.receipt_id))!;
      const person = people.get(purchase.person_id)!;
      const shown = receipt.loyalty_id ?? receipt.email ?? receipt.email_sha256 ?? receipt.order_id;
      expect(purchase.identified).toBe(shown !== undefined);
      expect(purchase.shows_payment_token).toBe(receipt.payment_token !== undefined);
      if (receipt.payment_token) expect(receipt.payment_token).toBe(person.payment_token);
      if (receipt.loyalty_id) expect(receipt.loyalty_id).toBe(person.loyalty_id);
      if (receipt.email) expect(String(receipt.email).toLowerCase()).toBe(person.email);
    }
  });

  it('holds purchases of every kind, some by chance, some shared cards and tablets', () => {
    const classes = new Set(purchases.map((purchase) => purchase.class));
    for (const name of [
      'ropo',
      'store',
      'return',
      'web',
      'click_and_collect',
      'reserve_and_collect',
    ] as const) {
      expect(classes).toContain(name);
    }
    expect(purchases.some((purchase) => purchase.chance)).toBe(true);
    const cards = [...people.values()].flatMap((person) => person.loyalty_id ?? []);
    expect(new Set(cards).size).toBeLessThan(cards.length);
    const browsers = [...people.values()].flatMap((person) => person.anonymous_ids);
    expect(new Set(browsers).size).toBeLessThan(browsers.length);
  });

  it('gives the true share of ROPO beside the naive one, by population, level and window', () => {
    const cell = (population: string, level: string, days: number) =>
      summary.ropo_shares.find(
        (one) => one.population === population && one.level === level && one.window_days === days,
      )!;
    const begun = Date.UTC(2025, 0, 1);
    for (const days of [7, 14, 30]) {
      const lines = purchases
        .filter(({ occurred_at }) => Date.parse(occurred_at) - begun >= days * 86_400_000)
        .filter(({ document_kind, class: name }) => document_kind === 'receipt' && !name.endsWith('collect'))
        .filter(({ identified }) => identified)
        .flatMap((one) => one.lines)
        .filter((line) => line.sku !== null && Number(line.amount) > 0);
      const known = cell('known', 'product', days);
      const within = (lag: number | null) => lag !== null && lag <= days;
      expect(known.lines).toBe(lines.length);
      expect(known.researched).toBe(
        lines.filter(({ ropo_level, ropo_lag_days }) => within(ropo_lag_days) && ropo_level !== 'category')
          .length,
      );
      expect(known.viewed).toBe(lines.filter(({ viewed_days }) => within(viewed_days!.product)).length);
    }
    for (const { researched, researched_in_reach, viewed, lines, ...one } of summary.ropo_shares) {
      const where = JSON.stringify(one);
      expect(researched_in_reach, where).toBeLessThanOrEqual(researched);
      expect(researched, where).toBeLessThanOrEqual(viewed);
      expect(viewed, where).toBeLessThanOrEqual(lines);
    }
    const share = (level: string, days: number) => cell('all', level, days).naive_share!;
    expect(share('category', 30)).toBeGreaterThan(share('product', 30));
    expect(share('product', 30)).toBeGreaterThan(share('sku', 30));
    const fooled = cell('all', 'category', 14);
    expect(fooled.naive_share!).toBeGreaterThan(1.7 * fooled.true_share!);
  });

  it('sums up to what it lists', () => {
    const { lines, ropo_lines, share_of_lines } = summary.store_lines.all;
    const own = purchases.filter((one) => one.document_kind === 'receipt' && !one.class.endsWith('collect'));
    const sold = own
      .flatMap((one) => one.lines)
      .filter((line) => line.sku !== null && Number(line.amount) > 0);
    expect(lines).toBe(sold.length);
    expect(ropo_lines).toBe(sold.filter((line) => line.ropo_level !== null).length);
    expect(share_of_lines).toBeCloseTo(Number(ropo_lines) / sold.length, 5);
    const cents = (amount: string) => Math.round(Number(amount) * 100);
    const counted = purchases
      .filter((one) => one.is_counted)
      .reduce((sum, one) => sum + cents(one.revenue), 0);
    const told = Object.values(summary.revenue_by_causing_channel).reduce((sum, one) => sum + cents(one), 0);
    expect(told + cents(summary.revenue_without_cause)).toBe(counted);
  });
});
