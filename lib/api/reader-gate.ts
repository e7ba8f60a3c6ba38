import { tokenBuckets } from '../domain/token-bucket.ts';
import type { Access, ApiReader } from './access/access.ts';
import type { ApiLimits } from './limits.ts';
import { comeAgain } from './problem.ts';

/** Tells who asks, and sends away who asks too often. */
export function readerGate(
  access: Access,
  { rate, strangerRate, counted }: ApiLimits,
  now: () => number,
): (request: Request, address: string) => Promise<ApiReader> {
  const ofReaders = rate && tokenBuckets(rate, now, counted);
  const ofStrangers = tokenBuckets(strangerRate, now, counted);
  return async (request, address) => {
    let reader: ApiReader;
    try {
      reader = await access.readerOf(request);
    } catch (error) {
      // By address, and only of who is no reader, whatever the reason: others at the same address are not shut out.
      const wait = ofStrangers.take(address, 1);
      throw wait > 0 ? comeAgain('too-many-requests', wait) : error;
    }
    const wait = ofReaders?.take(reader.name, 1) ?? 0;
    if (wait > 0) throw comeAgain('too-many-requests', wait);
    return reader;
  };
}
