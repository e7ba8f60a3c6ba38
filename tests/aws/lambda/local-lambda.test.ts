import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type LambdaOptions, type LocalLambda, startLambda } from './local-lambda.ts';

let folder: string;
const started: LocalLambda[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lambda-'));
});
afterEach(async () => {
  await Promise.all(started.splice(0).map((lambda) => lambda.close()));
  rmSync(folder, { recursive: true, force: true });
});

/** A function whose handler has this body; `event` and `context` are what it is called with. */
function lambdaOf(body: string, options: Partial<LambdaOptions> = {}): LocalLambda {
  mkdirSync(join(folder, 'functions/it'), { recursive: true });
  writeFileSync(
    join(folder, 'functions/it/index.mjs'),
    `let calls = 0;\nexport const handler = async (event, context) => { calls += 1; ${body} };\n`,
  );
  const lambda = startLambda({
    bundle: folder,
    handler: 'functions/it/index.handler',
    environment: {},
    ...options,
  });
  started.push(lambda);
  return lambda;
}

describe('a function run here', () => {
  test('gets and gives JSON, and nothing else', async () => {
    const lambda = lambdaOf('return { event, left: undefined, at: new Date(0), nan: NaN };');
    expect(await lambda.invoke({ a: 1, gone: undefined, when: new Date(1000) })).toEqual({
      event: { a: 1, when: '1970-01-01T00:00:01.000Z' },
      at: '1970-01-01T00:00:00.000Z',
      nan: null,
    });
  });

  test('has an environment of its own', async () => {
    process.env.ROPO_OF_THE_TEST = 'seen';
    const lambda = lambdaOf(
      'return [process.env.ROPO_OF_THE_TEST ?? null, process.env.ROPO_STREAM, context.functionName];',
      { environment: { ROPO_STREAM: 'events' } },
    );
    expect(await lambda.invoke({})).toEqual([null, 'events', 'it']);
    delete process.env.ROPO_OF_THE_TEST;
  });

  test('keeps its environment from one invocation to the next', async () => {
    const lambda = lambdaOf('return calls;', { concurrency: 1 });
    expect([await lambda.invoke({}), await lambda.invoke({}), await lambda.invoke({})]).toEqual([1, 2, 3]);
  });

  test('ends with its time, environment and all, and the next begins anew', async () => {
    const lambda = lambdaOf(
      'if (event.hangs) await new Promise(() => setInterval(() => {}, 1e6)); return calls;',
      {
        concurrency: 1,
        timeoutMs: 300,
      },
    );
    expect(await lambda.invoke({})).toBe(1);
    await expect(lambda.invoke({ hangs: true })).rejects.toMatchObject({ errorType: 'Sandbox.Timedout' });
    expect(await lambda.invoke({})).toBe(1);
  });

  test('also when it never gives the thread back', async () => {
    const lambda = lambdaOf('while (event.spins);', { timeoutMs: 300 });
    await expect(lambda.invoke({ spins: true })).rejects.toMatchObject({ errorType: 'Sandbox.Timedout' });
  });

  test('tells what it throws, and that its process ended', async () => {
    const lambda = lambdaOf('if (event.ends) process.exit(3); throw new RangeError("too far");');
    await expect(lambda.invoke({})).rejects.toMatchObject({ errorType: 'RangeError', message: 'too far' });
    await expect(lambda.invoke({ ends: true })).rejects.toMatchObject({ errorType: 'Runtime.ExitError' });
  });

  test('tells of a bundle that cannot be loaded', async () => {
    const lambda = startLambda({ bundle: folder, handler: 'functions/none/index.handler', environment: {} });
    started.push(lambda);
    await expect(lambda.invoke({})).rejects.toMatchObject({ message: expect.stringContaining('none') });
  });

  test('runs as many at once as it may, the others after them', async () => {
    const lambda = lambdaOf(
      'const began = Date.now(); await new Promise((done) => setTimeout(done, 60)); return [began, Date.now()];',
      { concurrency: 2 },
    );
    const spans = (await Promise.all(Array.from({ length: 6 }, () => lambda.invoke({})))) as [
      number,
      number,
    ][];
    const most = Math.max(...spans.map(([at]) => spans.filter(([from, to]) => from <= at && at < to).length));
    expect(most).toBe(2);
  });

  test('refuses what Lambda would refuse for its size', async () => {
    const lambda = lambdaOf('return "x".repeat(event.length);');
    await expect(lambda.invoke('x'.repeat(6 << 20))).rejects.toMatchObject({ errorType: 'RequestTooLarge' });
    await expect(lambda.invoke({ length: 6 << 20 })).rejects.toMatchObject({
      errorType: 'Function.ResponseSizeTooLarge',
    });
  });

  test('may have a clock that is wrong', async () => {
    const lambda = lambdaOf('return [Date.now(), new Date().getTime(), new Date(5).getTime()];', {
      clockSkewMs: 86_400_000,
    });
    const [now, made, given] = (await lambda.invoke({})) as number[];
    expect(now! - Date.now()).toBeGreaterThan(86_000_000);
    expect(made! - Date.now()).toBeGreaterThan(86_000_000);
    expect(given).toBe(5);
  });

  test('may die after its work, before anybody hears of it', async () => {
    const lambda = lambdaOf('return calls;', { diesBeforeAnswer: (n) => n === 2, concurrency: 1 });
    expect(await lambda.invoke({})).toBe(1);
    await expect(lambda.invoke({})).rejects.toMatchObject({ errorType: 'Sandbox.Timedout' });
    expect(await lambda.invoke({})).toBe(1);
  });
});
