import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Workplace, workplace } from '../cli/run-ropo.ts';

/** Consent through the commands that a shop gives: import, build, erase, export. */
const REGULARS = 12;
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** Who stays out and why, each with a receipt of an amount of their own. */
const LEFT_OUT = {
  unknown: ['101.00', 'consent to measurement is not known'],
  denied: ['102.00', 'consent to measurement was denied or withdrawn'],
  withdrawn: ['103.00', 'consent to measurement was denied or withdrawn'],
  'withdrawn-late': ['104.00', 'consent to measurement was denied or withdrawn'],
  erased: ['105.00', 'its person was erased'],
  'no-ads': ['106.00', 'its person, or a contact of theirs, did not grant ad_user_data'],
  'silent-on-ads': ['107.00', 'its person, or a contact of theirs, did not grant ad_user_data'],
  'two-minds': ['108.00', 'its person, or a contact of theirs, did not grant ad_user_data'],
  'withdrawn-elsewhere': ['109.00', 'consent to measurement was denied or withdrawn'],
} as const;
const emailOf = (name: string) => `${name}@example.org`;
const BY_CUSTOMER = ['two-minds', 'withdrawn-elsewhere'];
const FORBIDDEN = [...Object.keys(LEFT_OUT).map(emailOf), 'gone@example.org'];

describe('consent, from import to export', () => {
  let place: Workplace;
  const write = (name: string, lines: readonly (string | object)[]) =>
    writeFileSync(
      join(place.folder, name),
      `${lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n')}\n`,
    );
  const run = async (...words: string[]) => {
    const outcome = await place.ropo(...words);
    expect(outcome, `${words.join(' ')}: ${outcome.stderr}`).toMatchObject({ code: 0 });
    return outcome.stdout;
  };
  const receipt = (name: string, amount: string, consent: string | null) => ({
    receipt_id: name,
    store_id: 'rome',
    occurred_at: '2025-03-09T18:00:00',
    ...(BY_CUSTOMER.includes(name) ? { customer_id: name } : { email: emailOf(name) }),
    ...(consent === null ? {} : { consent }),
    lines: [{ sku: 'A', amount }],
  });

  beforeAll(async () => {
    place = workplace();
    const regulars = Array.from({ length: REGULARS }, (_, n) => `regular${n}`);
    write('stores.csv', ['store_id,time_zone,currency,country', 'rome,Europe/Rome,EUR,IT']);
    write('receipts.jsonl', [
      ...regulars.map((name) => receipt(name, '10.00', 'granted')),
      ...Object.entries(LEFT_OUT).map(([name, [amount]]) =>
        receipt(name, amount, name === 'unknown' ? null : name === 'denied' ? 'denied' : 'granted'),
      ),
    ]);
    const word = (name: string) => ({
      occurred_at: '2025-05-01T10:00:00Z',
      consent: 'denied',
      email: emailOf(name),
    });
    write('consents.jsonl', [word('withdrawn'), word('gone')]);
    write('late.jsonl', [word('withdrawn-late')]);
    write('contacts.csv', [
      'customer_id,email,ad_user_data,ad_personalization',
      ...[...regulars, 'unknown', 'denied', 'withdrawn', 'withdrawn-late', 'erased'].map(
        (name) => `,${emailOf(name)},granted,granted`,
      ),
      `,${emailOf('no-ads')},denied,granted`,
      `,${emailOf('silent-on-ads')},,granted`,
      // The receipt knows the customer alone; the same email refuses in another line.
      `two-minds,${emailOf('two-minds')},granted,granted`,
      `,${emailOf('two-minds')},denied,denied`,
      // Found by the customer; the email is of a person who withdrew.
      'withdrawn-elsewhere,gone@example.org,granted,granted',
    ]);
    await run('import', 'stores', 'stores.csv');
    await run('import', 'receipts', 'receipts.jsonl');
    await run('import', 'consents', 'consents.jsonl');
    await run('build');
    await run('erase', '--email', emailOf('erased'), '--yes');
    // After the last build.
    await run('import', 'consents', 'late.jsonl');
  }, 240_000);
  afterAll(() => place?.remove());

  test.each([
    ['google-store-sales', 'sales.json'],
    ['google-store-sales', 'sales.csv'],
    ['meta-offline', 'events.jsonl'],
  ])(
    '%s into %s holds those who granted alone, and counts all others',
    async (platform, out) => {
      const age = platform === 'meta-offline' ? ['--max-age-days', '3650'] : [];
      const words = ['--contacts', 'contacts.csv', '--out', out, '--min-persons', '10', ...age];
      const said = await run('export', platform, ...words);
      expect(said).toContain(`Wrote ${REGULARS} purchases of ${REGULARS} persons`);
      const reasons = new Map<string, { purchases: number; cents: number }>();
      for (const [amount, why] of Object.values(LEFT_OUT)) {
        const { purchases, cents } = reasons.get(why) ?? { purchases: 0, cents: 0 };
        reasons.set(why, { purchases: purchases + 1, cents: cents + Number(amount) * 100 });
      }
      for (const [why, { purchases, cents }] of reasons)
        expect(said).toMatch(
          new RegExp(`left out: ${why} +${purchases} +EUR ${(cents / 100).toFixed(2)}\\n`),
        );
      expect(said).toMatch(new RegExp(`given out +${REGULARS} +EUR ${REGULARS * 10}\\.00\\n`));

      const text = readFileSync(join(place.folder, out), 'utf8');
      for (let n = 0; n < REGULARS; n++) expect(text).toContain(sha256(emailOf(`regular${n}`)));
      for (const email of FORBIDDEN) {
        expect(text).not.toContain(sha256(email));
        expect(text).not.toContain(email);
      }
      for (const [amount] of Object.values(LEFT_OUT))
        expect(text).not.toContain(`${amount.slice(0, 3)}000000`);
    },
    60_000,
  );

  test('who said yes to nothing stays out also where unknown consent is taken', async () => {
    const words = ['--contacts', 'contacts.csv', '--out', 'more.json', '--min-persons', '10'];
    const said = await run('export', 'google-store-sales', ...words, '--with-unknown-consent');
    expect(said).toContain(`Wrote ${REGULARS + 1} purchases`);
    const text = readFileSync(join(place.folder, 'more.json'), 'utf8');
    expect(text).toContain(sha256(emailOf('unknown')));
    for (const email of FORBIDDEN.filter((one) => one !== emailOf('unknown')))
      expect(text).not.toContain(sha256(email));
  });
});
