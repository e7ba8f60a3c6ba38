import { Aws } from 'aws-cdk-lib';
import type { Role } from 'aws-cdk-lib/aws-iam';
import { allow, allowKey, allowObjects, arnFor } from './allow.ts';
import type { IngestStack } from './ingest-stack.ts';
import { LAKE } from './lake.ts';

const CATALOGUE_READS = [
  'glue:GetDatabase',
  'glue:GetDatabases',
  'glue:GetTable',
  'glue:GetTables',
  'glue:GetPartition',
  'glue:GetPartitions',
  'glue:BatchGetPartition',
];
const CATALOGUE_WRITES = ['glue:CreateDatabase', 'glue:CreateTable', 'glue:UpdateTable', 'glue:DeleteTable'];

export interface QueriesAllowed {
  ingest: IngestStack;
  /** Name of the workgroup. */
  workgroup: string;
  /** Whether it makes tables, or only reads published ones. */
  makesTables: boolean;
}

/**
 * Lets a role run queries in the workgroup. Athena reads and writes as whoever asks, so the role needs what the queries
 * touch: their catalogue and objects, and the place of their results.
 */
export function allowQueries(role: Role, { ingest, workgroup, makesTables }: QueriesAllowed): void {
  const lake = arnFor(role, ingest.buckets.lake);
  allow(role, {
    actions: [
      'athena:StartQueryExecution',
      'athena:StopQueryExecution',
      'athena:GetQueryExecution',
      'athena:GetQueryResults',
      'athena:GetWorkGroup',
    ],
    resources: [arn('athena', `workgroup/${workgroup}`)],
  });
  allow(role, {
    actions: ['athena:GetDataCatalog'],
    resources: [arn('athena', 'datacatalog/AwsDataCatalog')],
  });
  const { databaseName: raw, shownName: shown, buildNames: builds } = ingest.landing;
  const catalogue = [
    arn('glue', 'catalog'),
    ...[raw, builds, shown].flatMap((database) => [
      arn('glue', `database/${database}`),
      arn('glue', `table/${database}/*`),
    ]),
  ];
  const because = 'Every build has a database of its own whose name holds the time that it began';
  allow(role, {
    actions: CATALOGUE_READS,
    // Athena looks for the last whatever database it is told.
    resources: [...catalogue, arn('glue', 'database/default')],
    because,
  });
  if (makesTables) {
    allow(role, { actions: CATALOGUE_WRITES, resources: catalogue, because });
    // Dropping a database asks for what may be in it. That of the raw tables is not a build's to drop.
    allow(role, {
      actions: ['glue:DeleteDatabase'],
      resources: [
        arn('glue', 'catalog'),
        arn('glue', `database/${builds}`),
        arn('glue', `table/${builds}/*`),
        arn('glue', `userDefinedFunction/${builds}/*`),
      ],
      because,
    });
  }
  // Athena writes files in parts, and looks for what is left of them.
  allow(role, { actions: ['s3:GetBucketLocation', 's3:ListBucketMultipartUploads'], resources: [lake] });
  allowObjects(role, lake, [LAKE.queryResults], ['read', 'write']);
  if (makesTables) {
    allowObjects(role, lake, [LAKE.raw, LAKE.builds], ['read', 'write', 'remove']);
    allowObjects(role, lake, [LAKE.landing, LAKE.rejections], ['read']);
  } else allowObjects(role, lake, [LAKE.raw, LAKE.builds, LAKE.rejections], ['read']);
  allow(role, {
    actions: ['s3:ListMultipartUploadParts'],
    resources: [LAKE.queryResults, ...(makesTables ? [LAKE.raw, LAKE.builds] : [])].map(
      (prefix) => `${lake}/${prefix}/*`,
    ),
    because: 'Athena writes results and tables in parts, below this prefix',
  });
  allowKey(role, ingest.key.keyArn);
}

const arn = (service: string, what: string) =>
  `arn:${Aws.PARTITION}:${service}:${Aws.REGION}:${Aws.ACCOUNT_ID}:${what}`;
