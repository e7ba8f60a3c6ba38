import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DAY } from '../../lib/demo/calendar.ts';
import { WORLD_START } from '../../lib/demo/worlds/arrivals.ts';
import { simulateWorld, type WorldRun } from '../../lib/demo/worlds/simulate-world.ts';
import { worldNamed } from '../../lib/demo/worlds/worlds.ts';
import { writeWorld } from '../../lib/demo/worlds/write-world.ts';
import { INTERVAL_MODELS } from '../../lib/validate/interval-models.ts';
import { lookBack } from '../../lib/validate/look-back.ts';
import { worldJourneys } from '../../lib/validate/world-journeys.ts';
import { seedText } from '../pipeline/seed-file.ts';
import { type TemporaryShop, temporaryShop } from '../temporary-shop.ts';

describe('the journeys of a world are those that a build finds', () => {
  const run = simulateWorld(worldNamed('mixed'), 400, 3);
  const journeys = worldJourneys(run);
  const names = run.world.channels.map(({ name }) => name);
  let shop: TemporaryShop;

  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ropo-world-'));
    shop = await temporaryShop();
    for (const { format, file } of await writeWorld(run, folder))
      await shop.giveFile(format, `${format}.jsonl`, readFileSync(file));
    rmSync(folder, { recursive: true, force: true });
    seedText(
      shop,
      'attribution_models.csv',
      'model:varchar,basis:varchar,first_weight:double,middle_weight:double,last_weight:double,half_life_days:double,skips_direct:boolean,is_enabled:boolean,meaning:varchar,level:varchar,markov_order:bigint\nmarkov,markov,,,,,false,true,Order 1,channel,1\n',
    );
    await shop.shop.build();
  });
  afterAll(() => shop.remove());

  test('as many on each path of channels, with a purchase and without', async () => {
    const { paths } = journeys;
    const own = paths.starts.subarray(1).reduce<Record<string, [number, number]>>((all, end, path) => {
      const steps = paths.steps.subarray(paths.starts[path], end);
      const key = Array.from(steps, (step) => names[step]).join(' > ');
      all[key] = [paths.conversions[path]!, paths.nulls[path]!];
      return all;
    }, {});
    const rows = await shop.ask(`
      SELECT channel_path, CAST(sum(converts) AS integer) AS conversions, CAST(sum(1 - converts) AS integer) AS nulls
      FROM (
        SELECT channel_path, 1 AS converts FROM paths_to_conversion
        UNION ALL
        SELECT channel_path, 0 FROM paths_to_non_conversion WHERE NOT is_open
      ) GROUP BY 1`);
    const built = Object.fromEntries(
      rows.map((row) => [String(row.channel_path), [Number(row.conversions), Number(row.nulls)]]),
    );
    expect(own).toEqual(built);
    expect(journeys.rows.person.length).toBeGreaterThan(300);
    expect(paths.nulls.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(100);
  });

  test('and the same credit by every model, to the rounding of cents', async () => {
    const rows = await shop.ask(
      'SELECT model, channel, CAST(sum(revenue_minor) AS bigint) AS cents, count(*) AS bookings FROM credits GROUP BY 1, 2',
    );
    for (const model of INTERVAL_MODELS) {
      const points = model.points(journeys);
      expect(points.reduce((sum, cents) => sum + cents, 0)).toBeGreaterThan(100_000);
      for (const [channel, name] of names.entries()) {
        const row = rows.find((each) => each.model === model.name && each.channel === name);
        const difference = Math.abs(points[channel]! - Number(row?.cents ?? 0));
        expect(difference, `${model.name} ${name}`).toBeLessThanOrEqual(Number(row?.bookings ?? 0) / 2 + 1);
      }
    }
  });

  test('and the same spend', async () => {
    const rows = await shop.ask(
      'SELECT channel, CAST(sum(cost_minor) AS bigint) AS cents FROM spend_days GROUP BY 1',
    );
    for (const [channel, name] of names.entries())
      expect(journeys.spend[channel], name).toBe(
        Number(rows.find((row) => row.channel === name)?.cents ?? 0),
      );
  });
});

describe('looking back', () => {
  const at = (...days: number[]) => Float64Array.from(days, (day) => WORLD_START + day * DAY);
  const runOf = (touchAt: Float64Array, orderAt: Float64Array) =>
    ({
      persons: 1,
      touchStarts: Int32Array.of(0, touchAt.length),
      touchAt,
      orderStarts: Int32Array.of(0, orderAt.length),
      orderAt,
    }) as WorldRun;

  test('takes a touch on the very edge of the window and at the very instant, none older, none later', () => {
    const { first, end } = lookBack(runOf(at(0, 5, 20, 35, 36), at(35, 36, 70)));
    expect([...first]).toEqual([1, 2, 5]);
    expect([...end]).toEqual([4, 5, 5]);
  });

  test('takes no more than the last fifty', () => {
    const touches = Array.from({ length: 60 }, (_, place) => place / 10);
    const { first, end } = lookBack(runOf(at(...touches), at(5.85, 7)));
    expect([...first]).toEqual([9, 10]);
    expect([...end]).toEqual([59, 60]);
  });
});
