import { describe, expect, test } from 'vitest';
import { buildMachine } from '../../../lib/stacks/build-machine.ts';
import { execute, type Resources, StatesError } from './state-machine.ts';

/** The machine of a build against functions that only answer: its order, its retries, and how it gives up. */
const PARTS = { buildTables: 'arn:build-tables', fitModels: 'arn:fit-models', workgroup: 'ropo' };
const definition = buildMachine(PARTS);

type Payload = Record<string, unknown> & { action?: string; name?: string; step?: unknown };

interface Told {
  calls: Payload[];
  queries: string[];
  retried: { state: string; seconds: number }[];
  resources: Resources;
}

/** Answers as the functions do. `fails` is asked before each call and query. */
function told(fails: (what: string, count: number) => string | undefined = () => undefined): Told {
  const counts = new Map<string, number>();
  const failing = (what: string) => {
    counts.set(what, (counts.get(what) ?? 0) + 1);
    const error = fails(what, counts.get(what)!);
    if (error) throw new StatesError(error, `${what} failed`);
  };
  const it: Told = {
    calls: [],
    queries: [],
    retried: [],
    resources: {
      async invoke(functionName, payload) {
        const call = payload as Payload;
        it.calls.push(call);
        failing(
          functionName === 'arn:fit-models'
            ? `step ${call.step}`
            : `${call.action} ${call.name ?? ''}`.trim(),
        );
        if (functionName === 'arn:fit-models') return {};
        if (call.action === 'begin') return { build_id: 'b1', is_busy: false, merges: ['raw_sales'] };
        if (call.action === 'plan')
          return { waves: [{ makers: ['a', 'kept', 'b'] }, { makers: ['fit'] }, { makers: ['c'] }] };
        if (call.action === 'merge')
          return Number(call.step) < 2 ? { sql: `MERGE ${call.step}`, database: 'raw' } : { is_done: true };
        if (call.action === 'plan-upkeep') return { tables: ['raw_sales', 'raw_spend'] };
        if (call.action === 'upkeep')
          return call.outcome === 'done' || Number(call.step) > 2
            ? { is_done: true }
            : { sql: `OPTIMIZE ${call.table}`, database: 'raw' };
        if (call.action === 'statement') {
          if (call.name === 'kept') return { how: 'reused' };
          if (call.name === 'fit') return { how: 'step' };
          return { how: 'query', sql: `MAKE ${call.name} ${call.attempt}`, database: 'd' };
        }
        return {};
      },
      async runQuery({ sql, database, workgroup }) {
        expect(workgroup).toBe('ropo');
        expect(database).not.toBe('');
        failing(sql);
        it.queries.push(sql);
        const Statistics = { DataScannedInBytes: 7, TotalExecutionTimeInMillis: 9 };
        return { QueryExecutionId: 'q', Statistics };
      },
      onRetry: (state, seconds) => it.retried.push({ state, seconds }),
    },
  };
  return it;
}

/** The first OPTIMIZE of sales does a part and says so, as Athena does: as a failure. */
function moreRunsNeeded(run: Resources['runQuery']): Resources['runQuery'] {
  let isFirst = true;
  return async (query) => {
    if (query.sql !== 'OPTIMIZE raw_sales' || !isFirst) return await run(query);
    isFirst = false;
    throw new StatesError(
      'States.TaskFailed',
      '{"StateChangeReason":"ICEBERG_OPTIMIZE_MORE_RUNS_NEEDED: on"}',
    );
  };
}

const actions = ({ calls }: Told) =>
  calls.map(({ action, name, step }) => [action ?? 'fit', name ?? step ?? ''].join(' ').trim());

describe('the machine of a build', () => {
  test('merges, makes wave after wave, checks, and publishes last', async () => {
    const it = told();
    const { status } = await execute(definition, {}, it.resources, 'run-1');
    expect(status).toBe('SUCCEEDED');
    expect(it.queries.slice(0, 5)).toEqual(['MERGE 0', 'MERGE 1', 'MAKE a 1', 'MAKE b 1', 'MAKE c 1']);
    const order = actions(it);
    expect(order.slice(0, 5)).toEqual(['begin', 'merge 0', 'merge 1', 'merge 2', 'plan']);
    const tidied = order.indexOf('tidy') + 1;
    expect(order.slice(tidied - 5, tidied)).toEqual(['statement c', 'made c', 'check', 'publish', 'tidy']);
    expect(order[tidied]).toBe('plan-upkeep');
    expect(order.at(-1)).toBe('end-upkeep');
    expect(order.indexOf('fit fit')).toBeGreaterThan(order.indexOf('made b'));
    expect(order).not.toContain('made kept');
    expect(it.calls[0]).toEqual({ action: 'begin', execution: 'run-1' });
    expect(it.calls.find(({ action }) => action === 'made')).toEqual({
      action: 'made',
      build_id: 'b1',
      name: 'a',
      bytes: 7,
      milliseconds: 9,
    });
  });

  test('brings raw tables in order after publishing, and whatever fails of that fails no build', async () => {
    const outcomes = ({ calls }: Told, table: string) =>
      calls
        .filter(({ action, table: its }) => action === 'upkeep' && its === table)
        .map(({ outcome }) => outcome);
    const partly = told((what, count) => {
      if (what === 'OPTIMIZE raw_sales' && count === 1) return 'States.TaskFailed';
      return undefined;
    });
    partly.resources.runQuery = moreRunsNeeded(partly.resources.runQuery);
    expect((await execute(definition, {}, partly.resources)).status).toBe('SUCCEEDED');
    expect(outcomes(partly, 'raw_sales')).toEqual(['begun', 'more', 'failed', 'done']);
    expect(outcomes(partly, 'raw_spend')).toEqual(['begun', 'done']);

    const never = told((what) => (what.startsWith('OPTIMIZE') ? 'States.TaskFailed' : undefined));
    expect((await execute(definition, {}, never.resources)).status).toBe('SUCCEEDED');
    expect(outcomes(never, 'raw_sales')).toEqual(['begun', 'failed', 'failed', 'failed']);

    for (const action of ['plan-upkeep', 'upkeep']) {
      const broken = told((what) => (what === action ? 'Error' : undefined));
      expect((await execute(definition, {}, broken.resources)).status).toBe('SUCCEEDED');
      expect(actions(broken).at(-1)).toBe('end-upkeep');
      expect(actions(broken)).not.toContain('discard');
    }
  });

  test('beside another that runs answers so and touches nothing', async () => {
    const it = told();
    const answer = { build_id: '', is_busy: true, merges: [], message: 'b0 is being built' };
    const invoke: Resources['invoke'] = async (_, payload) => {
      it.calls.push(payload as Payload);
      return answer;
    };
    const { status, output } = await execute(definition, {}, { ...it.resources, invoke });
    expect({ status, output }).toEqual({ status: 'SUCCEEDED', output: answer });
    expect(actions(it)).toEqual(['begin']);
  });

  test('sends what was throttled again, later each time, up to a minute', async () => {
    const it = told((what, count) =>
      what === 'MAKE a 1' && count <= 7 ? 'Athena.TooManyRequestsException' : undefined,
    );
    const { status } = await execute(definition, {}, it.resources);
    expect(status).toBe('SUCCEEDED');
    expect(it.retried.map(({ seconds }) => seconds)).toEqual([2, 4, 8, 16, 32, 60, 60]);
    expect(it.calls.filter(({ action, name }) => action === 'statement' && name === 'a')).toHaveLength(1);
  });

  test('begins a table anew whose query failed, and repeats a merge as it is', async () => {
    const it = told((what, count) =>
      ['MAKE a 1', 'MERGE 1'].includes(what) && count === 1 ? 'States.TaskFailed' : undefined,
    );
    const { status } = await execute(definition, {}, it.resources);
    expect(status).toBe('SUCCEEDED');
    expect(it.queries.filter((sql) => sql.startsWith('MAKE a'))).toEqual(['MAKE a 2']);
    expect(it.queries.slice(0, 2)).toEqual(['MERGE 0', 'MERGE 1']);
    expect(it.retried.map(({ state }) => state)).toEqual(['RunMerge']);
  });

  test.each([
    ['a table', 'MAKE c', 'TableNotMade', 'c: MAKE c 3 failed'],
    ['a merge', 'MERGE 1', 'States.TaskFailed', 'MERGE 1 failed'],
    ['a step', 'step fit', 'States.TaskFailed', 'step fit failed'],
    ['a check', 'check', 'BuildCheckFailed', 'check failed'],
    ['the beginning', 'begin', 'Error', 'begin failed'],
    ['tidying up', 'tidy', 'Error', 'tidy failed'],
  ])('gives up when %s fails for good, discards, and says why', async (_, which, error, cause) => {
    const its = which === 'check' || which === 'begin' || which === 'tidy' ? error : 'States.TaskFailed';
    const it = told((what) => (what.startsWith(which) ? its : undefined));
    const execution = await execute(definition, {}, it.resources, 'run-2');
    expect(execution).toMatchObject({ status: 'FAILED', error, cause });
    expect(it.calls.at(-1)).toEqual({ action: 'discard', execution: 'run-2', error });
    if (which !== 'tidy') expect(actions(it)).not.toContain('publish');
  });
});

describe('the interpreter', () => {
  const machine = (States: Record<string, unknown>) => ({
    QueryLanguage: 'JSONata',
    TimeoutSeconds: 60,
    StartAt: 'A',
    States,
  });
  const run = (States: Record<string, unknown>, input: unknown = {}) =>
    execute(machine(States), input, told().resources);

  test.each([
    ['a kind of state', { A: { Type: 'Wait', Seconds: 1, End: true } }, /type Wait/],
    ['a field', { A: { Type: 'Pass', InputPath: '$', End: true } }, /InputPath/],
    ['a resource', { A: { Type: 'Task', Resource: 'arn:x', Arguments: {}, End: true } }, /arn:x/],
    ['a state that is not there', { A: { Type: 'Pass', Next: 'B' } }, /leads to B/],
    [
      'a state that nothing leads to',
      { A: { Type: 'Pass', End: true }, B: { Type: 'Succeed' } },
      /Nothing leads/,
    ],
  ])('refuses %s that it does not know', async (_, states, says) => {
    await expect(run(states)).rejects.toThrow(says);
  });

  test('fails where an expression gives nothing, as the platform does', async () => {
    const { error } = await run({ A: { Type: 'Pass', Output: '{% $states.input.nothing %}', End: true } });
    expect(error).toBe('States.QueryEvaluationError');
  });

  test('fails where a payload grows past 256 KiB', async () => {
    const { error } = await run(
      { A: { Type: 'Pass', Next: 'B' }, B: { Type: 'Succeed' } },
      'x'.repeat(262_144),
    );
    expect(error).toBe('States.DataLimitExceeded');
  });

  test('runs no more items at a time than it is told', async () => {
    let [now, most] = [0, 0];
    const it = told();
    const invoke: Resources['invoke'] = async () => {
      now += 1;
      most = Math.max(most, now);
      await new Promise((resolve) => setImmediate(resolve));
      now -= 1;
      return {};
    };
    const states = {
      A: {
        Type: 'Map',
        Items: '{% $states.input %}',
        MaxConcurrency: 3,
        ItemProcessor: {
          ProcessorConfig: { Mode: 'INLINE' },
          StartAt: 'B',
          States: {
            B: {
              Type: 'Task',
              Resource: 'arn:aws:states:::lambda:invoke',
              Arguments: { FunctionName: 'f', Payload: '{% $states.input %}' },
              Output: '{% $states.input * 2 %}',
              End: true,
            },
          },
        },
        End: true,
      },
    };
    const { output } = await execute(machine(states), [1, 2, 3, 4, 5, 6, 7], { ...it.resources, invoke });
    expect({ output, most }).toEqual({ output: [2, 4, 6, 8, 10, 12, 14], most: 3 });
  });
});
