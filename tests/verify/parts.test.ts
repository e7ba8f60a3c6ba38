import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contextOf, deployArguments, destroyArguments } from '../../bin/verify/cdk-commands.ts';
import { differencesOf, TOLERANCE } from '../../bin/verify/compare-answers.ts';
import { answersOf, type PreparedShop, prepareShop } from '../../bin/verify/prepared-shop.ts';
import { compare } from '../../bin/verify/real-run.ts';
import { NEEDED_OUTPUTS, outputsOf, type StackOutputs } from '../../lib/adapters/aws/verify/outputs.ts';
import { WaitedTooLong, waitUntil } from '../../lib/adapters/aws/verify/wait-until.ts';
import { KPIS } from '../../lib/domain/kpi-catalogue.ts';

const answer = (rows: Record<string, unknown>[], kpi = 'purchases') => ({ kpi, rows });

describe('answers are compared row for row', () => {
  test('equal ones have no difference', () => {
    const rows = [{ label: 'a', revenue: 0.1 + 0.2, people: 3, note: null }];
    expect(
      differencesOf(answer(rows), answer([{ label: 'a', revenue: 0.3, people: 3, note: null }])),
    ).toEqual([]);
  });

  test.each([
    ['a whole number that is another', { people: 3 }, { people: 4 }, /people: 3 on one machine, 4 on AWS/],
    ['a double beyond the tolerance', { share: 0.5 }, { share: 0.5 * (1 + 3 * TOLERANCE) }, /share/],
    ['a text', { label: 'a' }, { label: 'A' }, /label: "a" on one machine, "A" on AWS/],
    ['null where there was nothing', { label: null }, {}, /label: null on one machine, undefined/],
    ['a column too many', {}, { extra: 0 }, /extra: undefined on one machine, 0 on AWS/],
    ['null instead of zero', { people: 0 }, { people: null }, /people: 0 on one machine, null on AWS/],
  ])('%s', (_, here, there, told) => {
    expect(differencesOf(answer([here]), answer([there]))).toEqual([expect.stringMatching(told)]);
  });

  test('rows that are missing, and rows in another order', () => {
    const rows = [{ label: 'a' }, { label: 'b' }];
    expect(differencesOf(answer(rows), answer(rows.slice(0, 1)))).toEqual([
      'purchases: 2 rows on one machine, 1 on AWS',
    ]);
    expect(differencesOf(answer(rows), answer([...rows].reverse()))).toHaveLength(2);
  });

  test('a KPI that tells when records came may differ, another may not', () => {
    expect(differencesOf(answer([{ a: 1 }], 'data-freshness'), answer([], 'data-freshness'))).toEqual([]);
    expect(compare([answer([], 'ropo'), answer([{ a: 1 }])], [answer([{ a: 2 }])])).toEqual([
      'ropo: no answer on AWS',
      expect.stringContaining('purchases, row 1, a'),
    ]);
  });

  test('every KPI is asked for, and one that is not answered ends it', async () => {
    const asked: string[] = [];
    await answersOf(async (path) => {
      asked.push(path);
      return Response.json(answer([]));
    });
    expect(asked).toEqual(KPIS.map(({ name }) => `/kpis/${name}`));
    await expect(answersOf(async () => new Response('no build', { status: 503 }))).rejects.toThrow(
      /is not answered: status 503, no build/,
    );
  });
});

describe('waiting', () => {
  const clock = () => {
    let now = 0;
    return {
      now: () => now,
      sleep: async (ms: number) => {
        now += ms;
      },
    };
  };

  test('ends with the first answer', async () => {
    const at = clock();
    let asked = 0;
    const wait = { what: 'it', everyMs: 10, forMs: 100, ...at };
    expect(await waitUntil(async () => (++asked === 4 ? 'there' : undefined), wait)).toBe('there');
    expect(at.now()).toBe(30);
  });

  test('ends in time, and says what it waited for', async () => {
    const at = clock();
    let asked = 0;
    const waiting = waitUntil(
      async () => {
        asked++;
        return undefined;
      },
      { what: 'the build', everyMs: 10_000, forMs: 35_000, ...at },
    );
    await expect(waiting).rejects.toThrow(new WaitedTooLong('Waited for the build for 35 s, in vain'));
    expect(asked).toBe(4);
  });

  test('does not hide what goes wrong', async () => {
    const failing = waitUntil(
      async () => {
        throw new Error('refused');
      },
      { what: 'it', everyMs: 1, forMs: 10, ...clock() },
    );
    await expect(failing).rejects.toThrow('refused');
  });
});

describe('what the stacks tell', () => {
  const all = (stage: string): StackOutputs =>
    Object.fromEntries(
      Object.entries(NEEDED_OUTPUTS).map(([part, names]) => [
        `Ropo-${stage}-${part}`,
        Object.fromEntries(names.map((name) => [name, `the ${name}`])),
      ]),
    );

  test('is found by stack and name', () => {
    expect(outputsOf(all('verify'), 'verify').CollectorUrl).toBe('the CollectorUrl');
  });

  test('is asked for in full: of another stage, or without one, nothing is begun', () => {
    expect(() => outputsOf(all('prod'), 'verify')).toThrow(/Ropo-verify-Ingest\.CollectorUrl/);
    const some = all('verify');
    delete some['Ropo-verify-Serve']!.SignInUrl;
    expect(() => outputsOf(some, 'verify')).toThrow('The stacks do not tell of Ropo-verify-Serve.SignInUrl');
  });
});

describe('the CDK is told', () => {
  const trial = { stage: 'verify', region: 'eu-west-1', account: '123456789012' };

  test('the same to deploy and to destroy, and that nothing is kept', () => {
    const context = contextOf(trial);
    expect(context).toContain('removal=destroy');
    expect(context).toContain('account=123456789012');
    for (const words of [deployArguments(trial, 'o', 'f'), destroyArguments(trial, 'o')])
      expect(words.slice(-context.length)).toEqual(context);
    expect(contextOf({ ...trial, account: null }).join(' ')).not.toContain('account');
  });
});

describe('the demo shop as it goes to AWS', () => {
  let root: string;
  let shop: PreparedShop;
  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'ropo-verify-test-'));
    shop = await prepareShop(root, 30);
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  test('is whole: each line goes by one way', () => {
    const messages = shop.requests.flatMap((body) => JSON.parse(body).batch as unknown[]);
    expect(messages.length).toBeGreaterThan(500);
    expect(messages.every((one) => typeof one === 'object' && one !== null)).toBe(true);
    expect(shop.requests.every((body) => JSON.parse(body).batch.length <= 100)).toBe(true);
    const files = shop.files.filter(({ format }) => format !== 'segment');
    expect(shop.dropped.slice(0, files.length)).toEqual(files);
    // Lines that are no JSON cannot come in a request.
    expect(shop.dropped.slice(files.length).map(({ format }) => format)).toEqual(['segment']);
  });

  test('begins with the stores, which receipts wait for', () => {
    expect(shop.dropped[0]!.format).toBe('stores');
  });
});
