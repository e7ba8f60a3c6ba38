import { AttributeType, Billing, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { IDENTITIES_KEYS, REGISTRY_KEYS } from '../adapters/aws/table-keys.ts';
import { removalOf } from './data-key.ts';
import type { Deployment } from './deployment.ts';

/** The tables of links between identifiers and of what ingest looks up: stores, and the keys of erased persons. */
export class PersonTables extends Construct {
  readonly identities: TableV2;
  readonly registry: TableV2;
  /** ARN of the index that finds the links of an identifier from their other end. */
  readonly linksByWeakKey: string;

  constructor(scope: Construct, id: string, { deployment, key }: { deployment: Deployment; key: Key }) {
    super(scope, id);
    const ours = {
      billing: Billing.onDemand(),
      encryption: TableEncryptionV2.customerManagedKey(key),
      // A link that was lost cannot be told again, so any minute of the last month can be brought back.
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: deployment.removal === 'keep',
      removalPolicy: removalOf(deployment),
    } as const;
    this.identities = new TableV2(this, 'Identities', {
      ...ours,
      ...keys(IDENTITIES_KEYS),
      globalSecondaryIndexes: [{ indexName: IDENTITIES_KEYS.index.name, ...keys(IDENTITIES_KEYS.index) }],
    });
    this.linksByWeakKey = `${this.identities.tableArn}/index/${IDENTITIES_KEYS.index.name}`;
    this.registry = new TableV2(this, 'Registry', {
      ...ours,
      ...keys(REGISTRY_KEYS),
    });
  }
}

const keys = ({ partitionKey, sortKey }: { partitionKey: string; sortKey: string }) => ({
  partitionKey: { name: partitionKey, type: AttributeType.STRING },
  sortKey: { name: sortKey, type: AttributeType.STRING },
});
