/** A price by quantity: each step holds for what lies below `upTo`, in units of the quantity. */
export interface PriceStep {
  /** Where the step ends; null for the last. */
  upTo: number | null;
  usd: number;
}

export interface Price {
  /** What one `usd` buys. */
  unit: string;
  /** How many of the quantity that is. */
  per: number;
  steps: readonly PriceStep[];
  /** The price page that names it, of aws.amazon.com. */
  page: string;
}

const GB = 1e9;
const MILLION = 1e6;

const flat = (usd: number, per: number, unit: string, page: string): Price => ({
  unit,
  per,
  steps: [{ upTo: null, usd }],
  page,
});

/** The region that the prices are of. */
export const PRICES_REGION = 'eu-central-1';
/** What the table below is: written down by hand, not asked of AWS. Compare it with the pages before money hangs on it. */
export const PRICES_DATE = '2025-06-30';

/**
 * List prices in US dollars without tax, of eu-central-1, as known on PRICES_DATE. Free allowances are left out, so that
 * the first months of an account cost less. Bytes are decimal: where AWS counts a GB as 2^30, the model is up to 7% high.
 */
export const PRICES = {
  httpApiRequests: {
    unit: 'million requests',
    per: MILLION,
    steps: [
      { upTo: 300 * MILLION, usd: 1.2 },
      { upTo: null, usd: 1.08 },
    ],
    page: 'Amazon API Gateway pricing, HTTP APIs',
  },
  lambdaRequests: flat(0.2, MILLION, 'million calls', 'AWS Lambda pricing'),
  lambdaTime: flat(0.0000133334, 1, 'GB-second on Arm', 'AWS Lambda pricing'),
  streamHours: flat(0.048, 1, 'stream-hour on demand', 'Amazon Kinesis Data Streams pricing'),
  streamIn: flat(0.096, GB, 'GB in, records rounded up to 1 KB', 'Amazon Kinesis Data Streams pricing'),
  streamOut: flat(0.048, GB, 'GB out', 'Amazon Kinesis Data Streams pricing'),
  streamKept: flat(
    0.12,
    GB,
    'GB-month from the second to the seventh day',
    'Amazon Kinesis Data Streams pricing',
  ),
  firehoseIn: {
    unit: 'GB in, records rounded up to 5 KB',
    per: GB,
    steps: [
      { upTo: 500_000 * GB, usd: 0.033 },
      { upTo: 2_000_000 * GB, usd: 0.0285 },
      { upTo: null, usd: 0.0228 },
    ],
    page: 'Amazon Data Firehose pricing',
  },
  firehoseConversion: flat(0.0205, GB, 'GB turned into Parquet', 'Amazon Data Firehose pricing'),
  dynamoWrites: flat(0.7625, MILLION, 'million write units on demand', 'Amazon DynamoDB pricing'),
  dynamoReads: flat(0.1525, MILLION, 'million read units on demand', 'Amazon DynamoDB pricing'),
  dynamoKept: flat(0.306, GB, 'GB-month', 'Amazon DynamoDB pricing'),
  dynamoBackups: flat(0.2448, GB, 'GB-month of point-in-time recovery', 'Amazon DynamoDB pricing'),
  s3Kept: {
    unit: 'GB-month, Standard',
    per: GB,
    steps: [
      { upTo: 50_000 * GB, usd: 0.0245 },
      { upTo: 500_000 * GB, usd: 0.0235 },
      { upTo: null, usd: 0.0225 },
    ],
    page: 'Amazon S3 pricing',
  },
  s3Puts: flat(0.0054, 1000, 'thousand PUT, COPY, LIST', 'Amazon S3 pricing'),
  s3Gets: flat(0.00043, 1000, 'thousand GET', 'Amazon S3 pricing'),
  athenaScanned: flat(5, 1e12, 'TB read, 10 MB a query at least', 'Amazon Athena pricing'),
  stepTransitions: flat(0.025, 1000, 'thousand transitions, Standard', 'AWS Step Functions pricing'),
  logsIn: flat(0.63, GB, 'GB of logs', 'Amazon CloudWatch pricing'),
  logMetrics: flat(0.3, 1, 'metric-month', 'Amazon CloudWatch pricing'),
  alarms: flat(0.1, 1, 'metric of an alarm, a month', 'Amazon CloudWatch pricing'),
  dashboards: flat(3, 1, 'dashboard-month', 'Amazon CloudWatch pricing'),
  traces: flat(5, MILLION, 'million traces', 'AWS X-Ray pricing'),
  keys: flat(1, 1, 'key-month', 'AWS Key Management Service pricing'),
  keyRequests: flat(0.03, 10_000, 'ten thousand requests', 'AWS Key Management Service pricing'),
  secrets: flat(0.4, 1, 'secret-month', 'AWS Secrets Manager pricing'),
  pageRequests: flat(0.012, 10_000, 'ten thousand HTTPS requests, Europe', 'Amazon CloudFront pricing'),
  pageBytes: flat(0.085, GB, 'GB to readers, Europe', 'Amazon CloudFront pricing'),
  bytesOut: flat(0.09, GB, 'GB to the internet', 'Amazon EC2 on-demand pricing, data transfer'),
} as const satisfies Record<string, Price>;

export type PriceName = keyof typeof PRICES;
export type Prices = Readonly<Record<PriceName, Price>>;

/**
 * What a quantity costs, step by step.
 * @param quantity of what the price counts, 0 or more
 * @returns US dollars
 * @example costOf(PRICES.httpApiRequests, 400e6) // 300 x 1.20 + 100 x 1.08 = 468
 */
export function costOf({ steps, per }: Price, quantity: number): number {
  let usd = 0;
  let from = 0;
  for (const step of steps) {
    const to = Math.min(quantity, step.upTo ?? Number.POSITIVE_INFINITY);
    if (to > from) usd += ((to - from) / per) * step.usd;
    from = Math.max(from, to);
  }
  return usd;
}

export class BadPrices extends Error {}

/**
 * The table with prices of one's own in place of those that a JSON object names.
 * @param text as {"athenaScanned": 4.5}: a name of the table and US dollars for its unit, at any quantity
 * @throws BadPrices naming what is no JSON, no name of the table, or no price
 */
export function pricesWith(text: string): Prices {
  let own: unknown;
  try {
    own = JSON.parse(text);
  } catch (error) {
    throw new BadPrices(`The prices are not JSON: ${(error as Error).message}`);
  }
  if (typeof own !== 'object' || own === null || Array.isArray(own))
    throw new BadPrices(
      'The prices must be a JSON object of names and US dollars, as {"athenaScanned": 4.5}',
    );
  const prices: Record<PriceName, Price> = { ...PRICES };
  for (const [name, usd] of Object.entries(own)) {
    if (!Object.hasOwn(PRICES, name))
      throw new BadPrices(`There is no price "${name}". The prices are: ${Object.keys(PRICES).join(', ')}`);
    if (typeof usd !== 'number' || !Number.isFinite(usd) || usd < 0)
      throw new BadPrices(`The price ${name} is ${JSON.stringify(usd)}; it must be a number of 0 or more`);
    const price = PRICES[name as PriceName];
    prices[name as PriceName] = {
      ...price,
      steps: [{ upTo: null, usd }],
      page: 'the prices given',
    };
  }
  return prices;
}
