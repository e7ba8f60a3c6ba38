import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { runPhase } from '../../lib/bench/phase-process.ts';
import { type BenchShop, PHASES, type PhaseName, type PhaseResult } from '../../lib/bench/phases.ts';
import { type BenchResults, benchText } from '../../lib/bench/show-bench.ts';
import { targetOutcomes } from '../../lib/bench/targets.ts';

const folder = mkdtempSync(join(tmpdir(), 'ropo-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the phases of the bench', () => {
  test('measure, scan what they read, and are shown', async () => {
    const shop: BenchShop = {
      input: join(folder, 'input'),
      root: join(folder, 'shop'),
      touchpoints: 2_000,
      seed: 1,
      files: [],
    };
    const results: BenchResults = {};
    const order: PhaseName[] = [
      'generate',
      'import',
      'scan-input',
      'build',
      'scan-raw-tables',
      'report',
      'scan-published',
    ];
    for (const phase of order) {
      const result: PhaseResult =
        phase === 'import' ? await runPhase(phase, shop) : await PHASES[phase](shop);
      results[phase] = result;
      if (result.files) shop.files = result.files;
      expect(result.seconds, phase).toBeGreaterThan(0);
      expect(result.peakBytes, phase).toBeGreaterThan(10e6);
    }
    expect(results['scan-input']!.rows).toBe(results.import!.rows);
    expect(results['scan-raw-tables']!.rows).toBe(
      results.import!.rows + shop.files.find(({ kind }) => kind === 'receipts')!.lines,
    );
    const rowsOf = (table: string) => results.build!.parts.find(({ name }) => name === table)!.rows;
    expect(rowsOf('touchpoints')).toBeGreaterThan(1_900);
    expect(rowsOf('touchpoints')).toBeLessThanOrEqual(2_000);
    expect(rowsOf('conversions')).toBe(80);
    expect(rowsOf('credits')).toBeGreaterThan(80);

    const text = benchText(shop.touchpoints, results);
    for (const title of ['Import by kind', 'Build by table', 'Report by KPI', 'Target'])
      expect(text).toContain(title);
    expect(text).toContain('not measured at this size');
  });

  test('a phase that fails says which and why', async () => {
    const shop = { input: join(folder, 'none'), root: join(folder, 'broken'), touchpoints: 1, seed: 1 };
    const missing = join(folder, 'missing.jsonl');
    await expect(
      runPhase('import', { ...shop, files: [{ kind: 'touches', path: missing, lines: 1, bytes: 1 }] }),
    ).rejects.toThrow(/Bench phase import failed: .*missing\.jsonl/s);
  });

  test('a target is met, not met, or beyond what the run can say', () => {
    const phase = (rows: number, seconds: number, peakBytes: number) => ({
      rows,
      seconds,
      peakBytes,
      cpuSeconds: seconds,
      parts: [],
    });
    const outcomes = (touchpoints: number) =>
      targetOutcomes(touchpoints, { import: phase(999_999, 10, 1e9), build: phase(1, 59.9, 4.1e9) }).map(
        ({ isMet }) => isMet,
      );
    expect(outcomes(10_000_000)).toEqual([false, true, false]);
    expect(outcomes(9_999_999)).toEqual([false, null, null]);
  });
});
