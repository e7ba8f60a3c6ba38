import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HeadObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { FunctionBundle } from '../../../bin/bundle-functions.ts';
import { answerCloudFormation } from '../../../lib/adapters/aws/custom-resource.ts';
import { type PageContents, publishPage, removePage } from '../../../lib/adapters/aws/page-files.ts';
import { type S3Emulator, startS3 } from '../emulators/s3.ts';
import { bundleOf } from '../lambda/bundled-functions.ts';
import { type LocalLambda, startLambda } from '../lambda/local-lambda.ts';

const SETTINGS = {
  sign_in: { hosted_ui: 'https://sign-in.shop.example', client_id: 'page', scopes: ['openid', 'email'] },
};
let bundle: FunctionBundle;
let folder: string;
let emulator: S3Emulator;
let s3: S3Client;
let lambda: LocalLambda | null = null;

/** Where CloudFormation hears how it went. */
let stack: Server;
let told: { Status: string; Reason: string; PhysicalResourceId: string; [name: string]: unknown }[];
let typesTold: (string | undefined)[];
let refusals: number;

beforeAll(async () => {
  bundle = await bundleOf('publish-page');
  stack = createServer(async (request, response) => {
    const body: Buffer[] = [];
    for await (const piece of request) body.push(piece);
    if (refusals > 0) {
      refusals -= 1;
      response.writeHead(503).end();
      return;
    }
    typesTold.push(request.headers['content-type']);
    told.push(JSON.parse(Buffer.concat(body).toString()));
    response.writeHead(200).end();
  });
  await new Promise<void>((resolve) => stack.listen(0, '127.0.0.1', resolve));
});
afterAll(() => stack.close());
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ropo-page-bucket-'));
  emulator = await startS3({ folder, buckets: ['page'] });
  s3 = new S3Client({
    region: 'eu-south-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    endpoint: emulator.url,
    forcePathStyle: true,
  });
  told = [];
  typesTold = [];
  refusals = 0;
});
afterEach(async () => {
  await lambda?.close();
  lambda = null;
  s3.destroy();
  await emulator.close();
  rmSync(folder, { recursive: true, force: true });
});

const ask = async (RequestType: 'Create' | 'Update' | 'Delete', environment: Record<string, string> = {}) => {
  lambda ??= startLambda({
    bundle: bundle.asset,
    handler: bundle.handler,
    environment: {
      AWS_ENDPOINT_URL_S3: emulator.url,
      ROPO_PAGE_BUCKET: 'page',
      ROPO_PAGE_SETTINGS: JSON.stringify(SETTINGS),
      ...environment,
    },
  });
  const { port } = stack.address() as AddressInfo;
  await lambda.invoke({
    RequestType,
    ServiceToken: 'arn:aws:lambda:eu-south-1:111111111111:function:publish-page',
    ResponseURL: `http://127.0.0.1:${port}/answer?signature=x`,
    StackId: 'arn:aws:cloudformation:eu-south-1:111111111111:stack/serve/1',
    RequestId: 'r-1',
    LogicalResourceId: 'PublishedPage',
    ResourceType: 'Custom::RopoPage',
    ResourceProperties: { ServiceToken: 'arn' },
    ...(RequestType === 'Create' ? {} : { PhysicalResourceId: 'page' }),
    ...(RequestType === 'Update' ? { OldResourceProperties: {} } : {}),
  });
  return told.at(-1)!;
};
const filesIn = (path = 'page'): string[] =>
  readdirSync(join(folder, path), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, path).length + 1))
    .sort();
const headersOf = async (Key: string) => {
  const { ContentType, CacheControl, ContentEncoding } = await s3.send(
    new HeadObjectCommand({ Bucket: 'page', Key }),
  );
  return [ContentType, CacheControl, ContentEncoding];
};

describe('the function publish-page', () => {
  test('puts the whole page, each file as browsers must take it, and tells CloudFormation', async () => {
    expect(await ask('Create')).toEqual({
      Status: 'SUCCESS',
      Reason: 'Done',
      PhysicalResourceId: 'page',
      StackId: 'arn:aws:cloudformation:eu-south-1:111111111111:stack/serve/1',
      RequestId: 'r-1',
      LogicalResourceId: 'PublishedPage',
      NoEcho: false,
      Data: {},
    });
    // The signature of the address is of none.
    expect(typesTold[0] ?? '').toBe('');
    const html = readFileSync(join(folder, 'page/index.html'), 'utf8');
    const named = Array.from(html.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g), ([, key]) => key!);
    expect(named.map((key) => key.replace(/-[0-9a-f]{12}\./, '.')).sort()).toEqual([
      'assets/page.css',
      'assets/page.js',
    ]);
    for (const key of named) expect(filesIn()).toContain(key);
    expect(html).toContain('<meta name="ropo-page-settings" content="/page-settings.json">');
    expect(JSON.parse(readFileSync(join(folder, 'page/page-settings.json'), 'utf8'))).toEqual(SETTINGS);
    const forGood = 'public, max-age=31536000, immutable';
    expect(await headersOf('index.html')).toEqual(['text/html; charset=utf-8', 'no-cache', undefined]);
    expect(await headersOf('page-settings.json')).toEqual(['application/json', 'no-cache', undefined]);
    for (const key of filesIn().filter((one) => one.endsWith('.js')))
      expect(await headersOf(key)).toEqual(['text/javascript; charset=utf-8', forGood, undefined]);
    expect(await headersOf(named.find((one) => one.endsWith('.css'))!)).toEqual([
      'text/css; charset=utf-8',
      forGood,
      undefined,
    ]);
    // Every piece that a script loads later is there.
    const scripts = filesIn('page/assets').filter((one) => one.endsWith('.js'));
    for (const name of scripts) {
      const text = readFileSync(join(folder, 'page/assets', name), 'utf8');
      for (const [, piece] of text.matchAll(/["']\.\/([\w-]+\.js)["']/g)) expect(scripts).toContain(piece);
    }
  });

  test('changes nothing when it is asked again, and empties the bucket in the end', async () => {
    await ask('Create');
    const before = filesIn();
    expect((await ask('Update')).Status).toBe('SUCCESS');
    expect(filesIn()).toEqual(before);
    expect((await ask('Delete')).Status).toBe('SUCCESS');
    expect(filesIn()).toEqual([]);
    expect((await ask('Delete')).Status).toBe('SUCCESS');
  });

  test('tells why it could not, and takes away also what was never made', async () => {
    const failed = await ask('Create', { ROPO_PAGE_BUCKET: 'gone' });
    expect(failed.Status).toBe('FAILED');
    expect(failed.Reason).toContain('NoSuchBucket');
    expect(failed.PhysicalResourceId).toBe('page');
    // CloudFormation then rolls back.
    expect((await ask('Delete')).Status).toBe('SUCCESS');
  });

  test.each([
    [
      {
        ROPO_PAGE_SETTINGS:
          '{"sign_in":{"hosted_ui":"http://sign-in.shop.example","client_id":"x","scopes":["openid"]}}',
      },
      'must be an origin',
    ],
    [{ ROPO_PAGE_SETTINGS: '{' }, 'no JSON'],
    [{ ROPO_PAGE_SETTINGS: '' }, 'ROPO_PAGE_SETTINGS is not set'],
  ])('tells what is wrong with %j', async (environment, reason) => {
    const failed = await ask('Create', environment);
    expect([failed.Status, failed.Reason]).toEqual(['FAILED', expect.stringContaining(reason)]);
    expect(filesIn()).toEqual([]);
  });

  test('tells that it took too long before its time is up', async () => {
    const { port } = stack.address() as AddressInfo;
    const event = {
      RequestType: 'Create',
      ResponseURL: `http://127.0.0.1:${port}/answer`,
      LogicalResourceId: 'PublishedPage',
    } as CloudFormationCustomResourceEvent;
    const never = () => new Promise<void>(() => {});
    await answerCloudFormation(event, { id: 'page', put: never, remove: never, withinMs: 20, log: () => {} });
    expect(told).toMatchObject([
      { Status: 'FAILED', Reason: expect.stringContaining('longer than 0.02 seconds') },
    ]);
  });

  test('tells it again where it was not heard', async () => {
    refusals = 2;
    expect((await ask('Create')).Status).toBe('SUCCESS');
    expect(told).toHaveLength(1);
    refusals = Number.POSITIVE_INFINITY;
    await expect(ask('Update')).rejects.toThrow('4 tries');
  });
});

describe('a page that is published over another', () => {
  const DAY = 86_400_000;
  const start = Date.parse('2026-01-01T00:00:00Z');
  /** A page of one script. */
  const pageOf = (name: string): string => {
    const source = mkdtempSync(join(folder, 'source-'));
    const files: PageContents['files'] = [
      { key: 'index.html', media_type: 'text/html', changes_name: false },
      { key: name, media_type: 'text/javascript', changes_name: true },
    ];
    writeFileSync(join(source, 'contents.json'), JSON.stringify({ files }));
    writeFileSync(join(source, 'index.html'), `<script src="/${name}">`);
    writeFileSync(join(source, name), name);
    return source;
  };
  const publish = (name: string, day: number) =>
    publishPage(
      { s3, bucket: 'page' },
      { folder: pageOf(name), settings: SETTINGS, now: () => start + day * DAY },
    );

  test('leaves its files for 30 days after that, for whoever still has it open', async () => {
    await publish('a.js', 0);
    // It was the page for a year: that counts for nothing.
    expect(await publish('b.js', 365)).toMatchObject({ removed: 0 });
    await publish('c.js', 366);
    expect(filesIn()).toEqual(expect.arrayContaining(['a.js', 'b.js', 'c.js']));
    expect(await publish('d.js', 365 + 31)).toMatchObject({ removed: 1 });
    expect(existsSync(join(folder, 'page/a.js'))).toBe(false);
    expect(filesIn()).toEqual(expect.arrayContaining(['b.js', 'c.js', 'd.js']));
  });

  test('that comes back after another keeps its files for good', async () => {
    await publish('a.js', 0);
    await publish('b.js', 1);
    await publish('a.js', 2);
    await publish('a.js', 100);
    expect(filesIn()).toContain('a.js');
    expect(filesIn()).not.toContain('b.js');
  });

  test('is the old one to the last where the new one cannot be put whole', async () => {
    await publish('a.js', 0);
    emulator.faults.fail('PutObject', { status: 403, code: 'AccessDenied' });
    await expect(publish('b.js', 1)).rejects.toThrow();
    expect(readFileSync(join(folder, 'page/index.html'), 'utf8')).toContain('a.js');
  });

  test('of more files than can be deleted at a time goes away whole', async () => {
    for (let at = 0; at < 1005; at++) writeFileSync(join(folder, 'page', `${at}.js`), '');
    expect(await removePage({ s3, bucket: 'page' })).toBe(1005);
    expect(filesIn()).toEqual([]);
  });
});
