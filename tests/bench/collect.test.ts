import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type LoadResult, loadServer } from '../../lib/bench/collect/http-load.ts';
import { type IngestResult, runIngest } from '../../lib/bench/collect/ingest-job.ts';
import { IDENTIFIERS_PER_PERSON, messageSource } from '../../lib/bench/collect/messages.ts';
import { collectBenchText } from '../../lib/bench/collect/show-collect.ts';
import { collectTargetOutcomes } from '../../lib/bench/targets.ts';
import { webEventOf } from '../../lib/formats/segment-event.ts';

const folder = mkdtempSync(join(tmpdir(), 'ropo-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the messages of the bench are of as many persons and identifiers as they promise, each with its own id', () => {
  const persons = 800;
  const texts = messageSource(persons, 1).next(2000, Date.UTC(2026, 0, 1));
  const events = texts.map((text) => webEventOf(JSON.parse(text) as Record<string, unknown>));
  const values = (name: string) =>
    new Set(
      events.flatMap((event) => {
        if (typeof event === 'string') throw new Error(event);
        return event[name] === undefined ? [] : [event[name]];
      }),
    );
  expect(values('event_id').size).toBe(2000);
  expect(values('anonymous_id').size).toBe(persons);
  expect(values('consent')).toEqual(new Set(['granted']));
  const identifiers = ['anonymous_id', 'customer_id', 'loyalty_id'].map((name) => values(name).size);
  expect(identifiers.reduce((a, b) => a + b, 0)).toBe(persons * IDENTIFIERS_PER_PERSON);
  expect(texts[0]!.length).toBeGreaterThan(500);
});

describe('the bench of the collector', () => {
  test('takes every event in, measures it in a process of its own, and leaves nothing', async () => {
    const root = join(folder, 'ingest');
    const result = await runIngest({ root, events: 3000, identifiers: 1000 });
    expect(result.events).toBe(3000);
    for (const measured of [result.seconds, result.cpuSeconds, result.parseSeconds, result.last.seconds])
      expect(measured).toBeGreaterThan(0);
    expect(result.peakBytes).toBeGreaterThan(10e6);
    expect(result.bytes).toBeGreaterThan(3000 * 500);
    expect(existsSync(root)).toBe(false);
  });

  test('loads both servers, each of which answers everything', async () => {
    for (const kind of ['bare', 'collector'] as const) {
      const { requests, perSecond, p99, failed } = await loadServer(kind, join(folder, kind), 1);
      expect(failed, kind).toBe(0);
      expect(requests, kind).toBeGreaterThan(0);
      expect(perSecond, kind).toBeGreaterThan(0);
      expect(p99, kind).toBeGreaterThan(0);
    }
  });
});

describe('what the bench shows', () => {
  const ingest: IngestResult = {
    events: 200_000,
    identifiers: 100_000,
    seconds: 4,
    cpuSeconds: 5,
    parseSeconds: 0.5,
    last: { events: 20_000, seconds: 0.5, cpuSeconds: 0.4 },
    peakBytes: 500e6,
    bytes: 140e6,
  };
  const load: LoadResult = { perSecond: 2000, p99: 90, p50: 40, requests: 20_000, failed: 0, peakBytes: 2e8 };

  test('is one core, whichever of clock and processor is more, beside bare parsing', () => {
    const text = collectBenchText(ingest, load, { ...load, perSecond: 8000, p99: 30 });
    expect(text.split('\n').find((line) => line.startsWith('all '))).toMatch(/40,000 +400,000 +10\.0 x/);
    expect(text.split('\n').find((line) => line.startsWith('the last tenth'))).toMatch(
      /40,000 +400,000 +8\.0 x/,
    );
    expect(text).toContain('25% of the bare server');
    expect(text).toContain('p99 3.0 x');
  });

  test('says which targets are met, and nothing of a size that was not measured', () => {
    const met = (identifiers: number, seconds: number, peakBytes: number, failed = 0) =>
      collectTargetOutcomes({ ...ingest, identifiers, peakBytes }, seconds, { ...load, failed }, load).map(
        ({ isMet }) => isMet,
      );
    expect(met(10_000_000, 4, 1e9)).toEqual([true, true, true]);
    expect(met(10_000_000, 4.1, 3e9, 1)).toEqual([false, false, false]);
    expect(met(1000, 1, 1e9)).toEqual([null, null, true]);
    expect(met(1000, 4.1, 1e9)[0]).toBe(false);
  });
});
