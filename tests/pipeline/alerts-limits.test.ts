import { describe, expect, test } from 'vitest';
import { findAlerts, type WatchedFigure } from '../../lib/domain/alerts/find-alerts.ts';
import { type SourceDay, shopFreshness } from '../../lib/domain/freshness/source-rhythm.ts';
import { stream, WEEK } from './made-up-days.ts';

const TODAY = 20_000;
const NOBODY_SILENT = shopFreshness(new Map());

/** Ten figures of a shop: counts, money and shares, each by its own chance. */
function figures(kind: 'counting' | 'proportional', days: number, seed: number): WatchedFigure[] {
  return Array.from({ length: 10 }, (_, n) => {
    const { normal, poisson } = stream(seed * 100 + n);
    const isShare = n >= 8;
    const values = Array.from({ length: days }, (_, day) =>
      isShare
        ? poisson(40) / 100
        : kind === 'counting'
          ? poisson(60 * WEEK[day % 7]!)
          : 5000 * WEEK[day % 7]! * Math.exp(0.25 * normal()),
    );
    return { subject: `figure ${n}`, currency: null, isShare, values };
  });
}
const changed = (figure: WatchedFigure, change: (value: number, back: number) => number): WatchedFigure => ({
  ...figure,
  values: figure.values.map((value, at) => change(value, figure.values.length - 1 - at)),
});
const alertsOf = (watched: readonly WatchedFigure[]) => findAlerts(watched, NOBODY_SILENT, [], TODAY);

describe('figures that leave their limits', () => {
  test.each(['counting', 'proportional'] as const)(
    'a shop of %s chance in which nothing changes has few false alarms',
    (kind) => {
      const shops = 250;
      let alarmed = 0;
      for (let shop = 0; shop < shops; shop++)
        if (alertsOf(figures(kind, [40, 90, 180][shop % 3]!, shop + 1)).length > 0) alarmed++;
      expect(alarmed / shops).toBeLessThan(0.09);
    },
  );

  test('a day that loses most of its purchases is found, and says what is usual', () => {
    let found = 0;
    for (let shop = 0; shop < 50; shop++) {
      const [first, ...rest] = figures('counting', 90, 500 + shop);
      const alerts = alertsOf([
        changed(first!, (value, back) => (back === 0 ? Math.round(value / 4) : value)),
        ...rest,
      ]);
      if (alerts.some(({ subject }) => subject === 'figure 0')) found++;
    }
    expect(found).toBeGreaterThan(44);
  });

  test('an alert names its day, side and limits, and the first day of its run', () => {
    const steady: WatchedFigure = {
      subject: 'Sold',
      currency: 'EUR',
      isShare: false,
      values: Array.from(
        { length: 84 },
        (_, day) => 100_000 * WEEK[day % 7]! * (day % 2 === 0 ? 1.02 : 0.98),
      ),
    };
    const [alert] = alertsOf([changed(steady, (value, back) => (back < 2 ? value * 3 : value))]);
    expect(alert).toMatchObject({
      severity: 'critical',
      subject: 'Sold',
      unit: 'money',
      currency: 'EUR',
      since: TODAY - 1,
    });
    expect(alert!.message).toMatch(
      /^Sold: 1,?\d+\.\d\d EUR on 2024-10-04, above the [\d,.]+ EUR to [\d,.]+ EUR that is usual/,
    );
    expect(alert!.value).toBeGreaterThan(alert!.high!);
    expect(alertsOf([steady])).toEqual([]);
  });

  test('a small lasting change shows in the week, which mostly no day of it does', () => {
    const others = figures('counting', 98, 3).slice(1);
    const found = Array.from({ length: 30 }, (_, n) => {
      const { normal } = stream(700 + n);
      const values = Array.from(
        { length: 98 },
        (_, day) => 5000 * WEEK[day % 7]! * Math.exp(0.04 * normal()) * (day >= 91 ? 0.88 : 1),
      );
      const alerts = alertsOf([{ subject: 'Web events', currency: null, isShare: false, values }, ...others]);
      return alerts.find(({ subject }) => subject === 'Web events');
    });
    const weeks = found.filter((alert) => alert?.message.includes('in the week to 2024-10-04, below'));
    expect(weeks.length).toBeGreaterThan(15);
    expect(new Set(weeks.map((alert) => alert!.since))).toEqual(new Set([TODAY - 6]));
    expect(found.filter((alert) => alert?.message.includes('on 2024-10-04')).length).toBeLessThan(10);
  });

  test('a share that nothing was ever like is an alert, a figure of three weeks is none', () => {
    const { poisson } = stream(9);
    const share = (days: number, last: number): WatchedFigure => ({
      subject: 'Share of sales that no model credits',
      currency: 'EUR',
      isShare: true,
      values: Array.from({ length: days }, (_, day) => (day === days - 1 ? last : poisson(300) / 1000)),
    });
    expect(alertsOf([share(60, 0.9)])).toMatchObject([
      { unit: 'share', currency: null, value: 0.9, severity: 'critical' },
    ]);
    expect(alertsOf([share(60, 0.3)])).toEqual([]);
    expect(alertsOf([share(21, 0.9)])).toEqual([]);
  });
});

describe('what arrives', () => {
  const days = (last: number): SourceDay[] =>
    Array.from({ length: 60 }, (_, at) => ({ day: TODAY - last - 59 + at, lastMinute: 1380 }));

  test('a source that is late is a warning, one that stopped is critical and comes first', () => {
    const shop = shopFreshness(
      new Map([
        ['web_events', days(0)],
        ['receipts', days(1)],
        ['touches', days(8)],
      ] as const),
    );
    const alerts = findAlerts([], shop, [], TODAY);
    expect(alerts.map(({ severity, subject, since }) => [severity, subject, since])).toEqual([
      ['critical', 'touches', TODAY - 7],
      ['warning', 'receipts', TODAY],
    ]);
    expect(alerts[0]!.message).toBe(
      'No records of touches since 2024-09-26; usually the next comes within 1 day',
    );
  });

  test.each([
    [[[0, 10_000]], 300, true],
    [[[0, 10_000]], 150, false],
    // Where three in a hundred are usual, five are no alert and seven are.
    [[[300, 10_000]], 500, false],
    [[[300, 10_000]], 700, true],
    [[], 300, true],
  ])('after days of %j, %d refused of 10,000: %s', (before, refused, isAlert) => {
    const arrivals = [...before, [refused, 10_000]].map(([one, all], at) => ({
      day: TODAY + at,
      refused: one!,
      arrived: all!,
    }));
    expect(findAlerts([], NOBODY_SILENT, arrivals, TODAY).map(({ subject }) => subject)).toEqual(
      isAlert ? ['Refused records'] : [],
    );
  });
});
