import { openEventLog } from '../../lib/adapters/embedded/event-log.ts';
import { eventStreamContract } from './event-stream-contract.ts';
import { streamRecord, takeAll, temporaryDirectory } from './stream-records.ts';

eventStreamContract('the embedded one', async () => {
  const { directory, remove } = temporaryDirectory();
  const log = openEventLog(directory, { backlogBytes: 32e6 });
  return {
    stream: log,
    take: () => takeAll(log, 1000),
    async fill() {
      for (let bytes = 8_000_000; bytes > 0; ) {
        try {
          await log.append([streamRecord('x'.repeat(bytes))]);
        } catch {
          bytes >>= 1;
        }
      }
      return async () => {
        await takeAll(log, 1000);
      };
    },
    async close() {
      await log.close();
      remove();
    },
  };
});
