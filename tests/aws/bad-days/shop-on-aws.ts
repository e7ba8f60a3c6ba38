import { KinesisClient } from '@aws-sdk/client-kinesis';
import { S3Client } from '@aws-sdk/client-s3';
import { expect } from 'vitest';
import { type EmulatorOptions, type Emulators, NAMES, startEmulators } from '../emulators/index.ts';
import { bundleOf } from '../lambda/bundled-functions.ts';
import { type Mapping, type MappingOptions, startMapping } from '../lambda/event-source-mapping.ts';
import { httpApi } from '../lambda/http-api.ts';
import { type LambdaOptions, type LocalLambda, startLambda } from '../lambda/local-lambda.ts';
import { type Ledger, ledgerOf } from './ledger.ts';

/** Keys of the shop that something may come in with. */
export const KEYS = {
  site: key('wk_site', 'site', 'web', []),
  office: key('ok_office', 'office', 'office', ['the secret of the office']),
  till: { ...key('tk_till', 'till 1', 'till', ['the secret of the till']), store_id: 's1' },
};

function key(id: string, name: string, kind: string, secrets: string[]) {
  return { id, name, kind, secrets, origins: [], store_id: null as string | null, revoked_at: null };
}

/** As the stack sets the mapping, but that it does not wait. */
export const AS_DEPLOYED = {
  batchSize: 500,
  parallelization: 4,
  reportsItemFailures: true,
  bisects: true,
  retries: 10,
};
export const FAILURES = 'failures';

/** Ingest of a shop as it is deployed: bundles, stream, tables and lake, all on this machine. */
export interface ShopOnAws {
  emulators: Emulators;
  kinesis: KinesisClient;
  s3: S3Client;
  /** Calls the collector over its HTTP event. */
  fetch: ReturnType<typeof httpApi>;
  /** Sends messages to the collector in one request; it must take them. */
  send(messages: readonly object[]): Promise<void>;
  /** Starts a function of the shop. */
  lambda(name: string, options?: Partial<LambdaOptions>): Promise<LocalLambda>;
  /** Starts a mapping of the stream to `ingest`, with the settings that are deployed unless told. */
  map(ingest: LocalLambda, options?: Partial<MappingOptions>): Mapping;
  /** What became of all that was sent, once Firehose has written what it holds. */
  ledger(): Promise<Ledger>;
  close(): Promise<void>;
}

export async function shopOnAws(options: EmulatorOptions = {}): Promise<ShopOnAws> {
  const emulators = await startEmulators({
    secret: { identity_secret: 'a secret of the tests, no real one', keys: Object.values(KEYS) },
    ...options,
    buckets: [FAILURES, ...(options.buckets ?? [])],
  });
  const access = { region: 'eu-south-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
  const kinesis = new KinesisClient({ ...access, endpoint: emulators.kinesis.url });
  const s3 = new S3Client({ ...access, endpoint: emulators.s3.url, forcePathStyle: true });
  const lambdas: LocalLambda[] = [];
  const mappings: Mapping[] = [];
  const lambda: ShopOnAws['lambda'] = async (name, more = {}) => {
    const { asset, handler } = await bundleOf(name);
    const environment = {
      ...emulators.environment,
      ROPO_MATCHES_UNKNOWN_CONSENT: 'true',
      ...more.environment,
    };
    const started = startLambda({ bundle: asset, handler, concurrency: 2, ...more, environment });
    lambdas.push(started);
    return started;
  };
  const fetch = httpApi(await lambda('collect', { concurrency: 1 }));
  return {
    emulators,
    kinesis,
    s3,
    fetch,
    lambda,
    async send(messages) {
      const answer = await fetch('https://collect.example/v1/batch', {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: basic(KEYS.site.id) },
        body: JSON.stringify({ batch: messages }),
      });
      expect({ status: answer.status, ...(await answer.json()) }).toMatchObject({
        status: 200,
        received: messages.length,
      });
    },
    map(ingest, more = {}) {
      const mapping = startMapping({
        kinesis,
        streamName: NAMES.stream,
        invoke: (event) => ingest.invoke(event),
        ...AS_DEPLOYED,
        onFailure: { s3, bucket: FAILURES },
        ...more,
      });
      mappings.push(mapping);
      return mapping;
    },
    ledger: () => ledgerOf({ emulators, s3, failures: FAILURES }),
    async close() {
      await Promise.all(mappings.map((mapping) => mapping.close()));
      await Promise.all(lambdas.map((one) => one.close()));
      kinesis.destroy();
      s3.destroy();
      await emulators.close();
    },
  };
}

const basic = (id: string) => `Basic ${Buffer.from(`${id}:`).toString('base64')}`;
