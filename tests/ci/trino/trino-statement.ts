import { request } from 'node:http';

/** What Trino answers to one statement: cells as the text that Athena gives for them. */
export interface StatementResult {
  columns: { name: string; type: string }[];
  rows: (string | null)[][];
  /** Into how many stages Trino cut it. */
  stages: number;
}

/** A stage and those that feed it. */
interface Stage {
  subStages?: Stage[];
}

interface StatementPage {
  nextUri?: string;
  columns?: { name: string; type: string }[];
  data?: unknown[][];
  stats?: { rootStage?: Stage };
  error?: { message: string; errorName: string; errorType: string };
}

/** Thrown for a statement that Trino refuses or that fails, with the name that Athena puts before its message too. */
export class TrinoError extends Error {
  readonly errorName: string;
  readonly errorType: string;
  constructor({ message, errorName, errorType }: NonNullable<StatementPage['error']>) {
    super(`${errorName}: ${message}`);
    this.errorName = errorName;
    this.errorType = errorType;
  }
}

export interface StatementOptions {
  catalog: string;
  schema: string | null;
}

/**
 * Runs one statement over Trino's REST protocol and reads all of its pages.
 * @throws TrinoError when the statement fails
 */
export async function runStatement(
  url: string,
  sql: string,
  { catalog, schema }: StatementOptions,
): Promise<StatementResult> {
  const headers: Record<string, string> = {
    'X-Trino-User': 'tests',
    'X-Trino-Catalog': catalog,
    'X-Trino-Time-Zone': 'UTC',
    // Without it timestamps are cut to milliseconds.
    'X-Trino-Client-Capabilities': 'PARAMETRIC_DATETIME',
    ...(schema === null ? {} : { 'X-Trino-Schema': schema }),
  };
  const result: StatementResult = { columns: [], rows: [], stages: 0 };
  const text = { ...headers, 'Content-Type': 'text/plain; charset=utf-8' };
  let page = await ask(`${url}/v1/statement`, { method: 'POST', body: sql, headers: text });
  for (;;) {
    if (page.error) throw new TrinoError(page.error);
    if (page.columns) result.columns = page.columns.map(({ name, type }) => ({ name, type }));
    for (const row of page.data ?? []) result.rows.push(row.map(cellText));
    result.stages = Math.max(result.stages, stagesOf(page.stats?.rootStage));
    if (!page.nextUri) return result;
    page = await ask(page.nextUri, { headers });
  }
}

const stagesOf = (stage: Stage | undefined): number =>
  stage ? 1 + (stage.subStages ?? []).reduce((sum, one) => sum + stagesOf(one), 0) : 0;

interface PageRequest {
  method?: 'POST';
  body?: string;
  headers: Record<string, string>;
}

/** How often a page is asked for on a machine so busy that connections break. */
const TRIES = 5;
const REST_MS = 1_000;

/** One page. Asked again it is the same page; a statement that was begun twice would run twice, and is not. */
async function ask(url: string, given: PageRequest): Promise<StatementPage> {
  for (let attempt = 1; ; attempt++) {
    let failure: string;
    let isRepeatable = given.method !== 'POST';
    try {
      const { status, text } = await exchange(url, given);
      if (status === 200) return JSON.parse(numbersAsText(text)) as StatementPage;
      failure = `it answered ${status}: ${text.slice(0, 500)}`;
      // By its protocol these mean: not now.
      isRepeatable = [502, 503, 504].includes(status);
    } catch (error) {
      failure = (error as Error).message;
    }
    if (!isRepeatable || attempt === TRIES) throw new Error(`Trino does not do what it is asked: ${failure}`);
    await new Promise((resolve) => setTimeout(resolve, REST_MS * attempt));
  }
}

/**
 * One request over a connection of its own, however long the answer takes: a busy server closes connections that were left
 * open just when they are used again.
 */
const exchange = (url: string, { method, body, headers }: PageRequest) =>
  new Promise<{ status: number; text: string }>((resolve, reject) => {
    const sent = request(url, { method: method ?? 'GET', headers, agent: false }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('error', reject);
      answer.on('end', () => resolve({ status: answer.statusCode!, text: Buffer.concat(parts).toString() }));
    });
    sent.on('error', reject);
    sent.end(body);
  });

/** JSON with every number as text: 64-bit integers stay exact and doubles keep the digits that Java wrote. */
const numbersAsText = (json: string) =>
  json.replace(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/g, (token) =>
    token.startsWith('"') ? token : `"${token}"`,
  );

/** A cell as Athena writes it: true and false, arrays as [a, b]. */
function cellText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return `[${value.map((one) => cellText(one) ?? 'null').join(', ')}]`;
  if (typeof value === 'object')
    return `{${Object.entries(value)
      .map(([key, one]) => `${key}=${cellText(one) ?? 'null'}`)
      .join(', ')}}`;
  return String(value);
}
