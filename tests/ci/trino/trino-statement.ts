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
  let page = await ask(`${url}/v1/statement`, { method: 'POST', body: sql, headers });
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

async function ask(url: string, request: RequestInit): Promise<StatementPage> {
  const answer = await fetch(url, request);
  const text = await answer.text();
  if (!answer.ok) throw new Error(`Trino answered ${answer.status}: ${text.slice(0, 500)}`);
  return JSON.parse(numbersAsText(text)) as StatementPage;
}

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
