import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { compareWithSql } from '../../lib/bench/attribute/compare.ts';
import { journeyFiles } from '../../lib/bench/attribute/journey-files.ts';
import { comparisonTable } from '../../lib/bench/attribute/show-comparison.ts';

const folder = mkdtempSync(join(tmpdir(), 'ropo-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const JOURNEYS = 2000;

describe('the bench of ropo attribute', () => {
  test('makes the same files again, of the length and rate it says', async () => {
    const files = await journeyFiles(join(folder, 'a'), JOURNEYS, 1);
    const again = await journeyFiles(join(folder, 'b'), JOURNEYS, 1);
    expect(readFileSync(again.paths, 'utf8')).toBe(readFileSync(files.paths, 'utf8'));
    expect(files.touchCount / JOURNEYS).toBeGreaterThan(3.7);
    expect(files.touchCount / JOURNEYS).toBeLessThan(4.3);
    const lines = readFileSync(files.paths, 'utf8').trimEnd().split('\n').slice(1);
    expect(lines).toHaveLength(files.distinctPaths);
    const conversions = lines.reduce((sum, line) => sum + Number(line.split(',')[1]), 0);
    const nulls = lines.reduce((sum, line) => sum + Number(line.split(',')[3]), 0);
    expect(conversions + nulls).toBe(JOURNEYS);
    expect(conversions / JOURNEYS).toBeGreaterThan(0.02);
    expect(conversions / JOURNEYS).toBeLessThan(0.04);
    expect(new Set(lines.flatMap((line) => line.split(',')[0]!.split(' > '))).size).toBe(12);
  });

  test('runs product and plain SQL as processes of their own, and shows them side by side', async () => {
    const files = await journeyFiles(join(folder, 'a'), JOURNEYS, 1);
    const ran: string[] = [];
    const comparisons = await compareWithSql(files, folder, 1, (name) => ran.push(name));
    expect(ran).toHaveLength(6);
    for (const { what, product, baseline, ratio } of comparisons) {
      expect(product.seconds, what).toBeGreaterThan(0);
      expect(product.peakBytes, what).toBeGreaterThan(10e6);
      expect(baseline.peakBytes, what).toBeGreaterThan(10e6);
      expect(ratio).toBe(product.seconds / baseline.seconds);
    }
    const text = comparisonTable(JOURNEYS, comparisons);
    expect(text.split('\n')).toHaveLength(2 + comparisons.length);
    expect(text).toContain('not measured at this size');
  });

  test('a bound that is not kept is said to be so', () => {
    const run = { seconds: 1, peakBytes: 2e9 };
    const bounds = { what: 'x', against: 'y', mostRatio: 2, mostBytes: 1e9, fromJourneys: 10 };
    const table = (journeys: number, peakBytes: number) =>
      comparisonTable(journeys, [{ ...bounds, product: { ...run, peakBytes }, baseline: run, ratio: 1 }]);
    expect(table(10, 2e9)).toMatch(/NOT MET$/);
    expect(table(10, 1e9)).toMatch(/ met$/);
    expect(table(9, 2e9)).toMatch(/not measured at this size$/);
  });
});
