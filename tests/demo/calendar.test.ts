import { describe, expect, it } from 'vitest';
import {
  dateText,
  instantOfLocal,
  localTime,
  monthOf,
  naiveLocalTime,
  weekdayOf,
} from '../../lib/demo/calendar.ts';
import { createRandom } from '../../lib/demo/random.ts';
import { drawTillTime, openingHours, STORES } from '../../lib/demo/stores.ts';

describe('calendar', () => {
  it('changes the clocks of both zones at one in the morning UTC on the thirtieth of March', () => {
    const before = Date.UTC(2025, 2, 30, 0, 59);
    const after = Date.UTC(2025, 2, 30, 1, 0);
    expect(localTime(before, 'Europe/Rome')).toBe('2025-03-30T01:59:00+01:00');
    expect(localTime(after, 'Europe/Rome')).toBe('2025-03-30T03:00:00+02:00');
    expect(localTime(before, 'Europe/Lisbon')).toBe('2025-03-30T00:59:00+00:00');
    expect(naiveLocalTime(after, 'Europe/Lisbon')).toBe('2025-03-30T02:00:00');
  });

  it('agrees with the time zone database', () => {
    for (const zone of ['Europe/Rome', 'Europe/Lisbon'] as const) {
      const format = new Intl.DateTimeFormat('sv-SE', {
        timeZone: zone,
        dateStyle: 'short',
        timeStyle: 'medium',
      });
      for (let day = 0; day < 181; day += 4) {
        const at = instantOfLocal(day, 600 + day, zone);
        expect(format.format(at).replace(' ', 'T')).toBe(naiveLocalTime(at, zone));
      }
    }
  });

  it('counts days, months and weekdays from the first of January', () => {
    expect([dateText(0), dateText(88), dateText(180)]).toEqual(['2025-01-01', '2025-03-30', '2025-06-30']);
    expect([monthOf(30), monthOf(31), monthOf(180)]).toEqual([1, 2, 6]);
    expect([weekdayOf(0), weekdayOf(88)]).toEqual([3, 0]);
  });

  it('lets nobody pay while a store is shut', () => {
    const random = createRandom('till times');
    for (const store of STORES) {
      expect(openingHours(store, 109)).toBeNull();
      const beforeEaster = instantOfLocal(108, store.closes - 3, store.zone);
      const at = drawTillTime(random, store, beforeEaster)!;
      expect(localTime(at, store.zone).slice(0, 10)).toBe('2025-04-21');
    }
  });
});
