import { DescribeExecutionCommand, type SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { type Wait, waitUntil } from './wait-until.ts';

/** Name of the error with which an execution ends beside another; the machine has none then, see build-machine.ts. */
const ENDED = ['FAILED', 'TIMED_OUT', 'ABORTED'];

/**
 * Starts a build and waits until it is published.
 * @returns how long it took, in seconds
 * @throws Error with the state machine's own error and cause where it fails; WaitedTooLong
 */
export async function runBuild(
  client: SFNClient,
  machineArn: string,
  wait: Partial<Wait> = {},
): Promise<number> {
  const { executionArn } = await client.send(
    new StartExecutionCommand({ stateMachineArn: machineArn, input: '{}' }),
  );
  return waitUntil(
    async () => {
      const { status, error, cause, startDate, stopDate } = await client.send(
        new DescribeExecutionCommand({ executionArn }),
      );
      if (ENDED.includes(status ?? ''))
        throw new Error(
          `The build ended as ${status}: ${error ?? 'no error told'}, ${cause ?? 'no cause told'}`,
        );
      if (status !== 'SUCCEEDED') return undefined;
      return ((stopDate?.getTime() ?? 0) - (startDate?.getTime() ?? 0)) / 1000;
    },
    { what: 'the build', everyMs: 10_000, forMs: 3_600_000, ...wait },
  );
}
