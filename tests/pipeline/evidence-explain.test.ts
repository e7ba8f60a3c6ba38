import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openReader, type Reader } from '../../lib/adapters/embedded/reader.ts';
import { documentsMeant, explainReceipt } from '../../lib/pipeline/explain-receipt.ts';
import type { Explanation } from '../../lib/pipeline/explanation.ts';
import { explanationText } from '../../lib/report/show-explanation.ts';
import { type TemporaryShop, temporaryShop } from '../temporary-shop.ts';
import { EXPLAINED_SHOP } from './explained-shop.ts';

let shop: TemporaryShop;
let reader: Reader;

beforeAll(async () => {
  shop = await temporaryShop();
  for (const { rejected } of await shop.give(EXPLAINED_SHOP)) expect(rejected).toEqual({});
  await shop.shop.build();
  reader = await openReader(shop.shop.directory);
});
afterAll(() => {
  reader?.close();
  shop?.remove();
});

const candidates = async (id: string, store: string | null = null) =>
  documentsMeant((await reader.published())!, id, store);

async function explain(id: string, showsAll = false): Promise<Explanation> {
  const [document, ...others] = await candidates(id);
  expect(others).toEqual([]);
  return explainReceipt((await reader.published())!, document!, showsAll);
}

const VIEWED = {
  lag_seconds: 174_600,
  is_in_window: true,
  viewed_at: '2025-03-18T10:00:00Z',
  channel: 'Direct',
};

describe('the explanation of a store purchase with research, a visit, a discount and a return', () => {
  let r1: Explanation;
  beforeAll(async () => {
    r1 = await explain('r1');
  });

  test('is of the document, in the time of its store', () => {
    expect(r1.document).toMatchObject({
      document_id: 'receipt/s1///r1',
      store_name: 'Rome',
      region: 'South',
      time_zone: 'Europe/Rome',
      occurred_at: '2025-03-20T11:00:00Z',
      local_at: '2025-03-20 12:00:00',
      currency: 'EUR',
      tender: 'card',
      conversion_kind: 'receipt',
      revenue_minor: 2700,
    });
    expect(
      r1.lines.map(({ line, sku, treatment, amount_minor, why_excluded }) => [
        line,
        sku,
        treatment,
        amount_minor,
        why_excluded,
      ]),
    ).toEqual([
      ['1', 'A1', 'sale', 1000, null],
      ['2', 'B1', 'sale', 2000, null],
      ['3', null, 'gift_card', 500, 'no merchandise: gift card'],
      ['4', null, 'sale', -300, null],
    ]);
  });

  test('says who came and how that is known, by kinds of identifier only', () => {
    expect(r1.person).toMatchObject({
      person_id: expect.stringMatching(/^p.{11}$/),
      identified_by: 'loyalty_id',
      evidence_strength: 'strong',
      consent: 'unknown',
      document_keys: ['loyalty_id', 'payment_token'],
      known_by: { loyalty_id: 1, email: 1, anonymous_id: 1, payment_token: 1 },
      devices: 1,
      why_unknown: null,
    });
    expect(JSON.stringify(r1)).not.toMatch(/CARD-9|anna|tok_/);
  });

  test('lists what happened before it, with its part in path and research', () => {
    expect(
      r1.timeline.happenings.map(({ kind, local_at, place, position, matches }) => [
        kind,
        local_at,
        place,
        position,
        matches.map(({ line, level }) => `${line} ${level}`).sort(),
      ]),
    ).toEqual([
      ['purchase', '2025-02-10 12:00:00', 'reach', null, []],
      ['touchpoint', '2025-03-01 11:00:00', 'path', 1, []],
      ['product_view', '2025-03-01 11:00:00', 'reach', null, []],
      ['touchpoint', '2025-03-18 11:00:00', 'path', 2, []],
      ['product_view', '2025-03-18 11:00:00', 'reach', null, ['1 sku', '2 any']],
      ['store_visit', '2025-03-20 11:30:00', 'this_visit', null, []],
      ['touchpoint', '2025-03-20 11:45:00', 'path', 3, []],
      ['product_view', '2025-03-20 11:45:00', 'in_store', null, ['1 any', '2 sku']],
    ]);
    expect(r1.timeline.left_out).toEqual({});
  });

  test('finds each line’s research by level, counted from entering the store, and in-aisle apart', () => {
    const [lamp, rug] = r1.lines.map(({ ropo }) => ropo!);
    expect(lamp).toMatchObject({
      purchase_class: 'store',
      sold_minor: 900,
      returned_minor: -900,
      step: 'credited',
      level: 'sku',
      why_not_further: null,
      entered_at: '2025-03-20T10:30:00Z',
    });
    expect(lamp!.matches).toEqual(
      ['sku', 'product', 'category', 'any'].map((level) => ({ level, ...VIEWED, campaign: '(not set)' })),
    );
    expect(rug).toMatchObject({ sold_minor: 1800, returned_minor: 0, step: 'credited', level: 'any' });
    expect(rug!.why_not_further).toBe('No product of the category was viewed in the 60 days before');
    expect(rug!.in_aisle[0]).toMatchObject({ level: 'sku', lag_seconds: 900 });
    expect(r1.lines[2]!.ropo).toBeNull();
  });

  test('asks chance the same: the one other item, five weeks back, and what cannot be asked yet', () => {
    for (const { ropo } of r1.lines.slice(0, 2)) {
      const [basket, shift, mirror] = ropo!.placebos;
      expect(basket).toEqual({
        comparison: 'own_basket',
        draws: 1,
        why_not: null,
        matched: { category: 1, product: 1, sku: 0 },
      });
      expect(shift).toMatchObject({ comparison: 'week_shift', draws: 1, matched: { any: 0, category: 0 } });
      expect(mirror).toMatchObject({
        comparison: 'mirror',
        draws: 0,
        why_not: 'The clickstream ends 2 days after, before the mirrored window does',
      });
    }
  });

  test('shares the credit by every model, and takes back what came back', () => {
    expect(r1.models).toHaveLength(13);
    for (const { model, credited_minor, taken_back_minor, touchpoints } of r1.models) {
      expect([model, credited_minor, taken_back_minor]).toEqual([model, 2700, -900]);
      expect(touchpoints.reduce((sum, one) => sum + one.share, 0)).toBeCloseTo(1, 8);
    }
    const of = (name: string) => r1.models.find(({ model }) => model === name)!.touchpoints;
    expect(of('first_touch')).toEqual([
      {
        position: 1,
        touched_at: '2025-03-01T10:00:00Z',
        channel: 'Paid Search',
        campaign: 'lamps',
        share: 1,
        credited_minor: 2700,
        taken_back_minor: -900,
      },
    ]);
    expect(of('linear').map((one) => [one.credited_minor, one.taken_back_minor])).toEqual([
      [900, -300],
      [900, -300],
      [900, -300],
    ]);
    expect(r1.no_credit).toBeNull();
    expect(r1.returns).toMatchObject([
      {
        document_id: 'receipt/s1///r2',
        is_of_purchase: true,
        revenue_minor: -900,
        local_at: '2025-03-25 12:00:00',
      },
    ]);
  });

  test('says what was left out and why', () => {
    expect(r1.excluded).toEqual([
      { what: 'lines', count: 1, why: 'no merchandise: gift card' },
      { what: 'product views', count: 1, why: 'after the purchase' },
      { what: 'product views', count: 1, why: 'older than 60 days, the longest window of ROPO' },
      { what: 'touchpoints', count: 1, why: 'after the purchase' },
      { what: 'touchpoints', count: 1, why: 'older than the look-back of 30 days' },
    ]);
  });

  test('shows with --all what is out of reach too', async () => {
    const { timeline } = await explain('r1', true);
    expect(timeline.happenings).toHaveLength(12);
    expect(timeline.happenings.filter(({ place }) => place === 'after')).toHaveLength(2);
    expect(timeline.happenings.filter(({ place }) => place === 'older')).toHaveLength(2);
  });

  test('reads as text, with money, zone and reasons', () => {
    const text = explanationText(r1);
    for (const part of [
      'Receipt r1 in Rome (s1), 2025-03-20 12:00:00: a store purchase, EUR 27.00, paid by card.',
      'times in Europe/Rome',
      'linked by loyalty_id: strong evidence',
      'Line 1, A1, EUR 0.00 after EUR 9.00 came back: step 5 of 5, researched and credited (SKU).',
      'SKU, product, category, any product viewed 2 days before entering the store, session of Direct.',
      'In the store, before paying: SKU viewed 15 min before.',
      "items of the person's other purchases: of 1 found in 14 days: category 1, product 1, SKU 0.",
      '100.0%  27.00 (-9.00)',
      'took back EUR 9.00',
      '1 touchpoint: older than the look-back of 30 days.',
    ])
      expect(text).toContain(part);
    expect(text).not.toMatch(/undefined|NaN|null|\[object/);
  });
});

describe('a receipt without a person says why', () => {
  test.each([
    ['denied', /^Consent to measurement was denied/],
    ['stranger', /^No account, loyalty card, email, phone, card token or web order was given/],
    ['lost-order', /web order gone is not known$/],
  ])('%s', async (id, why) => {
    const { person, lines, models, no_credit, timeline, ...rest } = await explain(id);
    expect(person).toMatchObject({ person_id: null, identified_by: null });
    expect(person.why_unknown).toMatch(why);
    expect(lines[0]!.ropo).toMatchObject({ step: 'all', level: null, placebos: [] });
    expect(models).toEqual([]);
    expect(no_credit).toMatch(/^Nobody is known to credit/);
    expect(timeline.happenings).toEqual([]);
    const text = explanationText({ person, lines, models, no_credit, timeline, ...rest });
    expect(text).toContain(`Nobody is known. ${person.why_unknown}.`);
  });
});

describe('documents of web orders', () => {
  test('a hand-over counts for nothing of its own and leads to its order, whose research it shows', async () => {
    const handOver = await explain('collected');
    expect(handOver.document).toMatchObject({
      conversion_kind: null,
      related: [{ document_id: 'order/web-1', document_kind: 'order', is_sale: true }],
    });
    expect(handOver.lines[0]).toMatchObject({ treatment: 'order_handed_over', ropo: null });
    expect(handOver.person).toMatchObject({ identified_by: 'order_id', evidence_strength: 'strong' });
    expect(handOver.no_credit).toMatch(/^It is no purchase of its own/);
    const order = await explain('web-1');
    expect(order.person.person_id).toBe(handOver.person.person_id);
    expect(order.lines[0]!.ropo).toMatchObject({ purchase_class: 'click_and_collect', step: 'identified' });
    expect(explanationText(order)).toContain('click and collect: beside ROPO, never inside it');
  });

  test('a card token leads from the order to the receipt', async () => {
    const paid = await explain('paid-by-card');
    expect(paid.person).toMatchObject({ identified_by: 'payment_token', evidence_strength: 'weak' });
    expect(paid.timeline.happenings).toMatchObject([
      { kind: 'purchase', what: 'order', revenue_minor: 2000, local_at: '2025-03-11 11:00:00' },
    ]);
  });

  test('a return says what it gave back, of which purchase', async () => {
    const { document, lines, returns } = await explain('r2');
    expect(document.conversion_kind).toBeNull();
    expect(lines[0]).toMatchObject({ treatment: 'return', why_excluded: null, amount_minor: -900 });
    expect(returns).toMatchObject([
      { is_of_purchase: false, conversion_id: 'receipt/s1///r1', revenue_minor: -900 },
    ]);
  });
});

describe('a number', () => {
  test('that several documents carry means all of them, one by its store or key', async () => {
    expect((await candidates('7')).map(({ document_id, local_at }) => [document_id, local_at])).toEqual([
      ['order/7', '2025-03-11 10:00:00'],
      ['receipt/s1///7', '2025-03-20 12:00:00'],
      ['receipt/s2///7', '2025-03-20 11:00:00'],
    ]);
    expect((await candidates('7', 's2')).map(({ document_id }) => document_id)).toEqual(['receipt/s2///7']);
    expect((await candidates('order/7')).map(({ document_id }) => document_id)).toEqual(['order/7']);
  });

  test('of an order that is not known means the receipts that name it; any other means nothing', async () => {
    expect((await candidates('gone')).map(({ document_id }) => document_id)).toEqual([
      'receipt/s1///lost-order',
    ]);
    expect(await candidates("x' OR '1'='1")).toEqual([]);
  });
});
