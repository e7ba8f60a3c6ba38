import { afterEach, describe, expect, test } from 'vitest';
import { type TemporaryShop, temporaryShop } from '../temporary-shop.ts';
import { importDemo, writeDemoFiles } from './demo-shop.ts';
import { bucketsOf, giveAndBuild, order, personsOf, touch, view, visit } from './identity-shop.ts';
import { seed, withoutSeeds } from './seed-file.ts';

/** Whose something is: as known now, and as known when it happened. */
let shop: TemporaryShop;
afterEach(() => shop?.remove());

const laptop = { anonymous_id: 'laptop' };
const journey = {
  web_events: [
    view('before', 1, { ...laptop, utm_source: 'google', utm_medium: 'cpc' }),
    view('login', 3, { ...laptop, customer_id: 'c' }),
    view('after', 4, { ...laptop, utm_source: 'bing', utm_medium: 'cpc' }),
  ],
  store_visits: [visit('visit', 5, laptop)],
  orders: [order('bought', 6, '10', { customer_id: 'c' })],
};
const asked = async () => {
  const persons = await personsOf(shop);
  return Object.fromEntries(
    [...persons].map(([name, { person_id_now, person_id_then }]) => [name, [person_id_now, person_id_then]]),
  );
};
const channels = async () =>
  (await shop.ask("SELECT channel, source FROM credits WHERE model = 'linear' ORDER BY touched_at")).map(
    ({ source }) => source,
  );

describe('stitching', () => {
  test('tells both persons, and attribution takes the one that the setting says', async () => {
    shop = await temporaryShop();
    await giveAndBuild(shop, journey);
    const [retro] = await shop.ask('SELECT * FROM identity_graph');
    expect(retro).toMatchObject({
      stitching: 'retro',
      identifiers: 2,
      links: 1,
      refused_links: 0,
      persons: 1,
      largest_person: 2,
    });
    const { before, login, after, visit: seen, bought } = await asked();
    expect(before![0]).toBe(login![0]);
    expect(before![1]).not.toBe(login![1]);
    // From the instant of the login on it is known.
    expect([login, after, seen, bought].map((one) => one![1])).toEqual(Array(4).fill(login![0]));
    expect(await channels()).toEqual(['google', '(direct)', 'bing']);
    // Before that the laptop was itself: what is plain has no row.
    expect(await shop.ask('SELECT kind, known_since FROM persons ORDER BY kind')).toEqual([
      { kind: 0, known_since: null },
      { kind: 4, known_since: '2025-03-03T10:00:00.000Z' },
    ]);
    expect(await shop.ask('SELECT count(*) AS n FROM person_history')).toEqual([{ n: 0 }]);

    seed(shop, 'settings', 'stitching,event_time,stitching,');
    await shop.shop.build();
    expect(await channels()).toEqual(['(direct)', 'bing']);
    const [then] = await shop.ask('SELECT * FROM identity_graph');
    expect(then).toEqual({ ...retro, stitching: 'event_time' });
    const persons = await personsOf(shop);
    expect(persons.get('before')!.person_id).toBe(before![1]);
    expect(persons.get('login')!.person_id).toBe(login![0]);
    withoutSeeds(shop);
  });

  test('of an identifier that changed more than once finds the stage of each time', async () => {
    shop = await temporaryShop();
    const email = { email: 'anna@example.com' };
    await giveAndBuild(shop, {
      web_events: [
        view('alone', 1, laptop),
        view('with-email', 2, { ...laptop, ...email }),
        view('unnamed', 3, laptop),
        view('tablet-account', 1, { anonymous_id: 'tablet', customer_id: 'c' }),
        view('phone-account', 1, { anonymous_id: 'phone', customer_id: 'c' }),
      ],
      touches: [touch('letter', 2, email), touch('early-letter', 1, email)],
      orders: [order('joins', 5, '10', { customer_id: 'c', ...email })],
    });
    const persons = await asked();
    const now = persons.joins![0];
    expect(Object.values(persons).map(([one]) => one)).toEqual(Array(8).fill(now));
    const then = (name: string) => persons[name]![1];
    expect(then('with-email')).toBe(then('unnamed'));
    expect(then('letter')).toBe(then('unnamed'));
    expect(then('unnamed')).not.toBe(now);
    expect(then('early-letter')).toBe(then('letter'));
    expect(new Set([then('alone'), then('unnamed'), now]).size).toBe(3);
    expect(then('joins')).toBe(now);
    expect(then('tablet-account')).toBe(now);
    expect(await shop.ask('SELECT known_from, known_until, person_id FROM person_history')).toEqual([
      {
        known_from: '2025-03-02T10:00:00.000Z',
        known_until: '2025-03-05T12:00:00.000Z',
        person_id: then('letter'),
      },
    ]);
  });

  test('adds up on a whole shop either way, and then attributes no more than now', async () => {
    const demo = await writeDemoFiles(60, 4);
    shop = await temporaryShop();
    await importDemo(shop, demo.files);
    demo.remove();
    await shop.shop.build();
    const retro = await bucketsOf(shop);
    seed(shop, 'settings', 'stitching,event_time,stitching,');
    // A build whose revenue does not reconcile is not published.
    await shop.shop.build();
    const then = await bucketsOf(shop);
    expect(then['received stated']).toBe(retro['received stated']);
    expect(then['attributed sale']).toBeGreaterThan(0);
    expect(then['attributed sale']).toBeLessThan(retro['attributed sale']!);
    const [{ different } = { different: 0 }] = await shop.ask(
      'SELECT count(*) AS different FROM web_events WHERE person_id <> person_id_now AND person_id = person_id_then',
    );
    expect(different).toBeGreaterThan(0);
  });

  test('an unnamed event on a device that two people use is of a third, always the same', async () => {
    shop = await temporaryShop();
    const kiosk = { anonymous_id: 'kiosk' };
    const events = [
      view('a', 1, { ...kiosk, customer_id: 'a' }),
      view('after-a', 2, kiosk),
      view('b', 3, { ...kiosk, customer_id: 'b' }),
      view('after-b', 4, kiosk),
      view('before', 1, kiosk, 8),
    ];
    await giveAndBuild(shop, { web_events: events });
    const persons = await asked();
    const [third] = persons['after-b']!;
    for (const name of ['after-a', 'after-b', 'before']) expect(persons[name], name).toEqual([third, third]);
    expect(new Set([persons.a![0], persons.b![0], third]).size).toBe(3);
    // Named after the device: the same in another shop, whoever else used it.
    shop.remove();
    shop = await temporaryShop();
    await giveAndBuild(shop, {
      web_events: [view('c', 1, { ...kiosk, customer_id: 'c' }), ...events.toReversed()],
    });
    expect((await asked())['after-b']).toEqual([third, third]);
    expect(await shop.ask('SELECT rule, people, links FROM shared_identifiers')).toEqual([
      { rule: 'shared_device', people: 3, links: 3 },
    ]);
  });
});
