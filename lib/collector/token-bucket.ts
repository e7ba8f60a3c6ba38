import type { Rate } from './limits.ts';

/** A bucket of tokens per key, filled steadily. */
export interface TokenBuckets {
  /**
   * Takes tokens of a key, more than it holds where it holds any: a batch larger than the bucket passes when its turn
   * comes, and those after it wait longer, but never longer than a whole bucket takes to fill: whoever knows a public key
   * must not shut it for long. Returns 0, or the whole seconds after which to come again.
   */
  take(key: string, tokens: number): number;
}

/** Buckets of keys that are known; there are never more of them than keys. */
export function tokenBuckets({ perSecond, burst }: Rate, now: () => number): TokenBuckets {
  const buckets = new Map<string, { tokens: number; at: number }>();
  return {
    take(key, tokens) {
      const at = now();
      const bucket = buckets.get(key) ?? { tokens: burst, at };
      // A clock that is set back fills nothing and takes nothing away.
      const filled = (Math.max(0, at - bucket.at) / 1000) * perSecond;
      bucket.tokens = Math.min(burst, bucket.tokens + filled);
      bucket.at = at;
      buckets.set(key, bucket);
      if (bucket.tokens <= 0) return Math.max(1, Math.ceil((1 - bucket.tokens) / perSecond));
      bucket.tokens = Math.max(-burst, bucket.tokens - tokens);
      return 0;
    },
  };
}
