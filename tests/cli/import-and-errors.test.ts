import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { KPIS } from '../../lib/domain/kpi-catalogue.ts';
import { FORMATS } from '../../lib/formats/index.ts';
import { type Workplace, workplace } from './run-ropo.ts';

/** Small imports, and everything that can go wrong around them. */
let place: Workplace;
const write = (name: string, content: string | Buffer) => writeFileSync(join(place.folder, name), content);

beforeAll(() => {
  place = workplace();
  write('stores.csv', 'store_id,time_zone,currency\ns1,Europe/Rome,EUR\n');
  const receipt = {
    receipt_id: 'r1',
    store_id: 's1',
    occurred_at: '2025-01-01T10:00:00',
    lines: [{ amount: '10' }],
  };
  const more = [
    receipt,
    receipt,
    { ...receipt, receipt_id: 'r2', total: '11' },
    { ...receipt, receipt_id: 'r3', total: '12' },
    { ...receipt, receipt_id: 'r4', store_id: 's9' },
  ];
  write(
    'receipts.jsonl.gz',
    gzipSync(`${more.map((one) => JSON.stringify(one)).join('\n')}\n\u001b[31m{broken\n`),
  );
});
afterAll(() => place?.remove());

describe('help', () => {
  test('lists every command, and every format and KPI where they are asked for', async () => {
    const [help, imports, report, nothing] = await Promise.all([
      place.ropo('--help'),
      place.ropo('import', '--help'),
      place.ropo('report', '--help'),
      place.ropo(),
    ]);
    expect(help).toMatchObject({ code: 0, stderr: '' });
    for (const name of [
      'start',
      'demo',
      'import',
      'build',
      'report',
      'rejections',
      'sql',
      'serve',
      'contracts',
    ])
      expect(help.stdout).toMatch(new RegExp(`^  ${name} `, 'm'));
    expect(imports).toMatchObject({ code: 0, stderr: '' });
    for (const name of Object.keys(FORMATS)) expect(imports.stdout).toContain(`  ${name} `);
    expect(report).toMatchObject({ code: 0, stderr: '' });
    for (const { name } of KPIS) expect(report.stdout).toContain(`  ${name} `);
    expect(nothing.code).toBe(2);
    expect(nothing.stderr).toContain('Usage: ropo');
  });

  test.each([
    [['mesure'], "unknown command 'mesure'"],
    [
      ['import', 'csv', 'stores.csv'],
      'There is no format "csv". The formats are: complete-journey, consents, feedback, footfall',
    ],
    [['start', '--persons', '3'], 'It must be a whole number from 20 to 1000000'],
  ])('%j is refused with what is allowed', async (words, says) => {
    const outcome = await place.ropo(...words);
    expect(outcome).toMatchObject({ code: 2, stdout: '' });
    expect(outcome.stderr).toContain(says);
  });
});

describe('before anything is built', () => {
  test('report and sql say what to do, and a folder that is not there stays so', async () => {
    const outcomes = await Promise.all([
      place.ropo('report', 'purchases', '--data', 'nowhere'),
      place.ropo('sql', 'SELECT 1', '--data', 'nowhere'),
    ]);
    for (const { code, stdout, stderr } of outcomes) {
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toContain('npx ropo build');
    }
    expect(existsSync(join(place.folder, 'nowhere'))).toBe(false);
  });
});

describe('import', () => {
  test('prints a line per source and ends with 3 where records were set aside', async () => {
    const stores = await place.ropo('import', 'stores', 'stores.csv', '--data', 'shop');
    expect(stores).toMatchObject({ code: 0, stderr: '' });
    const { code, stdout, stderr } = await place.ropo(
      'import',
      'receipts',
      'receipts.jsonl.gz',
      '--data',
      'shop',
    );
    expect(code).toBe(3);
    expect(stdout).toMatch(/^Source +Received +Stored +Duplicates +Rejected +Waiting$/m);
    expect(stdout).toMatch(
      /^receipts\.jsonl +6 +1 +1 +3 +1 +(2 total_mismatch, 1 unreadable|1 unreadable, 2 total_mismatch), 1 wait for their store$/m,
    );
    expect(stderr).toContain('npx ropo rejections');
    const again = await place.ropo('import', 'receipts', 'receipts.jsonl.gz', '--data', 'shop');
    expect(again.stdout).toMatch(/^receipts\.jsonl +6 +0 +2 +3 +1 /m);
  });

  test('what was set aside is listed, safe to print, and tried again on request', async () => {
    const [table, json, replay] = [
      await place.ropo('rejections', '--data', 'shop'),
      await place.ropo('rejections', '--data', 'shop', '--format', 'json'),
      await place.ropo('rejections', '--replay', '--data', 'shop'),
    ];
    expect(table.code).toBe(0);
    expect(table.stdout).toContain('4 records are set aside');
    expect(table.stdout).not.toContain('\u001b');
    const rejections = JSON.parse(json.stdout) as { reason: string; line: number; original: string }[];
    expect(rejections.map(({ reason, line }) => `${line} ${reason}`).sort()).toEqual([
      '3 total_mismatch',
      '4 total_mismatch',
      '5 unknown_store',
      '6 unreadable',
    ]);
    expect(JSON.parse(rejections.find(({ line }) => line === 5)!.original)).toMatchObject({
      receipt_id: 'r4',
    });
    expect(replay).toMatchObject({
      code: 0,
      stdout: 'Tried 3 again: 0 stored, 0 were there already; 4 remain set aside.\n',
    });
  });

  test('of a file that cannot be read stores nothing of it and says which it is', async () => {
    const whole = gzipSync(
      Array.from(
        { length: 20_000 },
        (_, n) => `{"touch_id":"t${n}","occurred_at":"2025-01-01T10:00:00Z","touch_type":"sms"}`,
      ).join('\n'),
    );
    write('cut.jsonl.gz', whole.subarray(0, whole.length - 100));
    mkdirSync(join(place.folder, 'empty'));
    for (const [file, says] of [
      ['cut.jsonl.gz', /cut\.jsonl\.gz is not whole gzip data/],
      ['missing.jsonl', /missing\.jsonl names no file\. Give a path/],
      ['empty', /empty/],
    ] as const) {
      const { code, stdout, stderr } = await place.ropo('import', 'touches', file, '--data', 'shop2');
      expect({ file, stdout }).toEqual({ file, stdout: '' });
      expect([1, 2], file).toContain(code);
      expect(stderr).toMatch(says);
      expect(stderr).not.toMatch(/\n +at /);
    }
    expect(readdirSync(join(place.folder, 'shop2', 'lake'))).toEqual([]);
    expect(readdirSync(join(place.folder, 'shop2', 'spill'))).toEqual([]);
    expect(existsSync(join(place.folder, 'shop2', 'lock'))).toBe(false);
  });

  test('of several files tells what came of those before the one that cannot be read', async () => {
    write('good.jsonl', '{"touch_id":"t","occurred_at":"2025-01-01T10:00:00Z","touch_type":"sms"}\n');
    const second = await place.ropo('import', 'touches', 'good.jsonl', 'cut.jsonl.gz', '--data', 'shop3');
    expect(second.code).toBe(1);
    expect(second.stderr).toMatch(/cut\.jsonl\.gz is not whole/);
    expect(second.stdout).toMatch(/^good\.jsonl +1 +1 +0 +0 +0$/m);
  });
});

describe('two writers at once', () => {
  test('the second says who holds the shop; a lock whose process is gone is taken over', async () => {
    const lock = join(place.folder, 'shop', 'lock');
    writeFileSync(lock, `${process.pid} build`);
    const held = await place.ropo('build', '--data', 'shop');
    expect(held).toMatchObject({ code: 1, stdout: '' });
    expect(held.stderr).toBe(
      `ropo: shop is in use: process ${process.pid} is at "build". Wait for it, or give --data another folder\n`,
    );
    expect(readFileSync(lock, 'utf8')).toBe(`${process.pid} build`);
    writeFileSync(lock, '4194304999 build');
    const taken = await place.ropo('build', '--data', 'shop');
    expect(taken).toMatchObject({ code: 0, stderr: '' });
    expect(taken.stdout).toMatch(/Published build \d{8}T\d{6}-[0-9a-f]{8}\.\n$/);
    expect(existsSync(lock)).toBe(false);
  });

  test('readers do not mind a writer', async () => {
    writeFileSync(join(place.folder, 'shop', 'lock'), `${process.pid} build`);
    expect(
      await place.ropo('sql', 'SELECT count(*) AS n FROM conversions', '--format', 'csv', '--data', 'shop'),
    ).toEqual({
      code: 0,
      stdout: 'n\r\n1\r\n',
      stderr: '',
    });
  });
});
