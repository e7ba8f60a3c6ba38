import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rowsOfLake } from '../adapters/lake-rows.ts';
import { type TemporaryShop, temporaryShop } from '../temporary-shop.ts';

/** What becomes of feedback as it comes: stored as figures and codes, or refused with its reason. */
let shop: TemporaryShop;
const nps = (feedback_id: string, more: object = {}) => ({
  feedback_id,
  kind: 'nps',
  score: 9,
  occurred_at: '2025-03-01T10:00:00Z',
  place: 'online',
  ...more,
});

beforeAll(async () => {
  shop = await temporaryShop();
  await shop.give({ stores: [{ store_id: 's1', time_zone: 'Europe/Rome', currency: 'EUR', country: 'IT' }] });
});
afterAll(() => shop?.remove());

describe('feedback that is refused', () => {
  test.each([
    ['a score of nps above ten', { score: 11 }, 'bad_score', 'from 0 to 10'],
    ['half a score of nps', { score: 7.5 }, 'bad_score', 'whole number'],
    ['nps out of five', { score: 4, score_max: 5 }, 'bad_score', 'of nps it is 10'],
    ['nps without a score', { score: null }, 'schema', 'score is missing'],
    ['a rating above its scale', { kind: 'rating', score: 6, score_max: 5 }, 'bad_score', 'scale of 0 to 5'],
    ['a rating below it', { kind: 'rating', score: -1, score_max: 5 }, 'bad_score', 'scale of 0 to 5'],
    ['a rating out of nothing', { kind: 'rating', score: 4 }, 'schema', 'score_max is missing'],
    ['a scale of zero', { kind: 'rating', score: 0, score_max: 0 }, 'schema', 'score_max'],
    ['a contact with a score', { kind: 'contact', reason: 'late' }, 'bad_score', 'contact has none'],
    ['a contact without a reason', { kind: 'contact', score: null }, 'schema', 'reason is missing'],
    ['a return for a blank reason', { kind: 'return_reason', score: null, reason: ' ' }, 'schema', 'reason'],
    ['a score that was resolved', { resolved_first_time: true }, 'schema', 'of contacts only'],
    ['another kind', { kind: 'review' }, 'schema', 'one of nps, rating, contact, return_reason'],
    ['a store that is not named', { place: 'store' }, 'schema', 'store_id is missing'],
    ['a store that is not known', { place: 'store', store_id: 's9' }, 'unknown_store', 's9'],
    ['a time without offset', { occurred_at: '2025-03-01T10:00:00' }, 'naive_time', 'occurred_at'],
  ])('%s', async (name, more, reason, detail) => {
    const [result] = await shop.give({ feedback: [nps(name, more)] });
    const counted = { ...result!.rejected, ...(result!.waiting ? { unknown_store: result!.waiting } : {}) };
    expect(counted).toEqual({ [reason]: 1 });
    const rejection = (await shop.shop.importer.lake.rejections()).find(({ record }) =>
      record?.includes(name),
    );
    expect(rejection?.detail).toContain(detail);
  });

  test('is told without quoting the words of a person', async () => {
    const secret = `my neighbour Bruno ${'x'.repeat(90)}`;
    await shop.give({ feedback: [nps('long', { kind: 'contact', score: null, reason: secret })] });
    const [rejection] = (await shop.shop.importer.lake.rejections()).filter(({ record }) =>
      record?.includes('"long"'),
    );
    expect(rejection?.reason).toBe('schema');
    expect(rejection?.detail).not.toContain('neighbour');
  });
});

describe('feedback that is stored', () => {
  beforeAll(async () => {
    await shop.give({
      orders: [
        {
          order_id: 'o1',
          customer_id: 'anna',
          occurred_at: '2025-03-01T09:00:00Z',
          currency: 'EUR',
          lines: [{ sku: 'A', amount: '10' }],
        },
      ],
      receipts: [
        {
          receipt_id: 'r1',
          store_id: 's1',
          loyalty_id: 'card-7',
          occurred_at: '2025-03-02T10:00:00',
          lines: [{ sku: 'A', amount: '10' }],
        },
      ],
      web_events: [
        { event_id: 'e', event: 'Page Viewed', occurred_at: '2025-02-01T10:00:00Z', anonymous_id: 'laptop' },
      ],
      feedback: [
        nps('by-order', { order_id: 'o1', comment: 'Call me, Anna, +39 347 1234567' }),
        nps('by-receipt', {
          place: 'store',
          store_id: 's1',
          receipt_id: 'r1',
          occurred_at: '2025-03-02T23:30:00',
        }),
        nps('denied', { order_id: 'o1', customer_id: 'anna', consent: 'denied' }),
        nps('own', { order_id: 'o1', customer_id: 'bruno', anonymous_id: 'laptop' }),
        nps('stranger'),
        nps('coded', {
          kind: 'contact',
          score: null,
          reason: '  Where  is my ORDER ',
          contact_by: 'Phone',
          resolved_first_time: false,
        }),
        nps('twice', { score: 2, revision: 2 }),
      ],
    });
    await shop.give({ feedback: [nps('twice', { score: 10, revision: 1 }), nps('twice', { score: 10 })] });
    await shop.giveFile(
      'feedback',
      'scores.csv',
      'feedback_id,kind,score,score_max,occurred_at,place,comment\nfrom-csv,rating,4.5,5,2025-03-01T10:00:00Z,online,"nice, thanks"\n',
    );
    await shop.shop.build();
  });

  const rowOf = async (id: string) =>
    (await shop.ask(`SELECT * FROM feedback WHERE feedback_id = '${id}'`))[0]!;

  test('is of its own person, else of the person of what it is about, and of nobody who denied', async () => {
    const [order] = await shop.ask("SELECT person_id FROM conversions WHERE order_id = 'o1'");
    const [receipt] = await shop.ask("SELECT person_id FROM conversions WHERE receipt_id = 'r1'");
    expect(order!.person_id).not.toBeNull();
    expect(await rowOf('by-order')).toMatchObject({ person_id: order!.person_id, document_id: 'order/o1' });
    expect(await rowOf('by-receipt')).toMatchObject({
      person_id: receipt!.person_id,
      feedback_date: '2025-03-02',
    });
    expect((await rowOf('denied')).person_id).toBeNull();
    expect((await rowOf('stranger')).person_id).toBeNull();
    const own = (await rowOf('own')).person_id;
    expect(own).not.toBeNull();
    expect(own).not.toBe(order!.person_id);
  });

  test('joins no identifiers: whoever types it may type another person', async () => {
    expect(await shop.ask('SELECT count(*) AS n FROM persons')).toEqual([{ n: 0 }]);
  });

  test('has reasons as codes, and no words of people', async () => {
    expect(await rowOf('coded')).toMatchObject({
      feedback_reason: 'where is my order',
      contact_by: 'phone',
      is_resolved_first_time: false,
    });
    expect(await rowOf('from-csv')).toMatchObject({ score: 4.5, score_max: 5 });
    const kept = ['feedback_reason', 'contact_by', 'channel', 'sku', 'record_id'];
    for (const column of kept)
      expect(JSON.stringify(await rowsOfLake(shop.shop.directory, 'raw_feedback', column))).not.toMatch(
        /Call me|347|nice/,
      );
  });

  test('counts once, by its highest revision, whatever order it comes in', async () => {
    expect(await shop.ask("SELECT score FROM feedback WHERE feedback_id = 'twice'")).toEqual([{ score: 2 }]);
  });
});
