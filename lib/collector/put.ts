import { StreamFull, type StreamRecord } from '../ports.ts';
import type { CollectorParts } from './app.ts';
import { Refused, tooMany } from './problem.ts';

/**
 * Puts all of these records on the stream; where that fails, their sender has to send all of them again.
 * @throws Refused 429 where the stream is full, 503 where it cannot store
 */
export async function put(
  { stream, onFailure }: Pick<CollectorParts, 'stream' | 'onFailure'>,
  records: readonly StreamRecord[],
): Promise<void> {
  try {
    await stream.append(records);
  } catch (error) {
    if (error instanceof StreamFull) throw tooMany('The collector is full for now', error.retryAfter);
    onFailure(error, 'The stream takes nothing');
    throw new Refused(
      503,
      'Nothing could be stored; send it again',
      { code: 'not_stored' },
      { 'retry-after': '5' },
    );
  }
}
