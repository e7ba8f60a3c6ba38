import { describe, expect, test } from 'vitest';
import { isBot } from '../../lib/domain/bots.ts';
import { isCardNumber, withoutCardNumbers } from '../../lib/domain/card-number.ts';
import { normaliseEmail, normalisePaymentToken, normalisePhone } from '../../lib/domain/identifier.ts';
import { parseInstant } from '../../lib/domain/instant.ts';
import { parseDecimal } from '../../lib/domain/money.ts';
import { redact } from '../../lib/domain/redact.ts';
import { repeatsName } from '../../lib/formats/json-names.ts';
import { csvText } from '../../lib/report/csv.ts';
import { outcomesOf } from './outcomes.ts';

/**
 * One text of 32 times the length takes about the work of 32 short ones; what backtracks or starts over takes 32 times
 * that. Both sides read the same number of bytes, so that a coarse clock, a cold start or a busy machine weighs on both.
 */
const TIMES = 32;
const BOUND = 8;

const PIECES = [
  'a',
  '1',
  'a1',
  '@',
  'a@',
  'a@b.',
  '.',
  '+1',
  '+1 ',
  '4',
  '4 ',
  '4-',
  '%25',
  '%2540',
  'eyJ',
  'token=',
  'token',
  'a_',
  '"',
  '""',
  '\\',
  '\\\\u0000',
  '":',
  '" :',
  '{{',
  '[[',
  '<a ',
  '<!--',
  "'",
  'é',
  '\u200b',
  '0',
  '-',
  'Android ',
  'bot',
  '://',
  '?utm_source=',
  '&gclid=',
];

/** Milliseconds of processor time, of this process and of the system for it. */
async function work(run: () => unknown, times = 1): Promise<number> {
  const before = process.cpuUsage();
  for (let time = 0; time < times; time++) await run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/**
 * How many times the work of 32 short texts one long text takes: the least of some rounds, as what grows out of
 * proportion does so in each. Where the work is next to none, it is no growth.
 */
async function growth(run: (size: number) => unknown, size: number): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 5 && least >= BOUND; round++) {
    const long = await work(() => run(size * TIMES));
    least = Math.min(least, long < 30 ? 1 : long / Math.max(await work(() => run(size), TIMES), 1));
  }
  return least;
}

const repeated = (piece: string, length: number) => piece.repeat(Math.ceil(length / piece.length));

describe.each<[string, (text: string) => void]>([
  ['redact', (text) => redact(text)],
  ['withoutCardNumbers', (text) => withoutCardNumbers(text)],
  ['isCardNumber', (text) => isCardNumber(text)],
  ['repeatsName', (text) => repeatsName(JSON.stringify({ [text]: text }), { [text]: text })],
  ['parseInstant', (text) => parseInstant(text, 'Europe/Rome')],
  ['csvText', (text) => csvText([text], [[text]])],
])('%s', (_, run) => {
  test.each(PIECES)('takes time in proportion to a text of %j', async (piece) => {
    expect(await growth((length) => run(repeated(piece, length)), 8000)).toBeLessThan(BOUND);
  });
});

/** What contracts and callers let through to these is never longer than this. */
describe.each<[string, number, (text: string) => void]>([
  ['isBot', 4000, (text) => isBot(text)],
  ['normaliseEmail', 400, (text) => normaliseEmail(text)],
  ['normalisePhone', 64, (text) => normalisePhone(text, 'IT')],
  ['normalisePaymentToken', 400, (text) => normalisePaymentToken(text)],
  ['parseDecimal', 60, (text) => parseDecimal(text)],
])('%s', (_, longest, run) => {
  test.each(PIECES)('is quick about the longest text it may get, of %j', async (piece) => {
    const text = `${repeated(piece, longest).slice(0, longest - 1)}x`;
    // Usually a few microseconds; what tries every way to match does not end within the life of the test.
    const rounds = [await work(() => run(text)), await work(() => run(text)), await work(() => run(text))];
    expect(Math.min(...rounds)).toBeLessThan(100);
  });
});

test.each(['web_events', 'segment', 'receipts'])(
  'lines of %s take time in proportion to their length',
  async (format) => {
    for (const piece of ['\\"', '\\\\', '{"a":', '[', '":"', 'a,', '\\u0000', '\\ud800']) {
      const read = (length: number) =>
        outcomesOf(format, `{"event_id":"a","messageId":"m","text":"${repeated(piece, length)}`);
      expect(await growth(read, 25_000), piece).toBeLessThan(BOUND);
    }
  },
  240_000,
);

const VOID =
  '<LineItem VoidFlag="true"><Sale><ItemID>x</ItemID><ExtendedAmount>-5</ExtendedAmount><Quantity>-1</Quantity></Sale></LineItem>';
const TAXED =
  '<LineItem><Sale><ItemID>x</ItemID><ExtendedAmount>5</ExtendedAmount></Sale></LineItem><LineItem><Tax><Amount>1</Amount></Tax></LineItem>';
const HEAD = 'receipt_id,store_id,amount\n';

test.each<[string, string, (count: number) => string]>([
  [
    'poslog',
    'card elements that never close',
    (n) => `<Transaction>${'<AccountNumber x '.repeat(n)}</Transaction>`,
  ],
  ['poslog', 'elements in each other', (n) => `<Transaction>${'<a>'.repeat(n)}</Transaction>`],
  ['poslog', 'comments that never end', (n) => `<Transaction>${'<!-- '.repeat(n)}</Transaction>`],
  ['poslog', 'attributes', (n) => `<Transaction ${'a="b" '.repeat(n)}></Transaction>`],
  ['poslog', 'voids of one item', (n) => transaction(VOID.repeat(n / 10))],
  ['poslog', 'taxes and items', (n) => transaction(TAXED.repeat(n / 20))],
  ['receipts', 'quotes that open on every line', (n) => `${HEAD}${'a,s1,"b\n'.repeat(n)}`],
  ['receipts', 'quotes that open and never close', (n) => `${HEAD}a,s1,"b\n${'c,s1,d\n'.repeat(n)}`],
  ['receipts', 'separators', (n) => `${HEAD}${','.repeat(n)}`],
  ['receipts', 'rows of one document', (n) => `${HEAD}${'a,s1,1\n'.repeat(n)}`],
  ['receipts', 'rows that are blank', (n) => `${HEAD}${'\n'.repeat(n)}`],
])(
  '%s: %s take time in proportion to their number',
  async (format, _, text) => {
    const name = format === 'poslog' ? 'x.xml' : 'x.csv';
    const read = (count: number) => outcomesOf(format, text(count), name).catch(() => null);
    expect(await growth(read, 1250)).toBeLessThan(BOUND);
  },
  240_000,
);

function transaction(lines: string): string {
  return `<Transaction><RetailStoreID>s1</RetailStoreID><SequenceNumber>1</SequenceNumber><RetailTransaction><ReceiptDateTime>2025-03-01T10:00:00</ReceiptDateTime>${lines}</RetailTransaction></Transaction>`;
}
