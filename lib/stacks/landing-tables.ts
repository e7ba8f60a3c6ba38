import { Aws } from 'aws-cdk-lib';
import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue';
import { Construct } from 'constructs';
import { landedColumns } from '../domain/landed-columns.ts';
import { type ColumnType, RAW_TABLE_NAMES, type RawTable } from '../domain/raw-tables.ts';
import type { Deployment } from './deployment.ts';
import { LAKE } from './lake.ts';

/**
 * Raw tables that rows come to over Firehose. Rejections are files of JSON that ingest itself puts, and what closed
 * periods reported is added by a statement.
 */
export const LANDING_TABLES = RAW_TABLE_NAMES.filter(
  (table) => table !== 'raw_rejections' && table !== 'raw_closings',
);

/** Name of the table of what has landed of a raw table: landing_raw_events of raw_events. A build reads it by this name. */
export const landingTable = (table: RawTable) => `landing_${table}`;

/** Times land as the text of the JSON: Firehose reads too few ways of writing them, and a build reads all of ours. */
const LANDS_AS: Record<ColumnType, string> = {
  varchar: 'string',
  bigint: 'bigint',
  double: 'double',
  boolean: 'boolean',
  date: 'string',
  timestamp: 'string',
};

export interface LandingTablesProps {
  deployment: Deployment;
  /** Name of the lake's bucket. */
  lake: string;
}

/** The database of raw tables, and in it a table of Parquet files per raw table: what Firehose writes by. */
export class LandingTables extends Construct {
  readonly database: CfnDatabase;
  readonly databaseName: string;
  /** Name of the database that shows the tables of the published build; a build makes it. */
  readonly shownName: string;
  /** Names of the databases of builds, one each, as a pattern: made by the build and dropped some builds later. */
  readonly buildNames: string;
  readonly tables: ReadonlyMap<RawTable, CfnTable>;

  constructor(scope: Construct, id: string, { deployment, lake }: LandingTablesProps) {
    super(scope, id);
    this.shownName = `ropo_${deployment.stage}`;
    this.databaseName = `${this.shownName}_raw`;
    this.buildNames = `${this.shownName}_build_*`;
    this.database = new CfnDatabase(this, 'Database', {
      catalogId: Aws.ACCOUNT_ID,
      databaseInput: {
        name: this.databaseName,
        description: `What came in to ropo, ${deployment.stage}: as it landed, and as raw tables`,
      },
    });
    this.tables = new Map(
      LANDING_TABLES.map((table) => {
        const made = new CfnTable(this, table, {
          catalogId: Aws.ACCOUNT_ID,
          databaseName: this.databaseName,
          tableInput: parquetTable(table, `s3://${lake}/${LAKE.landing}/${table}`),
        });
        made.addResourceDependency(this.database);
        return [table, made];
      }),
    );
  }
}

/** Days are a partition that Athena works out by itself: no crawler, and no call per day. */
const parquetTable = (table: RawTable, location: string): CfnTable.TableInputProperty => ({
  name: landingTable(table),
  description: `What has landed of ${table}, at least once each`,
  tableType: 'EXTERNAL_TABLE',
  parameters: {
    classification: 'parquet',
    'projection.enabled': 'true',
    'projection.arrived.type': 'date',
    'projection.arrived.format': 'yyyy-MM-dd',
    'projection.arrived.range': '2020-01-01,NOW+1DAYS',
    'projection.arrived.interval': '1',
    'projection.arrived.interval.unit': 'DAYS',
    'storage.location.template': `${location}/arrived=\${arrived}/`,
  },
  partitionKeys: [{ name: 'arrived', type: 'string' }],
  storageDescriptor: {
    location: `${location}/`,
    inputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
    outputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
    serdeInfo: { serializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
    columns: Object.entries(landedColumns(table)).map(([name, type]) => ({
      name,
      type: LANDS_AS[type],
    })),
  },
});
