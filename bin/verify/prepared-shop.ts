import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { FormattedFile } from '../../lib/adapters/aws/verify/shop-files.ts';
import { openReader } from '../../lib/adapters/embedded/reader.ts';
import { openShop } from '../../lib/adapters/embedded/shop.ts';
import { shopDirectory } from '../../lib/adapters/embedded/shop-directory.ts';
import { createApi } from '../../lib/api/app.ts';
import { KPIS } from '../../lib/domain/kpi-catalogue.ts';
import { buildShop } from '../commands/build.ts';
import { makeDemo } from '../commands/demo.ts';
import { importPaths } from '../commands/import.ts';
import type { Answered } from './compare-answers.ts';

/** Messages of one request: a server's SDK sends so many. */
const MESSAGES = 100;

/** The demo shop as it goes to AWS. */
export interface PreparedShop {
  root: string;
  /** Every input file, in the order of import: what the one machine takes in. */
  files: FormattedFile[];
  /** Bodies of POST /v1/batch. */
  requests: string[];
  /** What is dropped on S3, in order: all that does not come over HTTP. */
  dropped: FormattedFile[];
  /** The shop's own rows of seeds. */
  seeds: string[];
}

/**
 * Makes the demo shop and divides it: messages of trackers go to the collector in requests of 100, all else is dropped as
 * files; so are the lines of trackers' files that are no JSON objects, since no request can hold them.
 */
export async function prepareShop(root: string, persons: number): Promise<PreparedShop> {
  const files = await makeDemo(root, persons, 1);
  const messages: string[] = [];
  const broken: string[] = [];
  for (const { file } of files.filter(({ format }) => format === 'segment'))
    for (const line of linesOf(file)) (isObject(line) ? messages : broken).push(line);
  const dropped = files.filter(({ format }) => format !== 'segment');
  if (broken.length > 0) {
    const folder = join(root, 'broken');
    mkdirSync(folder, { recursive: true });
    const file = join(folder, 'lines.jsonl');
    writeFileSync(file, `${broken.join('\n')}\n`);
    dropped.push({ format: 'segment', file });
  }
  return {
    root,
    files,
    requests: Array.from({ length: Math.ceil(messages.length / MESSAGES) }, (_, at) => {
      const some = messages.slice(at * MESSAGES, (at + 1) * MESSAGES);
      return `{"batch":[${some.join(',')}]}`;
    }),
    dropped,
    seeds: ['settings.csv', 'cost_rates.csv', 'targets.csv'].map((name) => join(root, 'seeds', name)),
  };
}

function linesOf(file: string): string[] {
  const bytes = readFileSync(file);
  const text = (basename(file).endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
  return text.split('\n').filter((line) => line.trim() !== '');
}

function isObject(line: string): boolean {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/**
 * Takes the prepared shop in on this machine, builds it, and asks every KPI as the API does.
 * @param identitySecret what identifiers are hashed with: the same as on AWS
 */
export async function answersHere(shop: PreparedShop, identitySecret: string): Promise<Answered[]> {
  process.env.ROPO_IDENTITY_SECRET = identitySecret;
  const writable = await openShop(shop.root, 'verify');
  try {
    for (const { format, file } of shop.files) await importPaths(writable, format, [file]);
    await buildShop(writable);
  } finally {
    writable.close();
  }
  const reader = await openReader(shopDirectory(shop.root));
  try {
    const api = createApi({ published: reader.published });
    return await answersOf(async (path) => api.request(`http://127.0.0.1/v1${path}`));
  } finally {
    reader.close();
  }
}

/**
 * The answer to every KPI.
 * @throws Error naming the KPI that is not answered, with the status and what was said
 */
export async function answersOf(get: (path: string) => Promise<Response>): Promise<Answered[]> {
  const answers: Answered[] = [];
  for (const { name } of KPIS) {
    const response = await get(`/kpis/${name}`);
    if (response.status !== 200)
      throw new Error(
        `The KPI ${name} is not answered: status ${response.status}, ${(await response.text()).slice(0, 300)}`,
      );
    answers.push((await response.json()) as Answered);
  }
  return answers;
}
