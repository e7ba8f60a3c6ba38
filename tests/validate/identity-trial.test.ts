import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SLIP_RATES, type Slip } from '../../lib/demo/identity-noise.ts';
import { type TriedIdentity, tryIdentity } from '../../lib/validate/identity/identity-trial.ts';
import { identityTrialCsv, identityTrialText } from '../../lib/validate/identity/show-identity-trial.ts';

/** Few people, so that it is quick: the page has the figures of many. */
const PERSONS = 400;
const folders: string[] = [];
const tried = new Map<number, TriedIdentity>();
const slipsAt = (noise: number): Slip[] =>
  readFileSync(join(folders[noise === 1 ? 0 : 1]!, 'demo', 'truth', 'slips.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Slip);

beforeAll(async () => {
  for (const noise of [1, 40]) {
    const folder = mkdtempSync(join(tmpdir(), 'ropo-validate-'));
    folders.push(folder);
    tried.set(noise, await tryIdentity({ persons: PERSONS, seed: 3, noise }, folder));
  }
}, 240_000);
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

describe('who is who in a demo shop whose people are known', () => {
  test('is told nearly always, and no two households come together', () => {
    const usual = tried.get(1)!;
    expect(usual.judged).toBeGreaterThan(800);
    expect(usual.pair_precision).toBeGreaterThan(0.97);
    expect(usual.pair_recall).toBeGreaterThan(0.96);
    expect(usual.person_f1).toBeGreaterThan(0.97);
    expect(usual.household_precision).toBeGreaterThan(0.999);
  });

  test('is told less surely the more slips there are, and they are of every kind', () => {
    const noisy = tried.get(40)!;
    expect(noisy.slips).toBeGreaterThan(tried.get(1)!.slips * 10);
    expect(new Set(slipsAt(40).map(({ kind }) => kind))).toEqual(new Set(Object.keys(SLIP_RATES)));
    expect(noisy.pair_f1).toBeLessThan(tried.get(1)!.pair_f1!);
    expect(noisy.pair_precision).toBeGreaterThan(0.9);
  });

  test('is shown with its targets, as a table and as rows', () => {
    const both = Array.from(tried.values());
    const text = identityTrialText(both);
    expect(text).toContain('Target at the default noise: pair precision at least 0.999');
    expect(text).toContain('held apart');
    expect(identityTrialCsv(both).trim().split('\r\n')).toHaveLength(3);
  });
});
