import type { CloudFormationCustomResourceEvent } from 'aws-lambda';

export interface CustomResource {
  /** Names the resource for as long as it is the same one: another name has CloudFormation delete the one before. */
  id: string;
  /** Makes it what it should be; also called again, for what is that already. */
  put(): Promise<unknown>;
  /** Takes it away; also called where it is not there. */
  remove(): Promise<unknown>;
  /** Milliseconds after which it has failed: there must be time left to say so. */
  withinMs: number;
  /** Takes lines about what was done. */
  log?: (line: string) => void;
}

/** CloudFormation takes 4 KB in all. */
const LONGEST_REASON = 1000;
const TRIES = 4;
const FIRST_WAIT_MS = 250;

/**
 * Does what CloudFormation asks of a resource of our own, and always tells it how that went: without an answer a stack
 * waits for an hour.
 * @throws Error only where the answer does not arrive, so that Lambda asks once more
 */
export async function answerCloudFormation(
  event: CloudFormationCustomResourceEvent,
  { id, put, remove, withinMs, log = (line) => console.log(line) }: CustomResource,
): Promise<void> {
  let reason: string | null = null;
  try {
    await within(withinMs, event.RequestType === 'Delete' ? remove() : put());
  } catch (error) {
    reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
  log(`${event.RequestType} of ${event.LogicalResourceId}: ${reason ?? 'done'}`);
  const given = event.RequestType === 'Create' ? id : event.PhysicalResourceId;
  await send(event.ResponseURL, {
    Status: reason === null ? 'SUCCESS' : 'FAILED',
    Reason: reason === null ? 'Done' : reason.slice(0, LONGEST_REASON),
    PhysicalResourceId: given,
    StackId: event.StackId,
    RequestId: event.RequestId,
    LogicalResourceId: event.LogicalResourceId,
    NoEcho: false,
    Data: {},
  });
}

async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`It took longer than ${ms / 1000} seconds; try again`)), ms);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function send(url: string, answer: object): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      // The signature of the address is of no content type.
      const response = await fetch(url, {
        method: 'PUT',
        body: JSON.stringify(answer),
        headers: { 'content-type': '' },
        signal: AbortSignal.timeout(10_000),
      });
      await response.arrayBuffer();
      if (response.ok) return;
      throw new Error(`it was answered with ${response.status}`);
    } catch (error) {
      if (attempt === TRIES)
        throw new Error(`CloudFormation could not be told after ${TRIES} tries: ${(error as Error).message}`);
      await new Promise((resolve) => setTimeout(resolve, FIRST_WAIT_MS * 2 ** attempt));
    }
  }
}
