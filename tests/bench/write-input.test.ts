import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type BenchFile, writeBenchInput } from '../../lib/bench/write-input.ts';

const TOUCHPOINTS = 3_000;
const folder = mkdtempSync(join(tmpdir(), 'ropo-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const written = new Map<string, Promise<BenchFile[]>>();
function input(name: string, seed: number): Promise<BenchFile[]> {
  const known = written.get(name) ?? writeBenchInput(join(folder, name), TOUCHPOINTS, seed);
  written.set(name, known);
  return known;
}
const linesOf = (files: BenchFile[], kind: string) =>
  readFileSync(files.find((file) => file.kind === kind)!.path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, string>);

describe('the input of the bench', () => {
  test('is the same for the same seed and another for another', async () => {
    const texts = async (name: string, seed: number) =>
      (await input(name, seed)).map(({ path }) => readFileSync(path, 'utf8'));
    expect(await texts('again', 1)).toEqual(await texts('first', 1));
    expect(await texts('other', 2)).not.toEqual(await texts('first', 1));
  });

  test('has the shape that it promises', async () => {
    const files = await input('first', 1);
    const lines = Object.fromEntries(files.map(({ kind, lines }) => [kind, lines]));
    expect(lines.touches).toBe(TOUCHPOINTS * 0.4);
    expect(lines.orders).toBe(TOUCHPOINTS * 0.02);
    expect(lines.receipts).toBe(TOUCHPOINTS * 0.02);
    expect(lines.web_events! / (TOUCHPOINTS * 0.6)).toBeCloseTo(1.3, 1);

    const events = linesOf(files, 'web_events');
    const campaigns = events.filter(({ url }) => url!.includes('utm_source='));
    expect(campaigns.length / (TOUCHPOINTS * 0.6)).toBeCloseTo(0.6, 1);
    expect(new Set(events.map(({ event_id }) => event_id)).size).toBe(events.length);
    expect(
      events.every(({ event_id, anonymous_id }) => event_id!.length === 20 && anonymous_id!.length === 20),
    ).toBe(true);

    const receipts = linesOf(files, 'receipts');
    const identified = receipts.filter(({ loyalty_id }) => loyalty_id !== undefined).length;
    expect(identified / receipts.length).toBeGreaterThan(0.4);
    expect(identified / receipts.length).toBeLessThan(0.8);
    expect(receipts.every(({ lines }) => lines!.length === 2)).toBe(true);
  });
});
