import { createDynamoIdentityStore } from '../../../lib/adapters/aws/dynamodb-identities.ts';
import { eventLakeContract } from '../../adapters/event-lake-contract.ts';
import { eventStreamContract } from '../../adapters/event-stream-contract.ts';
import { identityStoreContract } from '../../adapters/identity-store-contract.ts';
import { NAMES, startEmulators } from '../emulators/index.ts';
import { clientsOf } from './aws-clients.ts';
import { lakeOf, landedRows, PATIENT, recordsIn, streamOf } from './streams-and-lakes.ts';

eventStreamContract('Kinesis', async () => {
  const emulators = await startEmulators();
  const clients = clientsOf(emulators);
  let taken = 0;
  return {
    stream: streamOf(clients, { ...PATIENT, forMs: 2000 }),
    async take() {
      const records = await recordsIn(emulators, clients, taken);
      taken += records.length;
      return records;
    },
    async fill() {
      const end = emulators.kinesis.faults.failEntries('PutRecords', () => ({
        code: 'ProvisionedThroughputExceededException',
      }));
      return async () => end();
    },
    async close() {
      clients.close();
      await emulators.close();
    },
  };
});

eventLakeContract('Firehose with S3 and DynamoDB', async () => {
  const emulators = await startEmulators();
  const clients = clientsOf(emulators);
  const { lake, registry } = lakeOf(clients);
  return {
    lake,
    reopen: async () => lakeOf(clients).lake,
    rows: (table, columns) => landedRows(emulators, table, columns),
    erase: (keys) => registry.putTombstones(keys),
    async close() {
      clients.close();
      await emulators.close();
    },
  };
});

for (const cachedPairs of [0, 10_000])
  identityStoreContract(`DynamoDB, ${cachedPairs} pairs remembered,`, async () => {
    const emulators = await startEmulators();
    const clients = clientsOf(emulators);
    const open = () =>
      createDynamoIdentityStore({ client: clients.dynamo, tableName: NAMES.identities, cachedPairs });
    return {
      store: open(),
      reopen: async () => open(),
      async close() {
        clients.close();
        await emulators.close();
      },
    };
  });
