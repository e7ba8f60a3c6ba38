import { describe, expect, test } from 'vitest';
import { type IdentityResult, runIdentityBench } from '../../lib/bench/identity/identity-job.ts';
import { bareHashInsert, linkArrays } from '../../lib/bench/identity/link-arrays.ts';
import { identityBenchText, identityOutcome } from '../../lib/bench/identity/show-identity-bench.ts';

describe('the links of the bench', () => {
  test('are as many as asked for, of identifiers in the order of their kinds, the same every time', () => {
    const links = linkArrays(20_000);
    expect(links.from.length).toBe(20_000);
    expect(Array.from(links.kinds)).toEqual(Array.from(links.kinds).sort());
    expect(new Set(links.kinds).size).toBe(6);
    const degrees = new Map<number, number>();
    for (const end of [...links.from, ...links.to]) degrees.set(end, (degrees.get(end) ?? 0) + 1);
    expect(degrees.size).toBe(links.kinds.length);
    expect(Math.max(...degrees.values())).toBeGreaterThan(10);
    expect(linkArrays(20_000)).toEqual(links);
  });

  test('the bare pass finds how many are distinct', () => {
    const { from, to } = linkArrays(20_000);
    const distinct = new Set(Array.from(from, (end, link) => `${end} ${to[link]}`)).size;
    expect(bareHashInsert(linkArrays(20_000))).toBe(distinct);
  });
});

describe('the bench of the identity graph', () => {
  test('resolves, measures each part in a process of its own, and shows them beside the bare pass', async () => {
    const result = await runIdentityBench(5_000);
    expect(result.persons).toBeGreaterThan(100);
    expect(result.shared).toBeGreaterThan(0);
    expect(result.refused).toBeGreaterThan(0);
    for (const part of [result.resolve, result.history, result.bare]) expect(part.seconds).toBeGreaterThan(0);
    const text = identityBenchText(result);
    for (const said of ['5,000 links', 'who was who when', 'bare', 'not measured at this size'])
      expect(text).toContain(said);
  });

  test.each([
    [40, 19.9, true],
    [41, 20, false],
  ])('%s s and %s s for ten million links: met %s', (resolve, history, isMet) => {
    const took = (seconds: number) => ({ seconds, cpuSeconds: seconds, peakBytes: 1 });
    const result = { links: 10_000_000, resolve: took(resolve), history: took(history) };
    expect(identityOutcome(result as IdentityResult).isMet).toBe(isMet);
  });
});
