import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  GROUP_TRANSFORMS,
  type GroupedPaths,
  type GroupTransform,
  groupPaths,
} from '../../../lib/domain/attribution/grouped-paths.ts';
import { pathTable, type Row, someRows } from './path-table.ts';

/** Campaigns A1, A2 of channel A, B1 of B, and Direct. */
const CAMPAIGNS = ['A1', 'A2', 'B1', 'Direct'];

/** Fine paths of campaigns, seen by channel or as they are. */
function grouped(rows: readonly Row[], transform: GroupTransform, by: 'channel' | 'campaign' = 'channel') {
  const paths = pathTable(rows, CAMPAIGNS);
  const names = by === 'channel' ? ['A', 'B', 'Direct'] : paths.channels;
  const groupOf = by === 'channel' ? [0, 0, 1, 2] : [0, 1, 2, 3];
  return groupPaths(paths, { names, groupOf, isDirect: [0, 0, 0, 1], transform });
}

const texts = ({ channels, starts, steps }: GroupedPaths) =>
  Array.from({ length: starts.length - 1 }, (_, path) =>
    Array.from(steps.subarray(starts[path]!, starts[path + 1]!), (step) => channels[step]).join(' '),
  );
const one = (path: string, transform: GroupTransform, by?: 'channel' | 'campaign') =>
  texts(grouped([[path, 1, 0]], transform, by))[0];

describe('what becomes of one path', () => {
  const path = 'Direct > A1 > A2 > Direct > A1 > B1 > Direct > Direct';

  test.each<[GroupTransform, string]>([
    ['unique', 'Direct A A Direct A B Direct Direct'],
    ['exposure', 'Direct A Direct A B Direct'],
    ['first', 'Direct A B'],
    ['remove_if_last_and_not_all', 'Direct A A Direct A B'],
    ['remove_if_not_all', 'A A A B'],
  ])('by channel under %s', (transform, expected) => {
    expect(one(path, transform)).toBe(expected);
  });

  test('by campaign, neighbours of one channel are not alike', () => {
    expect(one(path, 'exposure', 'campaign')).toBe('Direct A1 A2 Direct A1 B1 Direct');
    expect(one(path, 'first', 'campaign')).toBe('Direct A1 A2 B1');
  });

  test.each(GROUP_TRANSFORMS)('a path of nothing but Direct keeps it under %s', (transform) => {
    expect(one('Direct', transform)).toBe('Direct');
    expect(one('Direct > Direct', transform)).toBe(
      transform === 'exposure' || transform === 'first' ? 'Direct' : 'Direct Direct',
    );
  });

  test('a thousand steps are no matter', () => {
    const long = Array.from({ length: 1000 }, (_, at) => CAMPAIGNS[at % 4]).join(' > ');
    expect(one(long, 'unique')!.split(' ')).toHaveLength(1000);
    expect(one(long, 'first')).toBe('A B Direct');
  });
});

describe('paths that become the same', () => {
  test('are one, with the sum of their journeys, in the order in which they came up', () => {
    const rows: Row[] = [
      ['B1 > A1', 1, 2, 30],
      ['A1 > B1', 3, 0, 5],
      ['A2 > B1', 0, 4],
      ['B1 > A2', 10, 20, 7],
    ];
    const paths = grouped(rows, 'unique');
    expect(texts(paths)).toEqual(['B A', 'A B']);
    expect(Array.from(paths.pathOf)).toEqual([0, 1, 1, 0]);
    expect(Array.from(paths.conversions)).toEqual([11, 3]);
    expect(Array.from(paths.nulls)).toEqual([22, 4]);
    expect(Array.from(paths.values)).toEqual([37, 5]);
  });

  test('no paths stay none', () => {
    const paths = grouped([], 'unique');
    expect(texts(paths)).toEqual([]);
    expect(paths.conversions).toHaveLength(0);
  });

  /** The transforms in plain words. */
  const PLAIN: Record<GroupTransform, (channels: string[]) => string[]> = {
    unique: (channels) => channels,
    exposure: (channels) => channels.filter((channel, at) => channel !== channels[at - 1]),
    first: (channels) => [...new Set(channels)],
    remove_if_last_and_not_all: (channels) => {
      const kept = channels.slice(0, channels.findLastIndex((channel) => channel !== 'Direct') + 1);
      return kept.length > 0 ? kept : channels;
    },
    remove_if_not_all: (channels) => {
      const kept = channels.filter((channel) => channel !== 'Direct');
      return kept.length > 0 ? kept : channels;
    },
  };

  test.each(GROUP_TRANSFORMS)(
    'under %s every journey is on the path that the words say, and none is lost',
    (transform) => {
      fc.assert(
        fc.property(someRows(CAMPAIGNS, 7), (rows) => {
          const paths = grouped(rows, transform);
          const found = texts(paths);
          expect(new Set(found).size).toBe(found.length);
          const expected = new Map<string, [number, number]>();
          for (const [at, [path, won, lost]] of rows.entries()) {
            const plain = PLAIN[transform](path.split(' > ').map((step) => step.replace(/\d/, ''))).join(' ');
            expect(found[paths.pathOf[at]!]).toBe(plain);
            const sums = expected.get(plain) ?? [0, 0];
            expected.set(plain, [sums[0] + won, sums[1] + lost]);
          }
          expect(found.map((_, path) => [paths.conversions[path], paths.nulls[path]])).toEqual(
            found.map((path) => expected.get(path)),
          );
        }),
      );
    },
  );
});
