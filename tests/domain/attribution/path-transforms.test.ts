import { describe, expect, test } from 'vitest';
import { parseTransform, transformPath } from '../../../lib/domain/attribution/path-transforms.ts';

const NAMES = ['A', 'B', 'C', 'D'];

/** Transforms a path in words, in the middle of others. */
function transformed(transform: string, path: string): string {
  const { kind, channel } = parseTransform(transform);
  const names = [...NAMES];
  const steps = Uint16Array.from([9, ...Array.from(path, (name) => NAMES.indexOf(name)), 9]);
  const leftOut = names.indexOf(channel ?? '');
  const end = transformPath(
    steps,
    1,
    steps.length - 1,
    kind,
    (step) => step === leftOut,
    (step, times) => {
      names.push(`${names[step]}(${times})`);
      return names.length - 1;
    },
  );
  expect([steps[0], steps.at(-1)]).toEqual([9, 9]);
  return Array.from(steps.subarray(1, end), (step) => names[step]).join(' ');
}

describe('a path', () => {
  test.each([
    ['unique', 'AABBACDC', 'A A B B A C D C'],
    ['exposure', 'AABBACDC', 'A B A C D C'],
    ['exposure', 'A', 'A'],
    ['first', 'AABBACDC', 'A B C D'],
    ['first', 'AB'.repeat(50), 'A B'],
    ['frequency', 'DAD', 'D(2) A(1)'],
    ['remove_if_last_and_not_all:A', 'ABAA', 'A B'],
    ['remove_if_last_and_not_all:A', 'AAA', 'A A A'],
    ['remove_if_last_and_not_all:A', 'ABAB', 'A B A B'],
    ['remove_if_not_all:A', 'ABAA', 'B'],
    ['remove_if_not_all:A', 'AAA', 'A A A'],
    ['remove_if_not_all:A', 'BAC', 'B C'],
    ['remove_if_not_all:D', 'BAC', 'B A C'],
  ])('%s makes of %s', (transform, path, expected) => {
    expect(transformed(transform, path)).toBe(expected);
  });
});

describe('what a user writes', () => {
  test('may hold colons and spaces in the channel', () => {
    expect(parseTransform('remove_if_not_all: Paid: Search ')).toEqual({
      kind: 'remove_if_not_all',
      channel: 'Paid: Search',
    });
  });

  test.each([
    ['last', /There is no transform "last"\. The transforms are: unique, .*remove_if_not_all:CHANNEL/],
    ['remove_if_not_all', /needs a channel, as in remove_if_not_all:Direct/],
    ['remove_if_not_all: ', /needs a channel/],
    ['first:A', /takes no channel/],
  ])('%s is refused', (text, says) => {
    expect(() => parseTransform(text)).toThrow(says);
  });
});
