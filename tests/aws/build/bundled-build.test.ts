import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { currentBuild } from '../../../lib/adapters/embedded/warehouse.ts';
import { type TemporaryShop, temporaryShop } from '../../temporary-shop.ts';
import { bundleOf } from '../lambda/bundled-functions.ts';
import { type LocalLambda, startLambda } from '../lambda/local-lambda.ts';
import { type BuildShop, expectSuccess, type Invoke, openBuildShop, putSeed } from './build-shop.ts';
import { differences, landRows } from './landing.ts';

/** The machine of a build with the functions as they are deployed. */
let here: TemporaryShop;
let there: BuildShop;
const functions = new Map<string, LocalLambda>();

async function deployed(environment: Record<string, string>): Promise<Invoke> {
  for (const name of ['build-tables', 'fit-models']) {
    const { asset, handler } = await bundleOf(name);
    functions.set(
      name,
      startLambda({ bundle: asset, handler, environment, timeoutMs: 120_000, concurrency: 3 }),
    );
  }
  return (name, event) => functions.get(name)!.invoke(event);
}

beforeAll(async () => {
  here = await temporaryShop();
  await here.give({
    touches: [
      {
        touch_id: 't1',
        occurred_at: '2025-02-27T10:00:00Z',
        touch_type: 'click',
        utm_source: 'a',
        utm_medium: 'email',
        customer_id: 'c1',
      },
    ],
    orders: [
      {
        order_id: 'o1',
        occurred_at: '2025-03-01T10:00:00Z',
        currency: 'EUR',
        customer_id: 'c1',
        lines: [{ amount: '10.01' }],
      },
    ],
  });
  await here.shop.build();
  there = await openBuildShop(deployed);
  putSeed(there, 'settings.csv', readFileSync(join(here.shop.directory.seeds, 'settings.csv'), 'utf8'));
  await landRows(here.shop.directory, there.lake, [{ day: '2026-01-14' }]);
}, 300_000);
afterAll(async () => {
  for (const one of functions.values()) await one.close();
  await there?.close();
  here?.remove();
});

test('the shipped functions make the build of one machine, and say nothing of records', async () => {
  expectSuccess(await there.run());
  const { build_id, tables } = there.manifest();
  const build = currentBuild(here.shop.directory)!;
  const found = await differences(
    here.shop.directory,
    tables.map(({ name }) => ({
      table: name,
      here: join(here.shop.directory.builds, build, `${name}.parquet`),
      there: join(there.lake, 'builds', build_id, name, '**/*.parquet'),
    })),
  );
  expect(found).toEqual([]);
  expect(tables.find(({ name }) => name === 'conversions')?.rows).toBe(1);
  const said = [...functions.values()].flatMap(({ logs }) => logs).join('\n');
  expect(said).toContain('BuildSucceeded');
  expect(said).not.toMatch(/\bo1\b|\bc1\b/);
}, 400_000);
