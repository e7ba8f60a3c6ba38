import { type Partition, resolvePersons } from '../../domain/identity.ts';
import { personHistory } from '../../domain/identity-history.ts';
import { type LimitRow, policyOf } from '../../domain/identity-policy.ts';
import { readSeeds } from '../../pipeline/seeds.ts';
import { type Measured, measured } from '../measure.ts';
import { runInProcess } from '../own-process.ts';
import { bareHashInsert, linkArrays } from './link-arrays.ts';

/** What a rebuild of the identity graph took, beside the bare pass over the same links. */
export interface IdentityResult {
  links: number;
  identifiers: number;
  persons: number;
  refused: number;
  shared: number;
  /** Who is who now. */
  resolve: Measured;
  /** Who was who when: on top of it, in the same process. */
  history: Measured;
  /** Each link into a hash table, in a process of its own. */
  bare: Measured;
  /** What the process held before it began: Node and the links. */
  givenBytes: number;
}

interface IdentityOrder {
  what: 'rebuild' | 'bare';
  links: number;
}

/** Measures a rebuild of so many links, and the bare pass, each in a process of its own. */
export async function runIdentityBench(links: number): Promise<IdentityResult> {
  const run = <Result>(what: IdentityOrder['what']) =>
    runInProcess<Result>(`identity, ${what}`, new URL(import.meta.url), {
      what,
      links,
    } satisfies IdentityOrder);
  const rebuilt = await run<Omit<IdentityResult, 'bare'>>('rebuild');
  return { ...rebuilt, bare: await run<Measured>('bare') };
}

export async function answer({
  what,
  links,
}: IdentityOrder): Promise<Omit<IdentityResult, 'bare'> | Measured> {
  const evidence = linkArrays(links);
  if (what === 'bare') return (await measured(async () => bareHashInsert(evidence))).measured;
  const givenBytes = process.memoryUsage().rss;
  const policy = policyOf(standardLimits(), [], () => undefined);
  const { measured: resolve, result } = await measured(async () => resolvePersons(evidence, policy));
  const { measured: history } = await measured(async () => personHistory(evidence, result));
  return { ...countsOf(result), links, identifiers: evidence.kinds.length, resolve, history, givenBytes };
}

function standardLimits(): LimitRow[] {
  const seed = readSeeds('').find(({ name }) => name === 'seed_identity_limits')!;
  return seed.rows.map(([limit_name, kind, counted, most]) => ({
    limit_name: limit_name!,
    kind: kind!,
    counted: counted!,
    most: Number(most),
  }));
}

function countsOf({ person, refused, shared }: Partition) {
  let persons = 0;
  for (let node = 0; node < person.length; node++) if (person[node] === node) persons++;
  let barred = 0;
  for (let link = 0; link < refused.length; link++) if (refused[link] !== 0) barred++;
  return { persons, refused: barred, shared: shared.nodes.length };
}
