import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SFNClient } from '@aws-sdk/client-sfn';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { sendRequests } from '../../bin/verify/send-requests.ts';
import { checkAccount } from '../../lib/adapters/aws/verify/account.ts';
import { bucketsOf } from '../../lib/adapters/aws/verify/empty-buckets.ts';
import { programToken } from '../../lib/adapters/aws/verify/reader-token.ts';
import { runBuild } from '../../lib/adapters/aws/verify/run-build.ts';
import { addWebKey, dropFiles, putSeeds } from '../../lib/adapters/aws/verify/shop-files.ts';
import { type Actions, startJsonService } from '../aws/emulators/json-service.ts';
import { bodyOf, type Listening, listen } from '../aws/emulators/listen.ts';
import { type S3Emulator, startS3 } from '../aws/emulators/s3.ts';
import { startAuthorizationServer } from '../aws/serve/authorization-server.ts';

const AT = {
  region: 'eu-south-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  maxAttempts: 1,
} as const;
const open: Listening[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

/** A service of the JSON protocol that does these things. */
async function service(actions: Actions): Promise<string> {
  const started = await startJsonService({ actions });
  open.push(started);
  return started.url;
}

/** CloudFormation, as far as stacks are described: XML by the names of the stacks. */
async function cloudFormation(answers: Record<string, string>): Promise<CloudFormationClient> {
  const started = await listen(async (request, response) => {
    const asked = new URLSearchParams((await bodyOf(request)).toString());
    const name = asked.get('StackName') ?? '';
    const action = asked.get('Action');
    const known = answers[name];
    response.writeHead(known === undefined ? 400 : 200, { 'content-type': 'text/xml' });
    response.end(
      known === undefined
        ? `<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code><Message>Stack with id ${name} does not exist</Message></Error></ErrorResponse>`
        : `<${action}Response><${action}Result>${known}</${action}Result></${action}Response>`,
    );
  });
  open.push(started);
  return new CloudFormationClient({ ...AT, endpoint: started.url });
}

describe('the account', () => {
  const bootstrapped = (account: string) =>
    cloudFormation({
      CDKToolkit: `<Stacks><member><StackId>arn:aws:cloudformation:eu-south-1:${account}:stack/CDKToolkit/1</StackId><StackName>CDKToolkit</StackName><CreationTime>2025-01-01T00:00:00Z</CreationTime><StackStatus>CREATE_COMPLETE</StackStatus></member></Stacks>`,
    });

  test('is the one that was named', async () => {
    await checkAccount(await bootstrapped('111122223333'), '111122223333', 'eu-south-1');
  });

  test('is refused where the credentials are of another', async () => {
    await expect(
      checkAccount(await bootstrapped('999999999999'), '111122223333', 'eu-south-1'),
    ).rejects.toThrow('The credentials are of account 999999999999, not of 111122223333. Nothing was made.');
  });

  test('must be bootstrapped, and how is said', async () => {
    await expect(checkAccount(await cloudFormation({}), '111122223333', 'eu-south-1')).rejects.toThrow(
      'npx cdk bootstrap aws://111122223333/eu-south-1',
    );
  });

  test('holds buckets of stacks that are there, none of others', async () => {
    const resource = (type: string, id: string) =>
      `<member><LogicalResourceId>X</LogicalResourceId><ResourceType>${type}</ResourceType><PhysicalResourceId>${id}</PhysicalResourceId></member>`;
    const client = await cloudFormation({
      A: `<StackResources>${resource('AWS::S3::Bucket', 'lake')}${resource('AWS::KMS::Key', 'key')}</StackResources>`,
    });
    expect(await bucketsOf(client, ['A', 'B'])).toEqual(['lake']);
  });
});

describe('a build', () => {
  const machine = async (...statuses: Record<string, unknown>[]) => {
    const started: unknown[] = [];
    const url = await service({
      StartExecution(input: unknown) {
        started.push(input);
        return { executionArn: 'arn:execution', startDate: 1 };
      },
      DescribeExecution: () => ({
        executionArn: 'arn:execution',
        startDate: 100,
        ...(statuses.length > 1 ? statuses.shift() : statuses[0]),
      }),
    });
    return { client: new SFNClient({ ...AT, endpoint: url, disableHostPrefix: true }), started };
  };
  const wait = { sleep: async () => {}, everyMs: 1, forMs: 30_000 };

  test('is waited for until it is published', async () => {
    const { client, started } = await machine(
      { status: 'RUNNING' },
      { status: 'RUNNING' },
      { status: 'SUCCEEDED', stopDate: 172 },
    );
    expect(await runBuild(client, 'arn:machine', wait)).toBe(72);
    expect(started).toEqual([{ stateMachineArn: 'arn:machine', input: '{}' }]);
  });

  test('that fails says why', async () => {
    const { client } = await machine({
      status: 'FAILED',
      error: 'TableNotMade',
      cause: 'credits: out of memory',
    });
    await expect(runBuild(client, 'arn:machine', wait)).rejects.toThrow(
      'The build ended as FAILED: TableNotMade, credits: out of memory',
    );
  });

  test('that never ends is given up', async () => {
    const { client } = await machine({ status: 'RUNNING' });
    let now = 0;
    const sleep = async (ms: number) => {
      now += ms;
    };
    const slow = { sleep, now: () => now };
    await expect(
      runBuild(client, 'arn:machine', { ...slow, everyMs: 10_000, forMs: 60_000 }),
    ).rejects.toThrow('Waited for the build for 60 s, in vain');
  });
});

describe('keys and tokens', () => {
  test('a web key comes beside those that are there', async () => {
    let kept = JSON.stringify({ identity_secret: 'abc', keys: [{ id: 'other' }] });
    const url = await service({
      GetSecretValue: () => ({ SecretString: kept }),
      PutSecretValue({ SecretString }: { SecretString: string }) {
        kept = SecretString;
      },
    });
    const client = new SecretsManagerClient({ ...AT, endpoint: url });
    const { key, identitySecret } = await addWebKey(client, 'shop', Date.UTC(2026, 0, 15));
    expect(identitySecret).toBe('abc');
    const { identity_secret, keys } = JSON.parse(kept);
    expect([identity_secret, keys.length, keys[0].id, keys[1].id]).toEqual(['abc', 2, 'other', key]);
    expect(keys[1]).toMatchObject({ kind: 'web', revoked_at: null, created_at: '2026-01-15T00:00:00.000Z' });
  });

  test('a token is the program’s, by its secret and scope', async () => {
    const server = await startAuthorizationServer();
    open.push({ url: server.url, close: () => server.close() });
    server.programs.set('program', { secret: 's3', scope: 'ropo/manager' });
    const clients: Record<string, object> = {
      page: { AllowedOAuthScopes: ['openid'] },
      other: { AllowedOAuthScopes: ['ropo/partner'], ClientSecret: 'x' },
      program: { AllowedOAuthScopes: ['ropo/manager'], ClientSecret: 's3' },
    };
    const url = await service({
      ListUserPoolClients: () => ({
        UserPoolClients: Object.keys(clients).map((ClientId) => ({ ClientId })),
      }),
      DescribeUserPoolClient: ({ ClientId }: { ClientId: string }) => ({ UserPoolClient: clients[ClientId] }),
    });
    const client = new CognitoIdentityProviderClient({ ...AT, endpoint: url });
    const place = { userPoolId: 'pool', signInUrl: server.url };
    const token = await programToken(client, { ...place, scope: 'ropo/manager' });
    const claims = JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString());
    expect(claims).toMatchObject({ client_id: 'program', scope: 'ropo/manager' });
    await expect(programToken(client, { ...place, scope: 'ropo/marketer' })).rejects.toThrow(
      'The user pool pool has no program with the scope ropo/marketer',
    );
  });
});

describe('requests', () => {
  const collector = async (answers: number[]) => {
    const taken: string[] = [];
    const started = await listen(async (request, response) => {
      const body = (await bodyOf(request)).toString();
      const status = answers.shift() ?? 200;
      if (status === 200) taken.push(`${request.headers.authorization} ${body}`);
      response.writeHead(status).end('said');
    });
    open.push(started);
    return { url: started.url, taken };
  };
  const wait = { sleep: async () => {}, everyMs: 1, forMs: 30_000 };

  test('come again until they are taken, each once and in order', async () => {
    const { url, taken } = await collector([401, 200, 503, 429]);
    await sendRequests(['a', 'b'], url, 'web_1', wait);
    const basic = `Basic ${btoa('web_1:')}`;
    expect(taken).toEqual([`${basic} a`, `${basic} b`]);
  });

  test('that are refused for good end it', async () => {
    const { url } = await collector([400]);
    await expect(sendRequests(['a'], url, 'web_1', wait)).rejects.toThrow('The collector answered 400: said');
  });
});

describe('files', { timeout: 60_000 }, () => {
  let folder: string;
  let s3: S3Emulator;
  let client: S3Client;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ropo-verify-'));
    mkdirSync(join(folder, 'own'));
    for (const name of ['stores.csv', 'orders.jsonl'])
      writeFileSync(join(folder, 'own', name), `of ${name}\n`);
    s3 = await startS3({ folder: join(folder, 's3'), buckets: ['drop', 'lake'] });
    client = new S3Client({ ...AT, endpoint: s3.url, forcePathStyle: true });
  });
  afterAll(async () => {
    client.destroy();
    await s3.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const own = (name: string) => join(folder, 'own', name);
  const files = () => [
    { format: 'stores', file: own('stores.csv') },
    { format: 'orders', file: own('orders.jsonl') },
  ];
  const wait = { everyMs: 5, forMs: 30_000 };

  test('of seeds lie where builds read them', async () => {
    await putSeeds(client, 'lake', [own('stores.csv')]);
    expect(readFileSync(join(folder, 's3', 'lake', 'seeds', 'stores.csv'), 'utf8')).toBe('of stores.csv\n');
  });

  test('are dropped one after the other, each once the one before is imported', async () => {
    const seen: string[] = [];
    s3.onCreated = ({ key }) => {
      seen.push(key);
      if (!key.startsWith('incoming/')) return;
      // The import tells what became of it.
      void client.send(
        new PutObjectCommand({
          Bucket: 'drop',
          Key: `imported/2026-01-15/${basename(key)}.json`,
          Body: '{}',
        }),
      );
    };
    await dropFiles(client, 'drop', files(), wait);
    expect(seen).toEqual([
      'incoming/stores/stores.csv',
      'imported/2026-01-15/stores.csv.json',
      'incoming/orders/orders.jsonl',
      'imported/2026-01-15/orders.jsonl.json',
    ]);
    s3.onCreated = null;
  });

  test('that cannot be imported end it with where the reason lies', async () => {
    s3.onCreated = ({ bucket, key }) => rmSync(join(folder, 's3', bucket, key));
    await expect(dropFiles(client, 'drop', files(), wait)).rejects.toThrow(
      'stores.csv could not be imported: s3://drop/failed/ has the reason',
    );
    s3.onCreated = null;
  });
});
