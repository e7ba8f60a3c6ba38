import { createIdentify } from '../../../domain/identifier.ts';
import { createAthenaQueries } from '../athena/queries.ts';
import { athenaClient, dynamoClient, s3Client, secretsClient } from '../clients.ts';
import { createDynamoIdentityStore } from '../dynamodb-identities.ts';
import { createRegistry } from '../dynamodb-registry.ts';
import { environmentOf } from '../environment.ts';
import type { FunctionLog } from '../logging.ts';
import { createRejections } from '../rejections.ts';
import { openShopSecrets } from '../shop-secrets.ts';
import type { BuildWorld } from './build-state.ts';
import type { ErasureWorld } from './erase-on-aws.ts';
import { openJsonObjects } from './json-objects.ts';

/** A function runs at most this long, so that no query of it may take longer. Milliseconds. */
const QUERY_MS = 800_000;

/** What the functions of a build work on, by their environment. */
export function openBuildWorld(log: FunctionLog, codeVersion: string): BuildWorld {
  const told = environmentOf(['ROPO_LAKE_BUCKET', 'ROPO_WORKGROUP', 'ROPO_RAW_DATABASE']);
  const s3 = s3Client();
  const bucket = told.ROPO_LAKE_BUCKET;
  let scanned = 0;
  return {
    objects: openJsonObjects(s3, bucket),
    queries: createAthenaQueries({
      client: athenaClient(),
      s3,
      workgroup: told.ROPO_WORKGROUP,
      limits: { timeoutMs: QUERY_MS },
      onQuery: ({ scannedBytes }) => {
        scanned += scannedBytes;
      },
    }),
    s3,
    bucket,
    rawDatabase: told.ROPO_RAW_DATABASE,
    codeVersion,
    now: Date.now,
    scanned: () => scanned,
    count: log.count,
  };
}

/** The same, with all that an erasure touches besides. */
export async function openErasureWorld(world: BuildWorld): Promise<ErasureWorld> {
  const told = environmentOf(['ROPO_SECRET', 'ROPO_IDENTITIES_TABLE', 'ROPO_REGISTRY_TABLE']);
  const { identitySecret } = await openShopSecrets({ client: secretsClient(), secretId: told.ROPO_SECRET });
  return {
    ...world,
    identify: createIdentify(identitySecret),
    identities: createDynamoIdentityStore({ client: dynamoClient(), tableName: told.ROPO_IDENTITIES_TABLE }),
    registry: createRegistry({ client: dynamoClient(), tableName: told.ROPO_REGISTRY_TABLE }),
    rejections: createRejections({ s3: world.s3, bucket: world.bucket }),
  };
}
