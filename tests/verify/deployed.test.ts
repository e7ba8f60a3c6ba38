import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Answered } from '../../bin/verify/compare-answers.ts';
import { answersHere, prepareShop } from '../../bin/verify/prepared-shop.ts';
import { checkDeployed } from '../../bin/verify/real-run.ts';
import type { Outputs } from '../../lib/adapters/aws/verify/outputs.ts';
import { verifyClients } from '../../lib/adapters/aws/verify/verify-clients.ts';
import { type Emulator, startJsonService } from '../aws/emulators/json-service.ts';
import { bodyOf, type Listening, listen } from '../aws/emulators/listen.ts';
import { type S3Emulator, startS3 } from '../aws/emulators/s3.ts';
import { type AuthorizationServer, startAuthorizationServer } from '../aws/serve/authorization-server.ts';

/**
 * The whole check but deploying and destroying, against services of this machine. Only what is asked of them is tried
 * here, and in what order: what AWS makes of it stands for a shop that was built before.
 */
const PERSONS = 30;
const SECRET = 'the secret that AWS has made';

let folder: string;
let s3: S3Emulator;
let services: Emulator;
let collector: Listening;
let api: Listening;
let server: AuthorizationServer;
let answers: Answered[];
let secret = JSON.stringify({ identity_secret: SECRET, keys: [] });
const asked: string[] = [];
/** Messages that the collector took, by the key that they came with. */
const taken = new Map<string, number>();
/** What the API answers after so many builds. */
let answersAfter: (builds: number) => readonly Answered[] = () => answers;
let builds = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ropo-deployed-'));
  answers = await answersHere(await prepareShop(join(folder, 'aws'), PERSONS), SECRET);
  s3 = await startS3({ folder: join(folder, 's3'), buckets: ['lake', 'drop'] });
  server = await startAuthorizationServer();
  server.programs.set('program', { secret: 'its secret', scope: 'ropo/manager' });
  services = await startJsonService({
    actions: {
      GetSecretValue: () => ({ SecretString: secret }),
      PutSecretValue({ SecretString }: { SecretString: string }) {
        asked.push('key');
        secret = SecretString;
      },
      StartExecution() {
        asked.push('build');
        builds += 1;
        return { executionArn: 'arn:execution', startDate: 1 };
      },
      DescribeExecution: () => ({
        executionArn: 'arn:execution',
        status: 'SUCCEEDED',
        startDate: 1,
        stopDate: 61,
      }),
      ListUserPoolClients: () => ({ UserPoolClients: [{ ClientId: 'program' }] }),
      DescribeUserPoolClient: () => ({
        UserPoolClient: { ClientSecret: 'its secret', AllowedOAuthScopes: ['ropo/manager'] },
      }),
    },
  });
  collector = await listen(async (request, response) => {
    const { batch } = JSON.parse((await bodyOf(request)).toString()) as { batch: unknown[] };
    const key = atob(String(request.headers.authorization).replace('Basic ', '')).replace(':', '');
    taken.set(key, (taken.get(key) ?? 0) + batch.length);
    if (asked.at(-1) !== 'send') asked.push('send');
    response.writeHead(200).end('{}');
  });
  api = await listen(async (request, response) => {
    const isReader = /^Bearer \S+\.\S+\.\S+$/.test(String(request.headers.authorization));
    const found = answersAfter(builds).find(({ kpi }) => request.url === `/v1/kpis/${kpi}`);
    response.writeHead(isReader && found ? 200 : 401).end(JSON.stringify(found ?? {}));
  });
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL: services.url,
    AWS_ENDPOINT_URL_S3: s3.url,
  });
});
afterAll(async () => {
  for (const name of ['AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_S3']) delete process.env[name];
  await Promise.all([s3, services, collector, api, server].map((one) => one?.close()));
  rmSync(folder, { recursive: true, force: true });
});

async function check(): Promise<string[]> {
  const clients = verifyClients('eu-central-1');
  asked.length = 0;
  builds = 0;
  s3.onCreated = ({ bucket, key }) => {
    asked.push(`${bucket} ${key.split('/').slice(0, -1).join('/')}`);
    if (key.startsWith('incoming/'))
      void clients.s3.send(
        new PutObjectCommand({ Bucket: 'drop', Key: `imported/2026-01-15/${basename(key)}`, Body: '{}' }),
      );
  };
  rmSync(join(folder, 's3', 'drop', 'imported'), { recursive: true, force: true });
  const outputs: Outputs = {
    CollectorUrl: collector.url,
    DropBucket: 'drop',
    LakeBucket: 'lake',
    SecretArn: 'shop',
    Workgroup: 'ropo',
    BuildMachineArn: 'arn:aws:states:eu-central-1:111122223333:stateMachine:build',
    ApiUrl: `${api.url}/v1`,
    PageUrl: 'https://page.example',
    UserPoolId: 'pool',
    SignInUrl: server.url,
  };
  const work = mkdtempSync(join(folder, 'work-'));
  return checkDeployed(
    { persons: PERSONS, work, clients, signal: new AbortController().signal },
    outputs,
    async () => {},
  );
}

describe('what is deployed is checked', () => {
  test('in order: key, seeds, files, requests, build, and every answer is that of one machine', async () => {
    expect(await check()).toEqual([]);
    const steps = asked.filter((one, at) => !one.startsWith('drop imported') && one !== asked[at - 1]);
    expect(steps.slice(0, 3)).toEqual(['key', 'lake seeds', 'drop incoming/stores']);
    expect(steps.slice(-2)).toEqual(['send', 'build']);
    const key = JSON.parse(secret).keys[0].id as string;
    expect(taken.get(key)).toBeGreaterThan(500);
    expect(existsSync(join(folder, 's3', 'drop', 'incoming', 'segment', 'lines.jsonl'))).toBe(true);
    expect(readdirSync(join(folder, 's3', 'lake', 'seeds')).sort()).toEqual([
      'cost_rates.csv',
      'settings.csv',
      'targets.csv',
    ]);
  });

  test('what landed late comes with another build; what stays different is told', async () => {
    const unlike = answers.map((answer) =>
      answer.kpi === 'purchases'
        ? { ...answer, rows: answer.rows.map((row) => ({ ...row, purchases: Number(row.purchases) + 1 })) }
        : answer,
    );
    answersAfter = (after) => (after < 2 ? unlike : answers);
    expect(await check()).toEqual([]);
    expect(builds).toBe(2);
    answersAfter = () => unlike;
    const differences = await check();
    expect(builds).toBe(3);
    expect(differences[0]).toMatch(/^purchases, row 1, purchases: \d+ on one machine, \d+ on AWS$/);
  }, 300_000);
});
