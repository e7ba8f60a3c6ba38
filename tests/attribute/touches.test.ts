import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openEngine, openTouches } from '../../lib/adapters/embedded/path-files.ts';
import { attribute } from '../../lib/attribute/attribute.ts';
import { PathRows } from '../../lib/attribute/path-rows.ts';
import { readTouches, type TouchSource } from '../../lib/attribute/read-touches.ts';
import { addJourneys } from '../../lib/attribute/touch-journeys.ts';
import { bucketAt, TouchPages } from '../../lib/attribute/touch-pages.ts';
import { allBytes, attributeFile, COUNTS, creditOf, pathFolder, SETTINGS } from './attribute-file.ts';

const files = pathFolder();
let engine: Awaited<ReturnType<typeof openEngine>>;
beforeAll(async () => {
  engine = await openEngine({ spillDirectory: files.folder, threads: 2 });
});
afterAll(() => {
  engine?.close();
  files.remove();
});

async function attributed(file: string, source: TouchSource, threads: number) {
  const paths = await readTouches(file, source, threads);
  try {
    return await attribute(paths, SETTINGS, { threads, withPositions: true });
  } finally {
    await paths.close();
  }
}

async function ofTouches(file: string, isParquet = false) {
  return attributed(file, await openTouches(engine, file, isParquet), 1);
}

const TOUCHES = `journey,touched_at,channel,converted,value
j1,2025-01-02 10:00:00,B,0,
j2,2025-01-01 09:00:00,B,1,2.5
j1,2025-01-01 10:00:00,A,1,12.50
j3,2025-01-03T00:00:00Z,A,0,
j1,2025-01-02 10:00:00,A,1,12.50
j2,2025-01-05 09:00:00,Direct,1,2.5
`;
/** Touches of one instant go by channel: A before B. */
const COUNTED = `${COUNTS}\nA > A > B,1,12.50,0\nB > Direct,1,2.50,0\nA,0,0,1\n`;

describe('touches', () => {
  test('become the paths of their journeys', async () => {
    const result = await ofTouches(files.write(TOUCHES));
    const counted = await attributeFile(files.write(COUNTED));
    expect(allBytes(result)).toBe(allBytes(counted));
  });

  test.each([
    [
      'numbers for journeys and times',
      'CAST(substr(journey, 2) AS bigint) + 5000000000',
      'epoch(CAST(touched_at AS timestamp))',
    ],
    ['journeys below zero', '-CAST(substr(journey, 2) AS integer)', 'CAST(touched_at AS timestamp)'],
    ['dates with a zone', 'journey', 'CAST(touched_at AS timestamptz)'],
  ])('from Parquet with %s are the same', async (_, journey, time) => {
    const file = join(files.folder, 'touches.parquet');
    await engine.run(
      `COPY (SELECT ${journey} AS journey, ${time} AS touched_at, channel, converted::integer = 1 AS converted, value::decimal(9, 2) AS value FROM read_csv('${files.write(TOUCHES)}', all_varchar = true)) TO '${file}' (FORMAT parquet)`,
    );
    expect(allBytes(await ofTouches(file, true))).toBe(allBytes(await attributeFile(files.write(COUNTED))));
  });

  test('without conversion or value are journeys that did not convert', async () => {
    const result = await ofTouches(files.write('channel,journey,touched_at\nA,1,1\nB,1,2\nA,2,5\n'));
    expect(result.sums).toMatchObject({ conversions: 0, nulls: 2, value: 0, channels: ['A', 'B'] });
  });

  test('of many journeys in many buckets and parts are what plain SQL makes of them', async () => {
    const file = join(files.folder, 'many.parquet');
    await engine.run(`COPY (
      SELECT hash(i, 1) % 7000 AS journey, hash(i, 2) % 100000 AS touched_at, 'channel ' || (hash(i, 3) % 9) AS channel,
        CAST(hash(hash(i, 1) % 7000, 4) % 5 = 0 AS integer) AS converted
      FROM range(40000) r(i)) TO '${file}' (FORMAT parquet)`);
    const counted = files.write('', 'counted.csv');
    await engine.run(`COPY (
      SELECT path, sum(converted) AS total_conversions, count(*) - sum(converted) AS total_null
      FROM (SELECT string_agg(channel, '>' ORDER BY touched_at, channel) AS path, max(converted) AS converted FROM '${file}' GROUP BY journey)
      GROUP BY path) TO '${counted}' (FORMAT csv, HEADER)`);
    const expected = creditOf(await attributeFile(counted));
    const source = await openTouches(engine, file, true);
    expect(creditOf(await ofTouches(file, true))).toEqual(expected);
    // The same in three parts, as a file has that does not fit in memory.
    const inParts: TouchSource = { ...source, rows: 150_000_000 };
    expect(creditOf(await attributed(file, inParts, 1))).toEqual(expected);
  });

  test('taken by several threads are the same', async () => {
    const file = join(files.folder, 'threads.parquet');
    await engine.run(`COPY (
      SELECT i % 250000 AS journey, hash(i) % 100000 AS touched_at, 'channel ' || (hash(i + 1) % 9) AS channel,
        CAST(i % 50 = 0 AS integer) AS converted, 1.25 AS value
      FROM range(1200000) r(i)) TO '${file}' (FORMAT parquet)`);
    const credit = async (threads: number) => {
      const paths = await readTouches(file, await openTouches(engine, file, true), threads);
      const models = SETTINGS.models.filter((model) => model !== 'additive_hazard');
      try {
        const settings = { ...SETTINGS, models };
        return allBytes(await attribute(paths, settings, { threads, withPositions: false }));
      } finally {
        await paths.close();
      }
    };
    expect(await credit(2)).toBe(await credit(1));
  });

  test('of one journey with a thousand touches are sorted', () => {
    const count = 1000;
    const pages = new TouchPages(3, false);
    const times = Float64Array.from({ length: count }, (_, at) => (at * 389) % count);
    pages.add({
      rows: count,
      journey: new Uint32Array(2 * count),
      check: null,
      time: times,
      mark: Uint32Array.from(times, (time) => time % 11),
      value: null,
    });
    const paths = new PathRows();
    for (const bucket of [0, 1, 2]) addJourneys(bucketAt(pages.buckets(), bucket), paths);
    expect(paths).toMatchObject({ rows: 1, length: count });
    expect(Array.from(paths.steps.subarray(0, count))).toEqual(
      Array.from({ length: count }, (_, at) => at % 11),
    );
  });

  test.each([
    [',1,A,0,', 'journey is empty'],
    ['j,soon,A,0,', 'touched_at "soon" is neither a time nor a number'],
    ['j,1,,0,', 'channel is empty'],
    ['j,1,A > B,0,', 'channel "A > B" holds >'],
    ['j,1,A,2,', 'converted "2" must be 0 or 1'],
    ['j,1,A,1,-1', 'value "-1" must be a number from 0'],
    ['j,1,A,1,much', 'value "much" must be a number from 0'],
  ])('%s is refused', async (row, says) => {
    const file = files.write(`journey,touched_at,channel,converted,value\ni,1,A,1,5\n${row}\n${row}\n`);
    await expect(ofTouches(file)).rejects.toThrow(
      /has 2 rows that cannot be read; nothing was attributed\.\n/,
    );
    await expect(ofTouches(file)).rejects.toThrow(says);
  });

  test('without the columns they need are refused', async () => {
    await expect(ofTouches(files.write('journey,channel\n1,A\n'))).rejects.toThrow(
      /the column touched_at is missing/,
    );
    await expect(ofTouches(files.write('journey,touched_at,channel,x\n1,1,A,1\n'))).rejects.toThrow(
      /there is no column "x" here/,
    );
    await expect(ofTouches(files.write('journey,touched_at,channel\n'))).rejects.toThrow(/has no row/);
  });
});
