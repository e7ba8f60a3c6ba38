import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Workplace, workplace } from './run-ropo.ts';

/** Exports from the command line: files, log, and what is refused. */
let place: Workplace;
const PERSONS = 51;

const pathOf = (name: string) => join(place.folder, name);
const write = (name: string, lines: string[]) => writeFileSync(pathOf(name), `${lines.join('\n')}\n`);
const logged = () =>
  readFileSync(pathOf('.ropo/exports.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

beforeAll(async () => {
  place = workplace();
  write('stores.csv', ['store_id,time_zone,currency,country', '=1+1,Europe/Berlin,EUR,DE']);
  const persons = Array.from({ length: PERSONS }, (_, i) => `kunde${i}@example.org`);
  write(
    'receipts.jsonl',
    [...persons, 'fremd@example.org'].map((email, i) =>
      JSON.stringify({
        receipt_id: `r${i}`,
        store_id: '=1+1',
        occurred_at: '2025-03-09T18:00:00',
        email,
        consent: 'granted',
        lines: [{ sku: 'A', amount: '10.50' }],
      }),
    ),
  );
  write('contacts.csv', [
    'email,ad_user_data,ad_personalization',
    ...persons.map((e) => `${e},granted,granted`),
  ]);
  write('few.csv', ['email,ad_user_data', ...persons.slice(0, 49).map((e) => `${e},granted`)]);
  for (const kind of ['stores stores.csv', 'receipts receipts.jsonl'])
    expect(await place.ropo('import', ...kind.split(' '))).toMatchObject({ code: 0 });
  expect(await place.ropo('build')).toMatchObject({ code: 0 });
});
afterAll(() => place.remove());

test('a CSV for Google, with its fractions beside it, safe for spreadsheets', async () => {
  // What lay there before, and others could read, is not written into.
  for (const name of ['sales.csv.tmp', 'sales.csv.metadata.json'])
    writeFileSync(pathOf(name), '', { mode: 0o644 });
  const { code, stdout, stderr } = await place.ropo(
    'export',
    'google-store-sales',
    '--contacts',
    'contacts.csv',
    '--out',
    'sales.csv',
  );
  expect([code, stderr]).toEqual([
    0,
    'No --conversion-action was given: the API wants one, fill it in on upload\n',
  ]);
  expect(stdout).toMatch(/given out +51 +EUR 535\.50/);
  expect(stdout).toMatch(/left out: its person is not in the contact file +1 +EUR 10\.50/);
  const [header, ...rows] = readFileSync(pathOf('sales.csv'), 'utf8').trimEnd().split('\r\n');
  expect(header!.split(',')).toContain('transaction_amount_micros');
  expect(rows).toHaveLength(PERSONS);
  expect(rows[0]).toContain(",'=1+1,");
  expect(rows[0]).toContain(',2025-03-09 18:00:00+01:00,10500000,EUR,');
  expect(JSON.parse(readFileSync(pathOf('sales.csv.metadata.json'), 'utf8'))).toEqual({
    store_sales_metadata: { loyalty_fraction: 1, transaction_upload_fraction: PERSONS / 52 },
  });
  for (const name of ['sales.csv', 'sales.csv.metadata.json'])
    expect(statSync(pathOf(name)).mode & 0o777).toBe(0o600);
  expect(logged().map(({ file, format }) => [String(file).split('/').at(-1), format])).toEqual([
    ['sales.csv.metadata.json', 'google-store-sales-metadata'],
    ['sales.csv', 'google-store-sales'],
  ]);
});

test('JSON for Google and for Meta, each export in the log', async () => {
  const before = logged().length;
  const words = ['--contacts', 'contacts.csv', '--from', '2025-03-01', '--to', '2025-03-31'];
  const google = await place.ropo(
    'export',
    'google-store-sales',
    ...words,
    '--out',
    'sales.json',
    '--conversion-action',
    'customers/1/conversionActions/2',
  );
  expect(google).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(readFileSync(pathOf('sales.json'), 'utf8')).operations).toHaveLength(PERSONS);
  const meta = await place.ropo(
    'export',
    'meta-offline',
    ...words,
    '--out',
    'events.jsonl',
    '--max-age-days',
    '3650',
  );
  expect(meta).toMatchObject({ code: 0, stderr: '' });
  const { data } = JSON.parse(readFileSync(pathOf('events.jsonl'), 'utf8'));
  expect(data).toHaveLength(PERSONS);
  expect(logged().slice(before)).toEqual([
    {
      file: expect.stringMatching(/sales\.json$/),
      made_at: expect.any(String),
      format: 'google-store-sales',
      rows: PERSONS,
      persons: PERSONS,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    },
    expect.objectContaining({ format: 'meta-offline', file: expect.stringMatching(/events\.jsonl$/) }),
  ]);
});

test('nothing is written for few persons, nothing recent, or a contact file without consent', async () => {
  const before = logged().length;
  const few = await place.ropo('export', 'google-store-sales', '--contacts', 'few.csv', '--out', 'few.json');
  expect(few.code).toBe(2);
  expect(few.stderr).toContain('Fewer than 50 persons');
  const old = await place.ropo('export', 'meta-offline', '--contacts', 'contacts.csv', '--out', 'old.jsonl');
  expect(old.code).toBe(2);
  expect(old.stderr).toMatch(/it is older than the platform takes +51/);
  expect(old.stderr).toContain('No purchase may be given out. Nothing was written');
  write('noconsent.csv', ['email', 'kunde1@example.org']);
  const bad = await place.ropo('export', 'meta-offline', '--contacts', 'noconsent.csv', '--out', 'x.jsonl');
  expect([bad.code, bad.stdout]).toEqual([2, '']);
  expect(bad.stderr).toContain('no column ad_user_data');
  expect(bad.stderr).not.toContain('kunde1');
  for (const name of ['few.json', 'old.jsonl', 'x.jsonl']) expect(existsSync(pathOf(name))).toBe(false);
  expect(logged()).toHaveLength(before);
});

test.each([
  ['tiktok', '--contacts', 'contacts.csv', '--out', 'x'],
  ['meta-offline', '--contacts', 'contacts.csv'],
  ['meta-offline', '--contacts', 'contacts.csv', '--out', 'x', '--min-persons', '9'],
  ['meta-offline', '--contacts', 'contacts.csv', '--out', 'x', '--from', '2025-02-30'],
  ['meta-offline', '--contacts', 'none.csv', '--out', 'x'],
])('export %s %s %s ... called wrongly is told so', async (...words) => {
  expect((await place.ropo('export', ...words)).code).toBe(2);
});
