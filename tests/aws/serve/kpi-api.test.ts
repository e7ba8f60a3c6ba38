import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { FunctionBundle } from '../../../bin/bundle-functions.ts';
import { KPIS } from '../../../lib/domain/kpi-catalogue.ts';
import type { KpiAnswer } from '../../../lib/pipeline/kpi-answer.ts';
import { bundleOf } from '../lambda/bundled-functions.ts';
import { httpApi } from '../lambda/http-api.ts';
import { type LocalLambda, startLambda } from '../lambda/local-lambda.ts';
import { type AuthorizationServer, startAuthorizationServer } from './authorization-server.ts';
import { type KpiShop, kpiShop } from './kpi-shop.ts';

/** The bundle as it is deployed, over Athena and S3, beside the API of one machine over the same shop. */
let shop: KpiShop;
let server: AuthorizationServer;
let bundle: FunctionBundle;
let builds = 0;
const running: LocalLambda[] = [];
const PATIENTLY = { timeout: 120_000, interval: 100 };

beforeAll(async () => {
  [shop, server, bundle] = await Promise.all([kpiShop(), startAuthorizationServer(), bundleOf('kpi-api')]);
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.close()));
});
afterAll(async () => {
  await Promise.all([shop?.close(), server?.close()]);
});

/** A new process of the function. */
function coldStart(timeoutMs = 30_000): LocalLambda {
  const lambda = startLambda({
    bundle: bundle.asset,
    handler: bundle.handler,
    environment: {
      ...shop.environment,
      ROPO_TOKEN_ISSUER: server.issuer,
      ROPO_TOKEN_AUDIENCE: `${server.client},program`,
    },
    timeoutMs,
    concurrency: 1,
  });
  running.push(lambda);
  return lambda;
}

const reader = (lambda: LocalLambda, claims: Record<string, unknown> = {}) => {
  const api = httpApi(lambda);
  return async (path: string, headers: Record<string, string> = {}, method = 'GET') => {
    const authorization = `Bearer ${await server.accessToken(claims)}`;
    return api(`https://figures.example${path}`, { method, headers: { authorization, ...headers } });
  };
};
const newBuild = async (without?: RegExp): Promise<string> => {
  builds += 1;
  const id = `20260101T00000${builds}Z-abcd`;
  await shop.publish(id, without);
  return id;
};
const queriesSince = (before: number) => shop.athena.executions.length - before;
/** An answer without what tells the builds apart. */
const figuresOf = ({ build_id, ...rest }: KpiAnswer) => rest;

describe('the function kpi-api', () => {
  test('says that nothing is built before the first build', async () => {
    const answer = await reader(coldStart())('/v1/kpis/purchases');
    expect([answer.status, ((await answer.json()) as { type: string }).type]).toEqual([
      503,
      'urn:ropo:problem:nothing-built',
    ]);
  });

  test('answers every KPI as one machine does', async () => {
    await newBuild();
    const get = reader(coldStart());
    const unlike: string[] = [];
    for (const { name } of KPIS) {
      const path = `/v1/kpis/${name}`;
      const [there, here] = await Promise.all([get(path), shop.local.get(path)]);
      expect([name, there.status]).toEqual([name, here.status]);
      const [far, near] = (await Promise.all([there.json(), here.json()])) as [KpiAnswer, KpiAnswer];
      try {
        expect(figuresOf(far)).toEqual(figuresOf(near));
      } catch (error) {
        unlike.push(`${name}: ${(error as Error).message.slice(0, 2000)}`);
      }
    }
    expect(unlike).toEqual([]);
  });

  test('writes CSV and Parquet, and sends nothing again to who has it', async () => {
    const id = await newBuild();
    const get = reader(coldStart());
    for (const format of ['csv', 'parquet']) {
      const path = `/v1/kpis/purchases?by=month&format=${format}`;
      const [there, here] = await Promise.all([get(path), shop.local.get(path)]);
      const [far, near] = await Promise.all([there.arrayBuffer(), here.arrayBuffer()]);
      expect(there.headers.get('content-type')).toBe(here.headers.get('content-type'));
      // Both name their build beside the rows: in the same number of bytes.
      if (format === 'csv') expect(Buffer.from(far).toString()).toBe(Buffer.from(near).toString());
      else expect(Buffer.from(far).subarray(0, 4).toString()).toBe('PAR1');
      const again = await get(path, { 'if-none-match': there.headers.get('etag')! });
      expect([again.status, (await again.arrayBuffer()).byteLength]).toEqual([304, 0]);
    }
    expect(((await (await get('/v1/build')).json()) as { build_id: string }).build_id).toBe(id);
  });

  test('lets nobody in without a good token, and each role as far as it goes', async () => {
    await newBuild();
    const lambda = coldStart();
    const stranger = await httpApi(lambda)('https://figures.example/v1/kpis');
    expect([stranger.status, stranger.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="ropo"']);
    const partner = reader(lambda, { 'cognito:groups': ['partner'] });
    expect((await partner('/v1/kpis/channel-economics')).status).toBe(403);
    expect((await partner('/v1/kpis/purchases/why')).status).toBe(403);
    const seen = (await (await partner('/v1/kpis/purchases?by=month')).json()) as KpiAnswer;
    expect(seen.audience).toBe('outside');
    const program = { sub: 'program', client_id: 'program', scope: 'ropo/marketer' };
    const asProgram = reader(lambda, { ...program, 'cognito:groups': undefined });
    expect((await asProgram('/v1/kpis/purchases')).status).toBe(200);
    expect((await asProgram('/v1/kpis/cost-assumptions')).status).toBe(403);
    const idToken = reader(lambda, { token_use: 'id', client_id: undefined, aud: server.client });
    expect((await idToken('/v1/kpis')).status).toBe(401);
    expect((await reader(lambda)('/v1/kpis/purchases?by=nothing')).status).toBe(400);
    expect((await reader(lambda)('/v1/kpis/purchases', {}, 'HEAD')).status).toBe(200);
  });

  test('says which build is too old for a question', async () => {
    await newBuild(/^data_freshness$/);
    const get = reader(coldStart());
    expect((await get('/v1/kpis/purchases')).status).toBe(200);
    const old = await get('/v1/kpis/data-freshness');
    expect([old.status, ((await old.json()) as { type: string }).type]).toEqual([
      503,
      'urn:ropo:problem:old-build',
    ]);
  });

  test('follows a new build, and never answers of two', async () => {
    const first = await newBuild();
    const get = reader(coldStart());
    const buildOf = async () =>
      ((await (await get('/v1/kpis/purchases?by=month')).json()) as KpiAnswer).build_id;
    expect(await buildOf()).toBe(first);
    const second = await newBuild();
    await expect.poll(buildOf, { timeout: 120_000, interval: 100 }).toBe(second);
  });
});

describe('queries of Athena for a question', () => {
  test('are few for the first of a build, one for another, and none for what any process has asked', async () => {
    const id = await newBuild();
    const first = reader(coldStart());
    let before = shop.athena.executions.length;
    await first('/v1/kpis/purchases?by=month');
    // Five facts of the build and the question itself, at the same time.
    expect(queriesSince(before)).toBe(6);
    before = shop.athena.executions.length;
    await first('/v1/kpis/purchases?by=all');
    expect(queriesSince(before)).toBe(1);
    before = shop.athena.executions.length;
    await first('/v1/kpis/purchases?by=month');
    await first('/v1/kpis/purchases?by=month&format=csv');
    const second = reader(coldStart());
    const partner = reader(coldStart(), { 'cognito:groups': ['partner'] });
    expect((await second('/v1/kpis/purchases?by=month')).status).toBe(200);
    expect((await partner('/v1/kpis/purchases?by=month')).status).toBe(200);
    expect(queriesSince(before)).toBe(0);
    expect(readdirSync(join(shop.s3.folder, 'lake/builds', id, 'answers'))).toHaveLength(7);
  });

  test('are shared by processes that ask the same at the same time', async () => {
    await newBuild();
    const all = Array.from({ length: 4 }, () => reader(coldStart()));
    const before = shop.athena.executions.length;
    const calls = shop.athena.faults.calls.StartQueryExecution ?? 0;
    const startsSince = () => (shop.athena.faults.calls.StartQueryExecution ?? 0) - calls;
    const { release, started } = shop.athena.holdQuery(/sold/);
    const answers = Promise.all(all.map((get) => get('/v1/kpis/purchases?by=month')));
    await started;
    // Another process has asked for a query that is there already.
    await expect.poll(startsSince, PATIENTLY).toBeGreaterThan(6);
    release();
    expect((await answers).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(queriesSince(before)).toBe(6);
  });

  test('hold values as values, whatever stands in them', async () => {
    await newBuild();
    const get = reader(coldStart());
    const nasty = "x' OR 1=1 --";
    const path = `/v1/kpis/attribution?by=campaign&channel=${encodeURIComponent(nasty)}`;
    const [there, here] = await Promise.all([get(path), shop.local.get(path)]);
    expect(there.status).toBe(here.status);
    const rows = ((await there.json()) as KpiAnswer).rows;
    expect(rows).toEqual(((await here.json()) as KpiAnswer).rows);
    const asked = shop.athena.executions.map(({ sql, parameters }) => [sql, ...parameters].join('\n'));
    const its = asked.filter((text) => text.includes('OR 1=1'));
    expect(its.length).toBeGreaterThan(0);
    for (const text of its) expect(text.replaceAll("'x'' OR 1=1 --'", '')).not.toContain('OR 1=1');
  });

  test('that take long are answered with when to come again, and go on', async () => {
    await newBuild();
    // The function answers two seconds before its time is up.
    const get = reader(coldStart(3500));
    await expect.poll(async () => (await get('/v1/kpis/purchases?by=all')).status, PATIENTLY).toBe(200);
    const before = shop.athena.executions.length;
    const { release, started } = shop.athena.holdQuery(/sold/);
    const early = await get('/v1/kpis/purchases?by=month');
    expect([early.status, early.headers.get('retry-after')]).toEqual([503, '5']);
    await started;
    release();
    await expect.poll(async () => (await get('/v1/kpis/purchases?by=month')).status, PATIENTLY).toBe(200);
    expect(queriesSince(before)).toBe(1);
  });

  test('that fail are the failure of the question, and tell the reader nothing of the data', async () => {
    await newBuild();
    const lambda = coldStart();
    const get = reader(lambda);
    await get('/v1/kpis/purchases?by=all');
    shop.athena.failQuery(/sold/, {
      reason: "INVALID_CAST_ARGUMENT: Cannot cast 'anna@x.example' to bigint",
      category: 2,
    });
    const failed = await get('/v1/kpis/purchases?by=month');
    expect(failed.status).toBe(500);
    expect(await failed.text()).not.toContain('anna');
    expect(lambda.logs.join('\n')).toContain('/v1/kpis/:kpi');
    expect(lambda.logs.join('\n')).not.toContain('anna');
    expect((await get('/v1/kpis/purchases?by=month')).status).toBe(200);
  });
});
