import { afterEach, describe, expect, test } from 'vitest';
import { type TemporaryShop, temporaryShop } from '../temporary-shop.ts';
import { giveAndBuild, order, personsOf, receipt, setLimits, setRules, view } from './identity-shop.ts';

/** Limits and manual rules as rows of seeds, and what the tables then say of each refused link. */
let shop: TemporaryShop;
afterEach(() => shop?.remove());

const household = {
  orders: [
    order('anna', 1, '1', { customer_id: 'anna', loyalty_id: 'card' }),
    order('bea', 2, '2', { customer_id: 'bea', loyalty_id: 'card' }),
  ],
  receipts: [receipt('carl', 3, '4', { loyalty_id: 'card' })],
};
const refusals = () =>
  shop.ask(
    'SELECT rule, strong_kind, weak_kind, CAST(first_seen AS varchar) AS first_seen FROM refused_links ORDER BY first_seen',
  );
const versionOf = async () => (await shop.ask('SELECT graph_version FROM identity_graph'))[0]!.graph_version;

describe('limits', () => {
  test("a household's card is neither account's, until the shop says that two accounts may have one", async () => {
    shop = await temporaryShop();
    await giveAndBuild(shop, household);
    const persons = async () =>
      ['anna', 'bea', 'carl'].map(async (name) => (await personsOf(shop)).get(name)!.person_id);
    const apart = await Promise.all(await persons());
    expect(new Set(apart).size).toBe(3);
    expect(await refusals()).toEqual([
      { rule: 'household_card', strong_kind: 0, weak_kind: 1, first_seen: '2025-03-01 12:00:00' },
      { rule: 'household_card', strong_kind: 0, weak_kind: 1, first_seen: '2025-03-02 12:00:00' },
    ]);
    expect(await shop.ask('SELECT kind, rule, people, links FROM shared_identifiers')).toEqual([
      { kind: 1, rule: 'household_card', people: 2, links: 2 },
    ]);
    const version = await versionOf();

    setLimits(
      shop,
      'card_accounts,loyalty,customer,2,Couples share cards here',
      'card_persons,loyalty,persons,2,Couples share cards here',
    );
    await shop.shop.build();
    const shared = await Promise.all(await persons());
    expect(shared).toEqual([apart[0], apart[1], apart[0]]);
    expect(await refusals()).toEqual([
      { rule: 'conflict', strong_kind: 0, weak_kind: 1, first_seen: '2025-03-02 12:00:00' },
    ]);
    expect(await versionOf()).not.toBe(version);
  });

  test('that count what nothing has stop the build and say so', async () => {
    shop = await temporaryShop();
    setLimits(shop, 'email_names,email,names,20,');
    await expect(shop.shop.build()).rejects.toThrow('row email_names: nothing counts "names" of "email"');
  });
});

describe('manual rules', () => {
  test('block, allow and separate, each with its trace, and undone by taking the row away', async () => {
    shop = await temporaryShop();
    const laptop = { anonymous_id: 'laptop' };
    await giveAndBuild(shop, {
      web_events: [
        view('anna', 1, { ...laptop, customer_id: 'anna' }),
        view('bea', 2, { ...laptop, customer_id: 'bea' }),
        view('unnamed', 3, laptop),
        view('carl', 4, { email: 'carl@example.com', anonymous_id: 'tablet' }),
        view('tablet', 5, { anonymous_id: 'tablet' }),
      ],
    });
    const before = await personsOf(shop);
    const version = await versionOf();
    const same = (one: string, other: string, persons: typeof before) =>
      persons.get(one)!.person_id === persons.get(other)!.person_id;
    const key = async (person: string, kind: number) => {
      const rows = await shop.ask(
        `SELECT n.identifier_key FROM identity_nodes n
         WHERE n.kind = ${kind} AND 'p' || substr(n.identifier_key, 1, 11) = '${person}'`,
      );
      return String(rows[0]!.identifier_key);
    };
    const bea = await key(String(before.get('bea')!.person_id), 0);
    const kiosk = await key(String(before.get('unnamed')!.person_id), 4);
    const carl = await key(String(before.get('carl')!.person_id), 2);
    const [tabletRow] = await shop.ask(
      `SELECT identifier_key FROM persons WHERE person_id = '${before.get('tablet')!.person_id}' AND kind = 4`,
    );
    const tablet = String(tabletRow!.identifier_key);

    setRules(shop, `block-bea,block,${bea},,A test account,2025-04-01`);
    await shop.shop.build();
    const blocked = await personsOf(shop);
    expect(same('unnamed', 'anna', blocked)).toBe(true);
    expect(same('bea', 'anna', blocked)).toBe(false);
    expect((await refusals()).map(({ rule }) => rule)).toEqual(['blocked']);
    expect(await versionOf()).not.toBe(version);

    setRules(shop, `allow-kiosk,allow,${kiosk},,It is Anna's,2025-04-01`);
    await shop.shop.build();
    const allowed = await personsOf(shop);
    expect(same('unnamed', 'anna', allowed)).toBe(true);
    expect((await refusals()).map(({ rule }) => rule)).toEqual(['conflict']);
    expect(await shop.ask('SELECT count(*) AS n FROM identity_shared')).toEqual([{ n: 0 }]);

    setRules(shop, `apart,separate,${carl},${tablet},Two people,2025-04-01`);
    await shop.shop.build();
    const separated = await personsOf(shop);
    expect(same('carl', 'tablet', separated)).toBe(false);
    expect(await shop.ask("SELECT strong_key, weak_key FROM refused_links WHERE rule = 'separated'")).toEqual(
      [{ strong_key: carl, weak_key: tablet }],
    );

    setRules(shop);
    await shop.shop.build();
    expect(await personsOf(shop)).toEqual(before);
    expect(await versionOf()).toBe(version);
  });

  test('that are none stop the build', async () => {
    shop = await temporaryShop();
    setRules(shop, 'x,ban,abc,,,');
    await expect(shop.shop.build()).rejects.toThrow('row x: rule "ban" must be block, allow or separate');
  });

  test('the graph version is the same in whatever order the records came', async () => {
    shop = await temporaryShop();
    await giveAndBuild(shop, household);
    const version = await versionOf();
    shop.remove();
    shop = await temporaryShop();
    await giveAndBuild(shop, {
      receipts: household.receipts,
      orders: [...household.orders.toReversed(), ...household.orders],
    });
    expect(await versionOf()).toBe(version);
  });
});
