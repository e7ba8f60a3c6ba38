import { type EventStream, StreamFull, type StreamRecord } from '../ports.ts';
import { Refused, tooMany } from './problem.ts';

/**
 * Puts records on the stream: all of them, or none.
 * @throws Refused 429 where the stream is full, 503 where it cannot store
 */
export async function put(stream: EventStream, records: readonly StreamRecord[]): Promise<void> {
  try {
    await stream.append(records);
  } catch (error) {
    if (error instanceof StreamFull) throw tooMany('The collector is full for now', error.retryAfter);
    console.error(`The stream takes nothing: ${error instanceof Error ? error.message : 'unknown error'}`);
    throw new Refused(
      503,
      'Nothing could be stored; send it again',
      { code: 'not_stored' },
      { 'retry-after': '5' },
    );
  }
}
