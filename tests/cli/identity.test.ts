import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openIdentityStore } from '../../lib/adapters/embedded/identity-store.ts';
import { type TemporaryShop, temporaryShop } from '../temporary-shop.ts';
import { type Workplace, workplace } from './run-ropo.ts';

const EMAIL = 'jörg.müller@example.com';
const at = (day: number) => `2025-03-${String(day).padStart(2, '0')}T10:00:00Z`;

let shop: TemporaryShop;
let place: Workplace;
const identity = (...words: string[]) => place.ropo('identity', ...words, '--data', shop.root);
const build = () => shop.shop.build();
const printed = async (...words: string[]): Promise<string> => {
  const { code, stdout, stderr } = await identity(...words);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return stdout;
};

beforeAll(async () => {
  place = workplace();
  shop = await temporaryShop();
  await shop.give({
    stores: [{ store_id: 'S1', name: 'One', time_zone: 'Europe/Rome', currency: 'EUR', country: 'IT' }],
    web_events: [
      { event_id: '1', event: 'page', occurred_at: at(1), email: EMAIL, anonymous_id: 'laptop-1' },
      { event_id: '2', event: 'page', occurred_at: at(2), email: EMAIL, anonymous_id: 'phone-1' },
      { event_id: '3', event: 'page', occurred_at: at(3), customer_id: 'C7', anonymous_id: 'tablet' },
      { event_id: '4', event: 'page', occurred_at: at(4), customer_id: 'C8', anonymous_id: 'tablet' },
      { event_id: '5', event: 'page', occurred_at: at(5), anonymous_id: 'alone' },
    ],
  });
  await build();
});
afterAll(() => {
  shop.remove();
  place.remove();
});

describe('ropo identity', () => {
  test('shows the graph of the published build and its quality', async () => {
    const out = await printed();
    expect(out).toContain('6 linked identifiers, 4 links (2 refused)');
    expect(out).toContain('Who is who: as in the build before.');
    expect(out).toMatch(/web events +5 +5 +2 +40.0%/);
    expect(out).toMatch(/anonymous: shared_device +1/);
    expect(out).toContain('There is no online graph');
  });

  test('shows the person of an identifier, and never the value', async () => {
    const out = await printed('who', 'email', ` ${EMAIL.toUpperCase()} `);
    expect(out).toContain('known by 3 identifiers');
    expect(out.match(/followed/g)).toHaveLength(2);
    const tablet = await printed('who', 'anonymous', 'tablet');
    expect(tablet).toContain('known by this identifier alone');
    expect(tablet.match(/refused: shared_device/g)).toHaveLength(2);
    expect(await printed('who', 'anonymous', 'alone')).toContain('known by this identifier alone');
    for (const said of [out, tablet]) expect(said).not.toMatch(/müller|tablet|laptop/i);
  });

  test('refuses what identifies nobody, without repeating it', async () => {
    const nobody = await identity('who', 'email', 'not-an-address-of-anna');
    expect([nobody.code, nobody.stdout]).toEqual([2, '']);
    expect(nobody.stderr).toContain('That email identifies nobody');
    expect(nobody.stderr).not.toContain('anna');
    expect((await identity('who', 'phone', '347 1234567')).stderr).toContain('--country');
    expect((await identity('who', 'cookie', 'x')).code).toBe(2);
  });

  test('a rule counts from the next build, which says what it changed, and goes again', async () => {
    expect(await printed('block', 'email', EMAIL, '--reason', 'kiosk, "front"')).toContain('The next build');
    const file = readFileSync(join(shop.root, 'seeds', 'identity_rules.csv'), 'utf8');
    expect(file).not.toContain('example.com');
    expect(await printed('rules')).toContain('kiosk, "front"');
    const { tables } = await build();
    expect(tables.find(({ name }) => name === 'identity_changes')?.rows).toBe(2);
    expect(await printed()).toContain('2 split of 1 persons (rules)');
    expect(await printed('who', 'email', EMAIL)).toContain('refused: blocked');

    expect(await printed('allow', 'email', EMAIL)).toContain('allow email');
    const rules = await printed('rules');
    expect(rules).not.toContain('block');
    const id = /allow-\S+/.exec(rules)![0];
    await printed('unrule', id);
    expect(await printed('rules')).toContain('no rules of your own');
    await build();
    expect(await printed()).toContain('merged of 2 persons (rules)');
    expect((await identity('unrule', id)).code).toBe(2);
  });

  test('separates two identifiers', async () => {
    await printed('separate', 'email', EMAIL, 'anonymous', 'phone-1');
    await build();
    expect(await printed('who', 'email', EMAIL)).toContain('refused: separated');
    expect((await identity('separate', 'email', EMAIL, 'email', EMAIL)).stderr).toContain('same identifier');
  });

  test('tells how the online graph differs, and tops it up', async () => {
    const key = (n: number) => `unknown-${n}`.padEnd(22, 'x');
    const store = openIdentityStore(shop.shop.directory);
    for (const [n, first_seen] of [
      [1, '2025-03-02T00:00:00.000Z'],
      [2, '2025-04-01T00:00:00.000Z'],
    ] as const)
      await store.put({ strong_key: key(n), strong_kind: 0, weak_key: key(n + 2), weak_kind: 4, first_seen });
    await store.close();
    const before = await printed();
    expect(before).toContain('Online graph: 2 links; the build has 4, 0 are equal.');
    expect(before).toContain('4 are in the build alone');
    expect(before).toContain('1 are online alone and newer than the build');
    expect(before).toContain('1 are online alone, of a time that the build covers');
    expect(await printed('refresh')).toContain('4 were new to the online graph or earlier');
    expect(await printed('refresh')).toContain('0 were new to the online graph or earlier');
    expect(await printed()).toContain('Online graph: 6 links; the build has 4, 4 are equal.');
    expect(await printed('who', 'email', EMAIL)).toContain('The online graph says the same.');
  });
});
