import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TSchema } from '@sinclair/typebox';
import { TypeCompiler } from '@sinclair/typebox/compiler';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { incrementalTruth } from '../../lib/demo/worlds/incremental-truth.ts';
import { simulateWorld } from '../../lib/demo/worlds/simulate-world.ts';
import { worldNamed } from '../../lib/demo/worlds/worlds.ts';
import { writeWorld } from '../../lib/demo/worlds/write-world.ts';
import type { DemoFile } from '../../lib/demo/write-shop.ts';
import { CONTRACTS, type RecordKind } from '../../lib/domain/contract/index.ts';
import { type JudgedWorld, judgeWorld } from '../../lib/validate/judge-world.ts';
import { overall } from '../../lib/validate/league.ts';
import { leagueText } from '../../lib/validate/show-league.ts';
import { leagueCsv, leagueJson } from '../../lib/validate/write-league.ts';
import { goodLines } from '../demo/read-shop.ts';
import { type TemporaryShop, temporaryShop } from '../temporary-shop.ts';

const folders: string[] = [];
const newFolder = () => {
  folders.push(mkdtempSync(join(tmpdir(), 'ropo-worlds-')));
  return folders.at(-1)!;
};
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const records = ({ file }: DemoFile) =>
  goodLines(file).map((line) => JSON.parse(line) as Record<string, unknown>);

describe('a written world', () => {
  const run = simulateWorld(worldNamed('harvest'), 400, 7);
  const truth = incrementalTruth(run);
  let files: DemoFile[];
  let directory: string;
  let shop: TemporaryShop;

  beforeAll(async () => {
    directory = newFolder();
    files = await writeWorld(run, directory);
    shop = await temporaryShop();
  });
  afterAll(() => shop.remove());

  test('is the same bytes again', async () => {
    const again = newFolder();
    await writeWorld(simulateWorld(worldNamed('harvest'), 400, 7), again);
    for (const name of [
      ...files.map(({ format }) => `${format}.jsonl`),
      'truth/incremental.json',
      'truth/causes.jsonl',
    ])
      expect(readFileSync(join(again, name)).equals(readFileSync(join(directory, name))), name).toBe(true);
  });

  test('keeps the contracts', () => {
    for (const file of files) {
      const schema: TSchema = CONTRACTS[file.format as RecordKind];
      const check = TypeCompiler.Compile(schema);
      const all = records(file);
      expect(all.length, file.format).toBeGreaterThan(0);
      for (const record of all) if (!check.Check(record)) expect.fail(JSON.stringify(record));
    }
  });

  test('is taken in whole: no record refused, every cent there, every channel by its name', async () => {
    for (const { format, file } of files) {
      const result = await shop.giveFile(format, `${format}.jsonl`, readFileSync(file));
      expect(result, format).toMatchObject({
        duplicates: 0,
        rejected: {},
        waiting: 0,
        stored: result.received,
      });
    }
    await shop.shop.build();
    const [sales] = await shop.ask(
      'SELECT CAST(sum(revenue_minor) AS bigint) AS revenue, count(*) AS orders, count(DISTINCT person_id) AS persons FROM conversions',
    );
    expect(Number(sales!.revenue)).toBe(truth.total.revenue);
    expect(Number(sales!.orders)).toBe(run.orderAt.length);
    const touched = await shop.ask('SELECT channel, count(*) AS touches FROM touchpoints GROUP BY channel');
    expect(new Map(touched.map((row) => [row.channel, Number(row.touches)]))).toEqual(
      new Map(truth.channels.map(({ channel, touches }) => [channel, touches])),
    );
    const spent = await shop.ask(
      'SELECT channel, CAST(sum(cost_minor) AS bigint) AS cost FROM spend_days GROUP BY channel',
    );
    expect(new Map(spent.map((row) => [row.channel, Number(row.cost)]))).toEqual(
      new Map(truth.channels.filter(({ spend }) => spend > 0).map(({ channel, spend }) => [channel, spend])),
    );
  });

  test('names two campaigns for each channel, and both orders and receipts', () => {
    const campaigns = new Set(records(files[2]!).map((touch) => `${touch.channel} ${touch.utm_campaign}`));
    expect(campaigns.size).toBe(2 * truth.channels.length);
    expect(records(files[3]!).length).toBeGreaterThan(records(files[4]!).length);
  });

  test('keeps its truth apart: sums by channel, and a cause for every purchase', () => {
    const known = JSON.parse(readFileSync(join(directory, 'truth', 'incremental.json'), 'utf8')) as {
      channels: { channel: string; true_share: number; realised_incremental_revenue: string }[];
      total: { realised_revenue: string };
    };
    expect(known.channels.reduce((sum, one) => sum + one.true_share, 0)).toBeCloseTo(1, 5);
    expect(Math.round(Number(known.total.realised_revenue) * 100)).toBe(truth.total.revenue);
    const touches = new Map(records(files[2]!).map((touch) => [touch.touch_id, touch]));
    const bought = new Map(
      [...records(files[3]!), ...records(files[4]!)].map((one) => [one.order_id ?? one.receipt_id, one]),
    );
    const causes = records({ format: 'causes', file: join(directory, 'truth', 'causes.jsonl') });
    expect(causes.length).toBe(bought.size);
    const sums = new Map<unknown, number>();
    for (const { document_id, caused_by, channel } of causes) {
      const purchase = bought.get(document_id)!;
      sums.set(channel, (sums.get(channel) ?? 0) + Math.round(Number(purchase.total) * 100));
      if (caused_by === null) continue;
      const touch = touches.get(caused_by)!;
      expect(touch).toMatchObject({ channel, customer_id: purchase.customer_id });
      expect(String(touch.occurred_at) < String(purchase.occurred_at)).toBe(true);
    }
    for (const { channel, realised_incremental_revenue } of known.channels)
      expect(Math.round(Number(realised_incremental_revenue) * 100)).toBe(sums.get(channel) ?? 0);
  });
});

describe('judging', () => {
  const judged: JudgedWorld[] = [];
  const steps: string[] = [];

  beforeAll(async () => {
    for (const name of ['order', 'null']) {
      const trial = { world: worldNamed(name), persons: 500, seed: 2, root: join(newFolder(), name) };
      judged.push(await judgeWorld(trial, (step) => steps.push(step)));
      expect(existsSync(trial.root)).toBe(false);
    }
  });

  const league = () => ({
    persons: 500,
    seed: 2,
    worlds: judged,
    overall: overall(judged.map(({ world, standings }) => ({ world: world.name, standings }))),
  });

  test('has a row for every model and yardstick', () => {
    const names = judged[0]!.standings.map(({ name }) => name);
    for (const name of [
      'first_touch',
      'last_touch',
      'last_non_direct',
      'linear',
      'position_based',
      'j_shaped',
      'inverse_j',
      'time_decay',
      'additive_hazard',
      'additive_hazard (base rate kept)',
      '(uniform)',
      '(spend share)',
      '(known causes)',
    ])
      expect(names).toContain(name);
    expect(steps.slice(0, 3)).toEqual(['simulated and written', 'imported', 'built']);
  });

  test('finds that no model credits more than there is', () => {
    for (const { standings } of judged)
      for (const { creditedPart } of standings) {
        expect(creditedPart).toBeGreaterThan(0);
        expect(creditedPart).toBeLessThan(1 + 1e-12);
      }
    expect(judged[0]!.standings.find(({ name }) => name === '(uniform)')!.creditedPart).toBeCloseTo(1, 12);
  });

  test('credits less where the base rate keeps its own', () => {
    for (const { standings } of judged) {
      const part = (wanted: string) => standings.find(({ name }) => name === wanted)!.creditedPart;
      expect(part('additive_hazard (base rate kept)')).toBeLessThan(part('additive_hazard'));
    }
  });

  test('shows bias that cancels out over the channels', () => {
    for (const { bias } of judged[0]!.standings) expect(bias!.reduce((a, b) => a + b, 0)).toBeCloseTo(0, 9);
  });

  test('prints a table per world, best first, with what the words mean', () => {
    const text = leagueText(league(), 'model');
    expect(text).toContain('500 persons a world, seed 2; every number is synthetic');
    expect(text).toMatch(/Model +Error +by loss +Rank corr\. +Overstates +Credited +Most too much/);
    expect(text).toMatch(/last_touch +- +- +all of it +\d+\.\d%/);
    expect(text).toContain('worse than no model');
    expect(leagueText(league(), 'channel')).toMatch(/true share +\d+\.\d%/);
  });

  test('writes CSV and JSON that programs read', () => {
    const lines = leagueCsv(league(), 'model').split('\r\n');
    expect(lines[0]).toBe(
      'world,model,kind,error,error_by_loss,rank_correlation,overstatement,credited_part',
    );
    expect(lines).toContainEqual(expect.stringMatching(/^null,last_touch,model,,,,all of it,0\.\d+$/));
    const byChannel = leagueCsv(league(), 'channel').trimEnd().split('\r\n');
    expect(byChannel.length).toBe(1 + judged.reduce((sum, { standings }) => sum + standings.length * 12, 0));
    const json = JSON.parse(leagueJson(league())) as { worlds: { world: string; standings: object[] }[] };
    expect(json.worlds.map(({ world }) => world)).toEqual(['order', 'null']);
    expect(json.worlds[1]!.standings[0]).toMatchObject({ error: null, overstatement: 'all of it' });
  });
});
