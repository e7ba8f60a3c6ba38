import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { typeText } from '../../lib/api/client/type-text.ts';
import { type ShopWithApi, shopWithApi } from './shop-with-api.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

let it: ShopWithApi;
let folder: string;
beforeAll(async () => {
  it = await shopWithApi();
  folder = mkdtempSync(join(tmpdir(), 'ropo-client-'));
  writeFileSync(join(folder, 'ropo-client.ts'), await (await it.get('/v1/client.ts')).text());
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      compilerOptions: {
        target: 'es2023',
        lib: ['es2024', 'dom'],
        module: 'nodenext',
        strict: true,
        noEmit: true,
        exactOptionalPropertyTypes: true,
        noUncheckedIndexedAccess: true,
        noUnusedLocals: true,
        types: [],
      },
      include: ['*.ts'],
    }),
  );
});
afterAll(() => {
  it?.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** What the compiler says of a program that uses the client; empty where it is right. */
function compiled(program: string): string {
  writeFileSync(join(folder, 'example.ts'), program);
  const tsc = join(root, 'node_modules', '.bin', 'tsc');
  expect(existsSync(tsc)).toBe(true);
  try {
    return execFileSync(tsc, ['-p', folder], { encoding: 'utf8' });
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}

const EXAMPLE = `
import { ropoClient, RopoProblem } from './ropo-client.js';

const ropo = ropoClient({ url: 'http://127.0.0.1:8787', token: 'secret' });
const { rows, page } = await ropo.kpi('attribution', { by: 'channel', model: 'linear', from: '2025-02-01', limit: 10 });
export const revenue: (number | null)[] = rows.map((row) => row.revenue);
export const all: number = page.rows;
export const sql: string = (await ropo.why('purchases', { by: 'store', label: 'x' })).sql;
export const models: string[] = (await ropo.choices()).models;
export const allowed = (error: unknown) => (error instanceof RopoProblem ? error.problem.allowed : undefined);
`;

describe('the typed client', () => {
  test('compiles as strictly as it gets', () => {
    expect(compiled(EXAMPLE)).toBe('');
  });

  test.each([
    ['another KPI', "'attribution', {", "'profit', {"],
    ['a grouping that the KPI has not', "by: 'channel'", "by: 'shelf'"],
    ['a model that the shop has not', "model: 'linear'", "model: 'best'"],
    ['a parameter that there is not', 'limit: 10', 'limits: 10'],
    ['a figure that there is not', 'row.revenue)', 'row.turnover)'],
  ])('refuses %s', (_, right, wrong) => {
    expect(EXAMPLE).toContain(right);
    expect(compiled(EXAMPLE.replace(right, wrong))).toContain('example.ts');
  });

  test('asks the served API, keeps answers by their tags, and throws problems', async () => {
    const { ropoClient } = (await import(join(folder, 'ropo-client.ts'))) as {
      ropoClient(options: object): {
        kpi(name: string, question?: object): Promise<{ rows: { purchases: number }[] }>;
        why(name: string): Promise<{ sql: string }>;
      };
    };
    const statuses: number[] = [];
    const client = ropoClient({
      url: 'http://localhost',
      fetch: async (address: URL, init: RequestInit) => {
        const response = await it.api.request(address.href, init);
        statuses.push(response.status);
        return response;
      },
    });
    const first = await client.kpi('purchases', { by: 'all' });
    expect(first.rows.reduce((sum, { purchases }) => sum + purchases, 0)).toBeGreaterThan(3);
    expect(await client.kpi('purchases', { by: 'all' })).toBe(first);
    expect(statuses).toEqual([200, 304]);
    expect((await client.why('purchases')).sql).toMatch(/^WITH|^SELECT/);
    await expect(client.kpi('purchases', { by: 'x' })).rejects.toMatchObject({
      problem: { field: 'by', value: 'x' },
    });
  });
});

describe('a schema as a type', () => {
  test.each([
    [{ type: ['number', 'null'] }, 'number | null'],
    [{ type: 'array', items: { enum: ['a', null] } }, '("a" | null)[]'],
    [{ anyOf: [{ $ref: '#/components/schemas/Page' }, { type: 'null' }] }, 'Page | null'],
    [{ type: 'object', properties: { 'a-b': { const: 1 } } }, '{ "a-b"?: 1; }'],
    [{ type: 'object' }, 'Record<string, unknown>'],
    [{}, 'unknown'],
  ])('%j', (schema, text) => {
    expect(typeText(schema)).toBe(text);
  });
});
