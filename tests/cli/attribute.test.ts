import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MODELS } from '../../lib/attribute/model-credit.ts';
import { TABLES } from '../../lib/attribute/tables.ts';
import { TRANSFORM_KINDS } from '../../lib/domain/attribution/path-transforms.ts';
import { type Workplace, workplace } from './run-ropo.ts';

/** `ropo attribute` as it is called. */
let place: Workplace;
const write = (name: string, content: string) => writeFileSync(join(place.folder, name), content);
const read = (name: string) => readFileSync(join(place.folder, name), 'utf8');

const PATHS = `path,total_conversions,total_conversion_value,total_null
Email > Paid Search,20,400.50,80
Paid Search,10,120.25,200
"Bücher, neu > Email",4,10.00,40
Direct > Direct > Email,1,5.00,9
`;

beforeAll(() => {
  place = workplace();
  write('paths.csv', PATHS);
});
afterAll(() => place?.remove());

describe('what is printed', () => {
  test('tables with totals that add up, and what they come from', async () => {
    const { code, stdout, stderr } = await place.ropo('attribute', 'paths.csv');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(
      'paths.csv: 4 rows, 4 channels, 35 conversions worth 535.75, 329 journeys without\n',
    );
    expect(stdout).toMatch(
      /^Markov order 1, path transform unique; config [0-9a-f]{12}, model version 1, seed 1$/m,
    );
    expect(stdout).toMatch(/^total +35\.00( +35\.00){6}$/m);
    expect(stdout).toMatch(/^total +535\.75( +535\.75){4}$/m);
    for (const model of MODELS.filter((name) => name !== 'additive_hazard')) expect(stdout).toContain(model);
    expect(stdout).toMatch(/^Effects: removal effects/m);
  });

  test('CSV and JSON carry their settings on every row', async () => {
    const [csv, json] = [
      await place.ropo('attribute', 'paths.csv', '--format', 'csv', '--seed', '7'),
      await place.ropo(
        'attribute',
        'paths.csv',
        '--format',
        'json',
        '--show',
        'all',
        '--models',
        'all',
        '--seed',
        '7',
      ),
    ];
    const [header, ...rows] = csv.stdout.trimEnd().split('\r\n');
    expect(header).toBe(
      'model,channel,conversions,conversion_share,value,value_share,config_hash,model_version,random_seed',
    );
    expect(rows).toHaveLength(4 * 12);
    for (const row of rows) expect(row).toMatch(/,[0-9a-f]{12},1,7$/);
    const result = JSON.parse(json.stdout) as Record<string, unknown>;
    expect(result.paths).toEqual({
      rows: 4,
      channels: 4,
      conversions: 35,
      journeys_without: 329,
      value: 535.75,
      value_decimals: 2,
      values_rounded: 0,
    });
    for (const name of Object.keys(TABLES).filter((table) => table !== 'orders')) {
      for (const row of result[name] as Record<string, unknown>[])
        expect(row, name).toMatchObject({
          config_hash: result.config_hash,
          model_version: 1,
          random_seed: 7,
        });
    }
  });

  test('the same bytes on every run and with any threads; another hash with other settings', async () => {
    const call = (...words: string[]) => place.ropo('attribute', 'paths.csv', '--format', 'json', ...words);
    const once = await call('--intervals', '20');
    expect((await call('--intervals', '20')).stdout).toBe(once.stdout);
    expect((await call('--intervals', '20', '--threads', '1')).stdout).toBe(once.stdout);
    const hash = ({ stdout }: { stdout: string }) =>
      (JSON.parse(stdout) as { config_hash: string }).config_hash;
    const hashes = [
      once,
      await call('--order', '2'),
      await call('--transform', 'first'),
      await call('--models', 'linear'),
    ];
    expect(new Set(hashes.map(hash)).size).toBe(4);
  });

  test('transforms are applied in turn', async () => {
    const words = ['--format', 'csv', '--models', 'last_touch', '--transform', 'remove_if_not_all:Direct'];
    const { stdout } = await place.ropo('attribute', 'paths.csv', ...words, '--transform', 'frequency');
    expect(stdout.split('\r\n').map((row) => row.split(',')[1])).toEqual([
      'channel',
      '"Bücher',
      'Email(1)',
      'Paid Search(1)',
      undefined,
    ]);
  });

  test('the order that is chosen is told, with those it was chosen from', async () => {
    const { stdout } = await place.ropo('attribute', 'paths.csv', '--order', 'auto');
    expect(stdout).toMatch(/^Markov order \d \(chosen\)/m);
    expect(stdout).toMatch(/^order +states +held_out_log_likelihood/m);
  });

  test('what a reader must know is said', async () => {
    write('only.csv', 'path,total_conversions\nA > B,3\n');
    write('none.csv', 'path,total_conversions,total_null\nA,0,3\n');
    expect((await place.ropo('attribute', 'only.csv')).stdout).toContain(
      'No journey ended without a conversion',
    );
    const none = await place.ropo('attribute', 'none.csv');
    expect(none.code).toBe(0);
    expect(none.stdout).toContain('No journey converted: every model credits 0');
  });
});

describe('what is written', () => {
  test('one file, or one per table, and nothing else', async () => {
    const one = await place.ropo('attribute', 'paths.csv', '--format', 'csv', '--out', 'results/credit.csv');
    expect(one).toEqual({ code: 0, stdout: '', stderr: '' });
    const printed = await place.ropo('attribute', 'paths.csv', '--format', 'csv');
    expect(read('results/credit.csv')).toBe(printed.stdout);
    const all = await place.ropo(
      'attribute',
      'paths.csv',
      '--format',
      'csv',
      '--out-dir',
      'all',
      '--show',
      'all',
    );
    expect(all.code).toBe(0);
    expect(readdirSync(join(place.folder, 'all')).sort()).toEqual([
      'credit.csv',
      'effects.csv',
      'matrix.csv',
      'positions.csv',
      'shapley.csv',
    ]);
    expect(read('all/credit.csv')).toBe(printed.stdout);
    expect(readdirSync(join(place.folder, 'results'))).toEqual(['credit.csv']);
  });

  test('is not touched by a file that cannot be read', async () => {
    write('bad.csv', `${PATHS}Email,-1,0,0\n`);
    write('kept.csv', 'as it was');
    for (const words of [
      ['--out', 'kept.csv'],
      ['--out-dir', 'never'],
    ]) {
      const { code, stdout, stderr } = await place.ropo('attribute', 'bad.csv', ...words);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toBe(
        'ropo: bad.csv has a row that cannot be read; nothing was attributed.\n  line 6: total_conversions "-1" is below zero: it must be a whole number from 0\n',
      );
    }
    expect(read('kept.csv')).toBe('as it was');
    expect(existsSync(join(place.folder, 'never'))).toBe(false);
  });
});

describe('journeys and touches', () => {
  test('are counted before they are attributed', async () => {
    write('journeys.csv', 'path,converted,value,person\nA > B,1,2.50,x\nA > B,0,0,y\nB,1,1.00,x\n');
    write(
      'touches.csv',
      'journey,touched_at,channel,converted,value\n1,1,A,1,2.50\n1,2,B,1,2.50\n2,1,A,0,\n2,5,B,0,\n3,4,B,1,1.00\n',
    );
    const [journeys, touches] = await Promise.all([
      place.ropo('attribute', 'journeys.csv', '--journeys', '--format', 'csv', '--models', 'all'),
      place.ropo('attribute', 'touches.csv', '--touches', '--format', 'csv', '--models', 'all'),
    ]);
    expect(journeys).toMatchObject({ code: 0, stderr: '' });
    expect(touches.stdout).toBe(journeys.stdout);
  });

  test('touches that cannot be read say why', async () => {
    write('bad-touches.csv', 'journey,touched_at,channel\n1,yesterday,A\n');
    const { code, stderr } = await place.ropo('attribute', 'bad-touches.csv', '--touches');
    expect(code).toBe(2);
    expect(stderr).toBe(
      'ropo: bad-touches.csv has a row that cannot be read; nothing was attributed.\n  a row: touched_at "yesterday" is neither a time nor a number\n',
    );
  });
});

describe('a call that is wrong', () => {
  test.each([
    [['none.txt'], 'There is no file none.txt'],
    [['paths.csv', '--order', '5'], 'It must be 1, 2, 3, 4 or auto'],
    [['paths.csv', '--models', 'linear,best'], 'There is no model "best". There are: first_touch, '],
    [['paths.csv', '--show', 'paths'], 'There is no table "paths"'],
    [['paths.csv', '--level', '90'], 'It must be a number from 0.5 to below 1'],
    [['paths.csv', '--transform', 'last'], 'There is no transform "last"'],
    [
      ['paths.csv', '--transform', 'remove_if_not_all:Radio'],
      'names the channel "Radio", which is in no path',
    ],
    [['paths.csv', '--journeys', '--touches'], '--journeys or --touches, not both'],
    [['paths.csv', '--format', 'csv', '--show', 'credit,effects'], 'CSV holds one table'],
    [['paths.csv', '--out', 'a', '--out-dir', 'b'], '--out FILE or --out-dir DIR, not both'],
    [['paths.csv', '--journeys'], 'there is no column "total_conversions" here'],
  ])('%j', async (words, says) => {
    const { code, stdout, stderr } = await place.ropo('attribute', ...words);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(says);
  });

  test('help names models, tables and transforms', async () => {
    const { stdout } = await place.ropo('attribute', '--help');
    const words = stdout.replace(/\s+/g, ' ');
    for (const name of [...MODELS, ...Object.keys(TABLES), ...TRANSFORM_KINDS]) expect(words).toContain(name);
  });
});
