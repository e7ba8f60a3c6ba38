import { describe, expect, test } from 'vitest';
import { CannotClose, closePeriod } from '../../lib/pipeline/close-period.ts';
import type { BuildManifest, ClosedPeriods, Closing } from '../../lib/ports.ts';

/** When a period can be closed, by the clock, the build and what is closed already. */
const build = (built_at: string, tables = ['ledger']): BuildManifest => ({
  build_id: 'b1',
  built_at,
  settings_hash: '',
  tables: tables.map((name) => ({ name, rows: 0, seconds: 0 })),
});

function periods(...closed: string[]): ClosedPeriods & { kept: Closing[] } {
  const kept: Closing[] = closed.map((closed_through) => ({
    closed_through,
    closed_at: '2025-04-02T00:00:00Z',
    build_id: 'b0',
  }));
  return {
    kept,
    list: async () => kept,
    keep: async (closing) => {
      kept.push(closing);
      return 3;
    },
  };
}
const close = (through: string, now: string, built: BuildManifest | null, ...closed: string[]) =>
  closePeriod({ periods: periods(...closed), build: built, through, now: Date.parse(now) });

describe('a period can be closed', () => {
  test('once it is over everywhere, on a build that was made after', async () => {
    expect(
      await close('2025-03-31', '2025-04-01T12:00:00Z', build('2025-04-01T12:00:00Z'), '2025-02-28'),
    ).toEqual({
      closed_through: '2025-03-31',
      closed_at: '2025-04-01T12:00:00.000Z',
      build_id: 'b1',
      figures: 3,
    });
  });

  test.each<[string, () => Promise<unknown>, string]>([
    [
      'while it lasts somewhere',
      () => close('2025-03-31', '2025-04-01T11:59:59Z', build('2025-04-01T11:00:00Z')),
      '2025-03-31 cannot be closed: it is not over yet everywhere. Close it from 2025-04-01T12:00:00.000Z on',
    ],
    [
      'on a build from before its end',
      () => close('2025-03-31', '2025-05-01T00:00:00Z', build('2025-03-20T00:00:00Z')),
      '2025-03-31 cannot be closed on build b1: it was made on 2025-03-20',
    ],
    [
      'on a build of a version without closings',
      () => close('2025-03-31', '2025-05-01T00:00:00Z', build('2025-04-20T00:00:00Z', ['credits'])),
      'build b1 was made by a version that knew no closings',
    ],
    [
      'without a build',
      () => close('2025-03-31', '2025-05-01T00:00:00Z', null),
      'Nothing has been built yet',
    ],
    [
      'twice',
      () =>
        close(
          '2025-03-31',
          '2025-05-01T00:00:00Z',
          build('2025-04-20T00:00:00Z'),
          '2025-02-28',
          '2025-03-31',
        ),
      '2025-03-31 is closed already: all up to 2025-03-31 was closed on 2025-04-02. Closed periods are not opened again',
    ],
    [
      'on no day',
      () => close('2025-02-29', '2025-05-01T00:00:00Z', null),
      '"2025-02-29" is no day of the calendar',
    ],
  ])('not %s', async (_, closing, says) => {
    await expect(closing()).rejects.toThrow(CannotClose);
    await expect(closing()).rejects.toThrow(says);
  });
});
