import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { openAthenaPublished } from '../lib/adapters/aws/athena/published.ts';
import { createAthenaQueries } from '../lib/adapters/aws/athena/queries.ts';
import { athenaClient, s3Client } from '../lib/adapters/aws/clients.ts';
import { environmentOf } from '../lib/adapters/aws/environment.ts';
import { joiningEqualQueries } from '../lib/adapters/aws/joined-queries.ts';
import { keptRows } from '../lib/adapters/aws/kept-rows.ts';
import { openFunctionLog } from '../lib/adapters/aws/logging.ts';
import { cognitoAccess } from '../lib/api/access/cognito-access.ts';
import { createApi } from '../lib/api/app.ts';
import { gatewayAddress, gatewayHandler } from '../lib/api/gateway.ts';

/** Answers questions about KPIs over HTTP, to whoever brings an access token, from the published build. */

const its = environmentOf(['ROPO_LAKE_BUCKET', 'ROPO_WORKGROUP', 'ROPO_TOKEN_ISSUER', 'ROPO_TOKEN_AUDIENCE']);
const log = openFunctionLog('kpi-api');
const s3 = s3Client();
const bucket = its.ROPO_LAKE_BUCKET;
const queries = createAthenaQueries({
  client: joiningEqualQueries(athenaClient()),
  s3,
  workgroup: its.ROPO_WORKGROUP,
  onQuery: ({ queryId, scannedBytes, milliseconds, isReused }) =>
    log.info('a query ended', {
      query: queryId,
      scanned_bytes: scannedBytes,
      milliseconds,
      is_reused: isReused,
    }),
});
const published = openAthenaPublished({ queries, s3, bucket });
const kept = keptRows({ s3, bucket, log: (line) => log.warn(line) });

const answer = gatewayHandler(
  createApi({
    published: async () => {
      const build = await published();
      return build && kept(build);
    },
    access: cognitoAccess({ issuer: its.ROPO_TOKEN_ISSUER, clients: its.ROPO_TOKEN_AUDIENCE.split(',') }),
    // Readers are counted by each process for itself; requests in all are limited by API Gateway. A new build is not
    // asked before anybody comes: a process stands still between its calls, and each query of Athena costs.
    limits: { askedAgain: 0 },
    addressOf: gatewayAddress,
    log: (line) => log.warn('a question failed', { question: line }),
  }),
);

export const handler = (event: APIGatewayProxyEventV2, context: Context) => {
  log.begin(context);
  return answer(event, context);
};
