import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openRuleFile } from '../../lib/adapters/embedded/rule-file.ts';
import type { ClearIdentifiers } from '../../lib/domain/identifier.ts';
import { type TemporaryShop, temporaryShop } from '../temporary-shop.ts';

let shop: TemporaryShop;
let events = 0;

const seen = (day: number, who: ClearIdentifiers & { consent?: string }) => ({
  event_id: `e${++events}`,
  event: 'page',
  occurred_at: `2025-03-${String(day).padStart(2, '0')}T10:00:00Z`,
  ...who,
});
const keyOf = (clear: ClearIdentifiers) =>
  Object.values(shop.shop.importer.identify(clear, 'IT')).find((key) => key !== undefined)!;
const nameOf = (clear: ClearIdentifiers) => `p${keyOf(clear).slice(0, 11)}`;

/** What a build says has changed: identifiers by name. */
async function changes(names: Record<string, ClearIdentifiers>): Promise<Record<string, unknown[]>> {
  await shop.shop.build();
  const rows = await shop.ask('SELECT * FROM identity_changes');
  const name = new Map(Object.entries(names).map(([said, clear]) => [keyOf(clear), said]));
  return Object.fromEntries(
    rows.map((row) => [
      name.get(String(row.identifier_key)) ?? String(row.identifier_key),
      [row.person_change, row.person_before, row.person_id, row.changed_by],
    ]),
  );
}

const ANNA = { customer_id: 'C1' };
const ANNA_MAIL = { email: 'anna@example.com' };
const LAPTOP = { anonymous_id: 'laptop' };
const PHONE = { anonymous_id: 'phone' };
const BRUNO = { customer_id: 'C2' };
const NAMES = { anna: ANNA, mail: ANNA_MAIL, laptop: LAPTOP, phone: PHONE, bruno: BRUNO };

beforeAll(async () => {
  shop = await temporaryShop();
  await shop.give({ web_events: [seen(1, { ...ANNA_MAIL, ...LAPTOP })] });
});
afterAll(() => shop.remove());

describe('what a build changes about who is who', () => {
  test('is nothing at the first, nor at one of the same records', async () => {
    expect(await changes(NAMES)).toEqual({});
    expect(await changes(NAMES)).toEqual({});
  });

  test('by evidence: a stronger identifier gives its name, a new one comes', async () => {
    await shop.give({ web_events: [seen(2, { ...ANNA, ...ANNA_MAIL })] });
    expect(await changes(NAMES)).toEqual({
      anna: ['new', null, nameOf(ANNA), 'evidence'],
      mail: ['renamed', nameOf(ANNA_MAIL), nameOf(ANNA), 'evidence'],
      laptop: ['renamed', nameOf(ANNA_MAIL), nameOf(ANNA), 'evidence'],
    });
  });

  test('by evidence: a device that a second account uses is taken from the first', async () => {
    await shop.give({ web_events: [seen(3, { ...BRUNO, ...LAPTOP }), seen(3, { ...BRUNO, ...PHONE })] });
    expect(await changes(NAMES)).toEqual({
      laptop: ['split', nameOf(ANNA), nameOf(LAPTOP), 'evidence'],
      bruno: ['new', null, nameOf(BRUNO), 'evidence'],
      phone: ['new', null, nameOf(BRUNO), 'evidence'],
    });
  });

  test('by rules: what a rule takes apart, its absence joins again', async () => {
    const rules = openRuleFile(shop.shop.directory);
    rules.add({
      rule_id: 'separate-1',
      rule: 'separate',
      identifier_key: keyOf(BRUNO),
      other_key: keyOf(PHONE),
      reason: 'a colleague',
      made_at: '2026-01-15T00:00:00.000Z',
    });
    expect(await changes(NAMES)).toEqual({ phone: ['split', nameOf(BRUNO), nameOf(PHONE), 'rules'] });
    rules.remove('separate-1');
    expect(await changes(NAMES)).toEqual({ phone: ['merged', nameOf(PHONE), nameOf(BRUNO), 'rules'] });
  });

  test('by limits and evidence at once: it does not guess which', async () => {
    const file = join(shop.shop.directory.seeds, 'identity_limits.csv');
    mkdirSync(shop.shop.directory.seeds, { recursive: true });
    writeFileSync(
      file,
      'limit_name:varchar,kind:varchar,counted:varchar,most:bigint,meaning:varchar\naccount_emails,customer,email,21,x\n',
    );
    await shop.give({ web_events: [seen(5, { ...BRUNO, email: 'bruno@example.com' })] });
    const names = { ...NAMES, 'mail of bruno': { email: 'bruno@example.com' } };
    expect(await changes(names)).toEqual({
      'mail of bruno': ['new', null, nameOf(BRUNO), 'evidence or rules'],
    });
    rmSync(file);
    expect(await changes(names)).toEqual({});
  });

  test('by consent: a person who withdraws is gone', async () => {
    await shop.give({
      consents: [
        { consent_id: 'k1', occurred_at: '2025-04-01T10:00:00Z', ...BRUNO, consent: 'denied' },
      ] as never,
    });
    const changed = await changes({ ...NAMES, 'mail of bruno': { email: 'bruno@example.com' } });
    expect(changed).toEqual({
      bruno: ['gone', nameOf(BRUNO), null, 'consent'],
      phone: ['gone', nameOf(BRUNO), null, 'consent'],
      'mail of bruno': ['gone', nameOf(BRUNO), null, 'consent'],
    });
  });

  test('a build that fails leaves what the next is compared with', async () => {
    const broken = join(shop.shop.directory.seeds, 'identity_rules.csv');
    expect(existsSync(broken)).toBe(true);
    const header =
      'rule_id:varchar,rule:varchar,identifier_key:varchar,other_key:varchar,reason:varchar,made_at:varchar';
    writeFileSync(broken, `${header}\nx,hide,${keyOf(ANNA)},,,\n`);
    await expect(shop.shop.build()).rejects.toThrow('must be block, allow or separate');
    writeFileSync(broken, `${header}\n`);
    expect(await changes(NAMES)).toEqual({});
  });
});
