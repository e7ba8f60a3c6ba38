import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { estimate } from '../../lib/cost/estimate.ts';
import { BadPrices, costOf, PRICES, type PriceName, pricesWith } from '../../lib/cost/prices.ts';
import { usageOf } from '../../lib/cost/usage.ts';
import { type Workload, workloadOf } from '../../lib/cost/workload.ts';

const workloads: fc.Arbitrary<Workload> = fc.record({
  eventsPerMonth: fc.integer({ min: 1, max: 2 ** 40 }),
  historyMonths: fc.integer({ min: 1, max: 120 }),
  buildsPerDay: fc.integer({ min: 0, max: 96 }),
  messagesPerRequest: fc.integer({ min: 1, max: 500 }),
  peakFactor: fc.double({ min: 1, max: 100, noNaN: true }),
  questionsPerBuild: fc.integer({ min: 0, max: 10_000 }),
});

const lineOf = (workload: Workload, service: string, what: string) =>
  estimate(workload).lines.find((line) => line.service === service && line.what === what)!;

describe('a price', () => {
  test('of steps is counted step by step', () => {
    expect(costOf(PRICES.httpApiRequests, 0)).toBe(0);
    expect(costOf(PRICES.httpApiRequests, 300e6)).toBeCloseTo(360, 9);
    expect(costOf(PRICES.httpApiRequests, 400e6)).toBeCloseTo(300 * 1.2 + 100 * 1.08, 9);
  });

  test('has steps that rise, one last step, and a page to compare it with', () => {
    for (const { steps, per, page } of Object.values(PRICES)) {
      expect(steps.at(-1)!.upTo).toBeNull();
      const ends = steps.slice(0, -1).map(({ upTo }) => upTo!);
      expect(ends).toEqual([...ends].sort((a, b) => a - b));
      expect(per).toBeGreaterThan(0);
      expect(page).toMatch(/pricing/);
    }
  });

  test('can be given anew, and only under its name', () => {
    const own = pricesWith('{"athenaScanned": 4.5}');
    expect(costOf(own.athenaScanned, 2e12)).toBe(9);
    expect(own.s3Puts).toEqual(PRICES.s3Puts);
    expect(() => pricesWith('{"athena": 4}')).toThrow(/no price "athena".*athenaScanned/);
    expect(() => pricesWith('{"athenaScanned": "4"}')).toThrow(/athenaScanned is "4"; it must be a number/);
    expect(() => pricesWith('{"athenaScanned": -1}')).toThrow(BadPrices);
    expect(() => pricesWith('[1]')).toThrow(/must be a JSON object/);
    expect(() => pricesWith('{')).toThrow(/not JSON/);
  });
});

describe('a month by hand', () => {
  const million = workloadOf(1e6);

  test('of a million events that come one by one', () => {
    // 1 million requests at 1.20; the stream 730 hours at 0.048; 1,000,000 x 1,217 bytes at 0.096 a GB.
    expect(lineOf(million, 'API Gateway', 'requests to the collector').usd).toBeCloseTo(1.2, 9);
    expect(lineOf(million, 'Kinesis', 'the stream').usd).toBeCloseTo(35.04, 9);
    expect(lineOf(million, 'Kinesis', 'records in').usd).toBeCloseTo(1.217 * 0.096, 9);
    // 1 million calls of 30 ms with a GB.
    expect(lineOf(million, 'Lambda', 'time of collect').usd).toBeCloseTo(30_000 * 0.0000133334, 9);
    // 2,000 batches of 500.
    expect(lineOf(million, 'Lambda', 'calls of ingest').units).toBeCloseTo(0.002, 12);
  });

  test('builds read the whole history, once a day', () => {
    // 13 million events x 1,389 bytes = 18.057 GB a build, 365 / 12 builds, USD 5 a TB.
    expect(lineOf(million, 'Athena', 'builds').usd).toBeCloseTo((0.018057 * 365 * 5) / 12, 6);
    expect(lineOf({ ...million, historyMonths: 1, eventsPerMonth: 1 }, 'Athena', 'builds').usd).toBeCloseTo(
      // 364 queries of 10 MB at the least.
      (0.00364 * 365 * 5) / 12,
      6,
    );
  });

  test('messages in batches are fewer requests and as many records', () => {
    const batched = { ...million, messagesPerRequest: 100 };
    expect(lineOf(batched, 'API Gateway', 'requests to the collector').usd).toBeCloseTo(0.012, 9);
    expect(lineOf(batched, 'Kinesis', 'records in')).toEqual(lineOf(million, 'Kinesis', 'records in'));
  });
});

describe('any month', () => {
  test('adds up, line by line and service by service', () => {
    fc.assert(
      fc.property(workloads, (workload) => {
        const { lines, services, total, perMillion } = estimate(workload);
        const sum = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0);
        expect(sum(lines.map(({ usd }) => usd))).toBeCloseTo(total, 6);
        expect(sum(services.map(({ usd }) => usd)) / total).toBeCloseTo(1, 9);
        expect((perMillion * workload.eventsPerMonth) / 1e6 / total).toBeCloseTo(1, 9);
      }),
    );
  });

  test('what is bought at one price in several lines costs what all of it costs', () => {
    fc.assert(
      fc.property(workloads, (workload) => {
        const { lines } = estimate(workload);
        for (const name of Object.keys(PRICES) as PriceName[]) {
          const same = lines.filter(({ price }) => price === name);
          const quantity = same.reduce((all, line) => all + line.quantity, 0);
          const usd = same.reduce((all, line) => all + line.usd, 0);
          const whole = costOf(PRICES[name], quantity);
          expect(Math.abs(usd - whole)).toBeLessThanOrEqual(1e-6 * Math.max(1, whole));
        }
      }),
    );
  });

  test('never costs less with more events, more history, more builds or more questions', () => {
    fc.assert(
      fc.property(
        workloads,
        fc.constantFrom('eventsPerMonth', 'historyMonths', 'buildsPerDay', 'questionsPerBuild' as const),
        fc.integer({ min: 1, max: 1000 }),
        (workload, part, more) => {
          const dearer = { ...workload, [part]: workload[part as keyof Workload] + more };
          expect(estimate(dearer).total).toBeGreaterThanOrEqual(estimate(workload).total * (1 - 1e-12));
        },
      ),
    );
  });

  test('has no negative and no endless quantity, and every price is used', () => {
    fc.assert(
      fc.property(workloads, (workload) => {
        for (const { quantity } of usageOf(workload)) {
          expect(quantity).toBeGreaterThanOrEqual(0);
          expect(Number.isFinite(quantity)).toBe(true);
        }
      }),
    );
    expect(new Set(usageOf(workloadOf(1e6)).map(({ price }) => price))).toEqual(new Set(Object.keys(PRICES)));
  });

  test('dearer prices make a dearer month, by as much as is bought', () => {
    const usual = estimate(workloadOf(1e8));
    const doubled = estimate(workloadOf(1e8), pricesWith('{"athenaScanned": 10}'));
    const athena = usual.services.find(({ service }) => service === 'Athena')!.usd;
    expect(doubled.total - usual.total).toBeCloseTo(athena, 6);
  });
});
