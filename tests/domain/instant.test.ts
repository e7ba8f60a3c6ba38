import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isTimeZone, parseInstant, utcText } from '../../lib/domain/instant.ts';

const read = (text: string, zone: string | null = null) => {
  const parsed = parseInstant(text, zone);
  return parsed.ok ? utcText(parsed.epochMs) : parsed.reason;
};

describe('instants', () => {
  test.each([
    ['2025-03-09T14:05:00+01:00', null, '2025-03-09T13:05:00.000Z'],
    ['2025-03-09 14:05:00+0100', null, '2025-03-09T13:05:00.000Z'],
    ['2025-03-09T14:05Z', null, '2025-03-09T14:05:00.000Z'],
    ['2025-03-09T14:05:00.123456Z', null, '2025-03-09T14:05:00.123Z'],
    ['2025-03-09T14:05:00', 'Europe/Rome', '2025-03-09T13:05:00.000Z'],
    ['2025-07-09T14:05:00', 'Europe/Rome', '2025-07-09T12:05:00.000Z'],
    ['2024-02-29T00:00:00', 'America/New_York', '2024-02-29T05:00:00.000Z'],
  ])('%s in %s is %s', (text, zone, utc) => {
    expect(read(text, zone)).toBe(utc);
  });

  test('where clocks go back the first of two instants is taken; where they go forward the time moves ahead', () => {
    expect(read('2025-10-26T02:30:00', 'Europe/Rome')).toBe('2025-10-26T00:30:00.000Z');
    expect(read('2025-03-30T02:30:00', 'Europe/Rome')).toBe('2025-03-30T01:30:00.000Z');
    expect(read('2025-11-02T01:30:00', 'America/New_York')).toBe('2025-11-02T05:30:00.000Z');
    expect(read('2025-10-05T02:10:00', 'Australia/Lord_Howe')).toBe('2025-10-04T15:40:00.000Z');
  });

  test.each([
    ['2025-03-09T14:05:00', 'naive_time'],
    ['2025-02-30T00:00:00Z', 'bad_time'],
    ['2025-13-01T00:00:00Z', 'bad_time'],
    ['2025-03-09T25:00:00Z', 'bad_time'],
    ['09/03/2025 14:05', 'bad_time'],
    ['2025-03-09', 'bad_time'],
    ['1741529100', 'bad_time'],
    ['', 'bad_time'],
  ])('"%s" is refused: %s', (text, reason) => {
    expect(read(text)).toBe(reason);
  });

  test('time zones', () => {
    expect(['Europe/Rome', 'Mars/Base', ''].map(isTimeZone)).toEqual([true, false, false]);
  });

  test('every instant reads back as it is written, by the quick way as by the general one', () => {
    const instants = fc.integer({ min: Date.UTC(1000, 0, 1), max: Date.UTC(9999, 11, 31) });
    fc.assert(
      fc.property(instants, (ms) => {
        const text = new Date(ms).toISOString();
        expect(parseInstant(text, null)).toEqual({ ok: true, epochMs: ms });
        expect(parseInstant(text.replace('Z', '+00:00'), null)).toEqual({ ok: true, epochMs: ms });
        expect(utcText(ms)).toBe(text);
      }),
    );
  });

  test('a text that differs from one in a single character is judged as by the general way', () => {
    const texts = fc.integer({ min: Date.UTC(1990, 0, 1), max: Date.UTC(2040, 0, 1) });
    const mark = fc.constantFrom(...'0123456789-:.TZ +x');
    fc.assert(
      fc.property(texts, fc.nat(23), mark, (ms, at, other) => {
        const text = new Date(ms).toISOString();
        const changed = text.slice(0, at) + other + text.slice(at + 1);
        // One digit more of the fraction makes the same instant in another form.
        const general = changed.endsWith('Z') ? `${changed.slice(0, -1)}0Z` : changed;
        expect(parseInstant(changed, null)).toMatchObject(
          parseInstant(general, null).ok ? { ok: true } : { ok: false },
        );
        const [quick, slow] = [parseInstant(changed, null), parseInstant(general, null)];
        if (quick.ok && slow.ok) expect(quick.epochMs).toBe(slow.epochMs);
      }),
      { numRuns: 2000 },
    );
  });
});
