import { describe, expect, test } from 'vitest';
import { openEngine } from '../../lib/adapters/embedded/duckdb.ts';
import { openBuild } from '../../lib/adapters/embedded/warehouse.ts';
import { fingerprintsOf, GIVEN_TABLES, planBuild, unchangedMakers } from '../../lib/pipeline/build-plan.ts';
import { buildStep, type TableMaker } from '../../lib/pipeline/build-step.ts';
import { describeBuild, makeTables } from '../../lib/pipeline/build-tables.ts';
import { readSeeds } from '../../lib/pipeline/seeds.ts';
import { parseSqlFile } from '../../lib/pipeline/sql-files.ts';
import type { Warehouse } from '../../lib/ports.ts';
import { temporaryShop } from '../temporary-shop.ts';

/** What a build makes in which order, and what it can take from the build before. */
const file = (name: string, select: string) =>
  parseSqlFile(name, 'marts', `-- One row per ${name}.\n-- key: id\n${select}`);

const FILES = [
  file('late', 'SELECT * FROM middle JOIN made_two ON true'),
  file('early', 'SELECT * FROM raw_events'),
  file('middle', 'SELECT * FROM early JOIN seed_words ON true'),
  file('aside', 'SELECT * FROM raw_sales'),
];
const step = buildStep(
  'algorithm',
  ['early'],
  ['made_one', 'made_two'].map((name) => ({ name, folder: 'marts', grain: 'One row', key: ['id'] })),
  async () => {},
);
const words = (word: string) => ({
  name: 'seed_words',
  columns: [{ name: 'word', type: 'varchar' }],
  rows: [[word]],
});
const planWith = (files = FILES, seed = words('a')) =>
  planBuild({ files, steps: [step], seeds: [seed], checks: [], inputs: [] });
const GIVEN = new Map(Array.from(GIVEN_TABLES, (name) => [name, `${name} 1`]));
const namesOf = (waves: readonly (readonly TableMaker[])[]) =>
  waves.map((wave) => wave.map(({ name }) => name).sort());

describe('the waves of a build', () => {
  test('put each maker right after the last thing that it reads', () => {
    expect(namesOf(planWith().waves)).toEqual([
      ['aside', 'early', 'seed_words'],
      ['algorithm', 'middle'],
      ['late'],
    ]);
  });

  test('hold every maker of the real build once, none before what it reads', () => {
    const plan = describeBuild(readSeeds('/no/such/folder'));
    const known = new Set(GIVEN_TABLES);
    for (const wave of plan.waves) {
      for (const { name, reads } of wave)
        expect({ name, missing: reads.filter((table) => !known.has(table)) }).toEqual({ name, missing: [] });
      for (const { makes } of wave) for (const table of makes) known.add(table);
    }
    expect(plan.waves.flat().length).toBe(plan.makers.length);
    expect(new Set(plan.waves.flat())).toEqual(new Set(plan.makers));
  });

  test('tell of a table that nothing makes, and of a circle', () => {
    expect(() => planWith([file('a', 'SELECT * FROM nowhere')])).toThrow('a reads "nowhere"');
    expect(() => planWith([file('a', 'SELECT * FROM b'), file('b', 'SELECT * FROM a')])).toThrow(
      'a -> b -> a',
    );
  });
});

describe('what is taken from the build before', () => {
  const reusedAfter = (plan: ReturnType<typeof planWith>, given = GIVEN, version = 'v1') => {
    const first = fingerprintsOf(planWith().makers, GIVEN, 'v1');
    const now = fingerprintsOf(plan.makers, given, version);
    return [...unchangedMakers(plan.makers, now, first)].sort();
  };

  test('is all of it where nothing changed', () => {
    expect(reusedAfter(planWith())).toEqual(['algorithm', 'aside', 'early', 'late', 'middle', 'seed_words']);
  });

  test.each([
    ['a raw table', planWith(), { raw_events: 'raw_events 2' }, 'v1', ['aside', 'seed_words']],
    ['a seed', planWith(FILES, words('b')), {}, 'v1', ['algorithm', 'aside', 'early']],
    ['the code of the steps', planWith(), {}, 'v2', ['aside', 'early', 'middle', 'seed_words']],
    [
      'a SELECT',
      planWith(FILES.map((each) => (each.name === 'middle' ? { ...each, select: `${each.select} ` } : each))),
      {},
      'v1',
      ['algorithm', 'aside', 'early', 'seed_words'],
    ],
  ])('is nothing that follows from %s that changed', (_, plan, changed, version, expected) => {
    const given = new Map([...GIVEN, ...Object.entries(changed)]);
    expect(reusedAfter(plan, given, version)).toEqual(expected);
  });

  test('is no step of which one table is missing', () => {
    const { makers } = planWith();
    const now = fingerprintsOf(makers, GIVEN, 'v1');
    const before = new Map(now);
    before.delete('made_one');
    expect(unchangedMakers(makers, now, before).has('algorithm')).toBe(false);
  });

  test('needs a fingerprint of everything that is given', () => {
    expect(() => fingerprintsOf(planWith().makers, new Map(), 'v1')).toThrow(/reads "raw_\w+", which has no/);
  });
});

describe('every step', () => {
  test('says all that it reads, or what that is made of: else a table would be kept that is out of date', async () => {
    const shop = await temporaryShop();
    const engine = await openEngine({ spillDirectory: shop.shop.directory.spill });
    try {
      const { makers } = describeBuild(readSeeds(shop.shop.directory.seeds));
      const warehouse = await openBuild(shop.shop.directory, engine, 'recorded');
      let read = new Set<string>();
      const noting = (select: string) => {
        for (const table of file('asked', select).reads) read.add(table);
        return select;
      };
      const recording: Warehouse = {
        ...warehouse,
        query: (select, parameters) => warehouse.query(noting(select), parameters),
        columns: (select, parameters) => warehouse.columns(noting(select), parameters),
      };
      /** All that a table is made of, itself too. */
      const origins = new Map<string, Set<string>>();
      const unsaid: Record<string, string[]> = {};
      for (const maker of makers) {
        read = new Set();
        await makeTables(maker, recording, async (_, run) => void (await run()));
        const said = new Set(maker.reads.flatMap((table) => [table, ...(origins.get(table) ?? [])]));
        const missing = [...read].filter((table) => !said.has(table) && !maker.makes.includes(table));
        if (missing.length > 0) unsaid[maker.name] = missing.sort();
        for (const table of maker.makes) origins.set(table, said);
      }
      expect(unsaid).toEqual({});
    } finally {
      engine.close();
      shop.remove();
    }
  });
});
