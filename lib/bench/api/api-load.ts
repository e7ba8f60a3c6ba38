import { writeFileSync } from 'node:fs';
import autocannon from 'autocannon';
import { openReader } from '../../adapters/embedded/reader.ts';
import { shopDirectory } from '../../adapters/embedded/shop-directory.ts';
import { pageAddresses, pageShopOf } from '../../api/preparing/page-questions.ts';
import type { Choices } from '../../pipeline/choices.ts';
import type { ServerProcess } from '../server-process.ts';
import { type KeptAnswer, startApiServer } from './api-server.ts';
import { pageQuestions } from './page-questions.ts';

export const USERS = 50;
const HEADERS = { 'accept-encoding': 'br' };

/** What a server answered under load. Times are milliseconds. */
export interface ApiLoad {
  requests: number;
  /** Answers other than 200 and 304, and requests without one. */
  failed: number;
  perSecond: number;
  p50: number;
  p99: number;
  max: number;
  bytesEach: number;
}

export interface ApiBench {
  questions: number;
  /** Each question once, alone, of a server that has just started. */
  alone: ApiLoad & { slowest: { path: string; ms: number }[] };
  /** Fifty users at a server that has just started, who all ask every question once. */
  newBuild: ApiLoad;
  /** Fifty users at a server that was prepared, who all ask once what the page asks. */
  prepared: ApiLoad;
  /** Fifty users, as quickly as they are answered. */
  kept: ApiLoad;
  /** The same by readers who send back the tag of what they have. */
  known: ApiLoad;
  /** The same where nothing is kept: every answer is made anew. */
  anew: ApiLoad;
  bare: ApiLoad;
  peakBytes: number;
}

/** Loads the API of a shop, and the bare framework with its answers. @param seconds for each load */
export async function benchApiOf(root: string, seconds: number, answersFile: string): Promise<ApiBench> {
  const first = await startApiServer({ kind: 'api', root, keeps: true });
  const { questions, answers, alone } = await eachAlone(first).finally(() => first.stop());
  writeFileSync(answersFile, JSON.stringify(answers));

  const fresh = await startApiServer({ kind: 'api', root, keeps: true });
  const { newBuild, kept, known, peakBytes } = await (async () => ({
    // The engine is there, and what every answer says of its build is read.
    newBuild: await load(fresh, questions, { amount: USERS * questions.length }),
    kept: await load(fresh, questions, { duration: seconds }),
    known: await load(fresh, questions, { duration: seconds }, answers),
    peakBytes: await fresh.peakBytes(),
  }))().finally(() => fresh.stop());

  const ready = await startApiServer({ kind: 'api', root, keeps: true, isPrepared: true });
  const prepared = await (async () => {
    const asked = await pageAddressesOf(root);
    return load(ready, asked, { amount: USERS * asked.length });
  })().finally(() => ready.stop());

  const forgetful = await startApiServer({ kind: 'api', root, keeps: false });
  const anew = await load(forgetful, questions, { duration: seconds }).finally(() => forgetful.stop());

  const plain = await startApiServer({ kind: 'bare', answersFile });
  const bare = await load(plain, questions, { duration: seconds }).finally(() => plain.stop());
  return { questions: questions.length, alone, newBuild, prepared, kept, known, anew, bare, peakBytes };
}

async function pageAddressesOf(root: string): Promise<string[]> {
  const reader = await openReader(shopDirectory(root));
  try {
    return pageAddresses(await pageShopOf((await reader.published())!), 'manager');
  } finally {
    reader.close();
  }
}

async function eachAlone({ url }: ServerProcess) {
  const choices = (await (await fetch(`${url}/v1/choices`)).json()) as Choices;
  const questions = pageQuestions(choices);
  const answers: KeptAnswer[] = [];
  const taken: { path: string; ms: number }[] = [];
  let failed = 0;
  for (const path of questions) {
    const begin = performance.now();
    const response = await fetch(url + path, { headers: { ...HEADERS, 'accept-encoding': 'identity' } });
    await response.arrayBuffer();
    taken.push({ path, ms: performance.now() - begin });
    if (!response.ok) failed += 1;
    answers.push(await packedAnswer(url, path));
  }
  const times = taken.map(({ ms }) => ms).sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))]!;
  const alone = {
    requests: times.length,
    failed,
    perSecond: 1000 / (times.reduce((sum, ms) => sum + ms, 0) / times.length),
    p50: at(0.5),
    p99: at(0.99),
    max: times.at(-1)!,
    bytesEach: answers.reduce((sum, { body }) => sum + body.length * 0.75, 0) / answers.length,
    slowest: taken.toSorted((a, b) => b.ms - a.ms).slice(0, 5),
  };
  return { questions, answers, alone };
}

/** The bytes as they go over the wire: fetch would unpack them and forget how they came. */
async function packedAnswer(url: string, path: string): Promise<KeptAnswer> {
  const { request } = await import('node:http');
  return new Promise((resolve, reject) => {
    request(url + path, { headers: HEADERS }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const { connection, date, 'keep-alive': _, ...rest } = response.headers;
        resolve({
          path,
          headers: rest as Record<string, string>,
          body: Buffer.concat(chunks).toString('base64'),
        });
      });
    })
      .on('error', reject)
      .end();
  });
}

async function load(
  { url }: ServerProcess,
  questions: readonly string[],
  until: { duration: number } | { amount: number },
  known: readonly KeptAnswer[] = [],
): Promise<ApiLoad> {
  const tags = new Map(known.map(({ path, headers }) => [path, headers.etag!]));
  const requests = questions.map((path) => {
    const tag = tags.get(path);
    return { method: 'GET' as const, path, headers: tag ? { ...HEADERS, 'if-none-match': tag } : HEADERS };
  });
  const result = await autocannon({ url, connections: USERS, requests, ...until });
  const good = result['2xx'] + (result as { '3xx': number })['3xx'];
  return {
    requests: result.requests.total,
    failed: result.errors + result.timeouts + (result.requests.total - good),
    perSecond: result.requests.total / result.duration,
    p50: result.latency.p50,
    p99: result.latency.p99,
    max: result.latency.max,
    bytesEach: result.throughput.total / Math.max(1, result.requests.total),
  };
}
