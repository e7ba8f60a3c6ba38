import { SIGNATURE_TOLERANCE_SECONDS } from '../../domain/signature.ts';

/** Signatures of this process's last minutes; the oldest go when there are more. About 20 MB at most. */
const MOST_REMEMBERED = 100_000;

/** Signatures that were used, so that the same request does not count twice while its signature is good. */
export interface SeenSignatures {
  /**
   * Does the work of a signature that was not used before. One whose work fails may be used again; one that comes while
   * the work is under way waits for it.
   * @returns false where it was used before, and nothing was done
   */
  once(signature: string, work: () => Promise<void>): Promise<boolean>;
}

/**
 * A memory of this process alone: after a restart, or in another process, a repeat within the five minutes is taken
 * again, and changes nothing, since ingest stores a record once.
 */
export function seenSignatures(now: () => number, most = MOST_REMEMBERED): SeenSignatures {
  const seen = new Map<string, { until: number; done: Promise<boolean> }>();

  /** Entries stand in the order of their arrival, and so nearly in that of their end. */
  function forgetOld(): void {
    const at = now();
    for (const [signature, { until }] of seen) {
      if (until > at && seen.size < most) return;
      seen.delete(signature);
    }
  }

  return {
    async once(signature, work) {
      for (let known = seen.get(signature); known; known = seen.get(signature)) {
        if (await known.done) return false;
      }
      forgetOld();
      const running = work();
      // A sender's clock may be ahead by the tolerance, and its signature is then good for that much longer.
      const entry = {
        until: now() + 2 * SIGNATURE_TOLERANCE_SECONDS * 1000,
        done: running.then(
          () => true,
          () => {
            if (seen.get(signature) === entry) seen.delete(signature);
            return false;
          },
        ),
      };
      seen.set(signature, entry);
      await running;
      return true;
    },
  };
}
