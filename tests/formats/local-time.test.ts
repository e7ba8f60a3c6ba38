import { expect, test } from 'vitest';
import { withOffset } from '../../lib/formats/local-time.ts';

test.each([
  ['2017-03-03T00:00:00', 'America/New_York', '2017-03-03T00:00:00-05:00'],
  ['2017-03-12 00:00:00', 'America/New_York', '2017-03-12T00:00:00-05:00'],
  ['2017-03-13 00:00:00', 'America/New_York', '2017-03-13T00:00:00-04:00'],
  ['2017-07-12T00:00', 'Asia/Kolkata', '2017-07-12T00:00+05:30'],
  // Skipped: the instant that the clocks would have shown. Repeated: the first of both.
  ['2011-03-27T01:30:00', 'Europe/London', '2011-03-27T01:30:00+00:00'],
  ['2011-10-30T01:30:00', 'Europe/London', '2011-10-30T01:30:00+01:00'],
  // Left as they are, for the contract to refuse or to read.
  ['2017-02-30T00:00:00', 'America/New_York', '2017-02-30T00:00:00'],
  ['12/1/2010 8:26', 'Europe/London', '12/1/2010 8:26'],
  ['2017-07-12T00:00:00Z', 'America/New_York', '2017-07-12T00:00:00Z'],
])('%s in %s is %s', (local, zone, expected) => {
  expect(withOffset(local, zone)).toBe(expected);
});
