import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Workplace, workplace } from './run-ropo.ts';

let place: Workplace;
beforeAll(() => {
  place = workplace();
});
afterAll(() => place.remove());

describe('ropo cost', () => {
  test('prints the bill, the limits and what they rest on, and needs no shop', async () => {
    const { code, stdout, stderr } = await place.ropo('cost', '--events', '1000000');
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toContain('1,000,000 events a month, 13 months of history, 1 build a day');
    expect(stdout).toMatch(/^Service +What +Quantity +Unit +USD a month$/m);
    expect(stdout).toMatch(/^Kinesis +the stream +730 +stream-hour on demand +35\.04$/m);
    expect(stdout).toMatch(/^Total +\d+\.\d\d$/m);
    expect(stdout).toContain('Limits, the one that binds first at the top');
    expect(stdout).toContain('What this rests on');
  });

  test('as JSON and CSV the lines add up to the total', async () => {
    const json = await place.ropo('cost', '--events', '100000000', '--format', 'json');
    const made = JSON.parse(json.stdout);
    expect(made.currency).toBe('USD');
    const sum = made.lines.reduce((all: number, { usd }: { usd: number }) => all + usd, 0);
    expect(sum).toBeCloseTo(made.total, 6);
    const csv = await place.ropo('cost', '--events', '100000000', '--format', 'csv');
    const rows = csv.stdout.trim().split('\r\n');
    expect(rows[0]).toBe('service,what,quantity,unit,usd_a_month,price_page');
    expect(rows.length - 1).toBe(made.lines.length);
  });

  test('takes prices of one’s own', async () => {
    const file = join(place.folder, 'prices.json');
    writeFileSync(file, '{"streamHours": 1}');
    const { stdout } = await place.ropo('cost', '--events', '1000', '--prices', file);
    expect(stdout).toMatch(/^Kinesis +the stream +730 +stream-hour on demand +730\.00$/m);
  });

  test.each([
    [['cost'], '--events'],
    [['cost', '--events', '0'], 'It must be a whole number from 1'],
    [['cost', '--events', '1e6'], 'It must be a whole number from 1'],
    [['cost', '--events', '5', '--peak', '0.5'], 'It must be a number from 1 to 1000'],
    [['cost', '--events', '5', '--history-months', '121'], 'It must be a whole number from 1 to 120'],
    [['cost', '--events', '5', '--messages-per-request', '501'], 'It must be a whole number from 1 to 500'],
    [['cost', '--events', '5', '--format', 'pdf'], 'table, json, csv'],
    [['cost', '--events', '5', '--prices', 'nowhere.json'], 'Cannot read the prices of nowhere.json'],
  ])('%j is refused', async (words, reason) => {
    const { code, stderr } = await place.ropo(...words);
    expect(code).toBe(2);
    expect(stderr).toContain(reason);
  });

  test('prices that are none are refused by their name', async () => {
    const file = join(place.folder, 'bad.json');
    writeFileSync(file, '{"streamHour": 1}');
    const { code, stderr } = await place.ropo('cost', '--events', '5', '--prices', file);
    expect(code).toBe(2);
    expect(stderr).toContain('There is no price "streamHour"');
  });
});
