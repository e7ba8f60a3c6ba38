/** How often something may happen: steadily, and how often at once. */
export interface Rate {
  perSecond: number;
  burst: number;
}

/** A bucket of tokens per key, filled steadily. */
export interface TokenBuckets {
  /**
   * Takes tokens of a key, more than it holds where it holds any: a batch larger than the bucket passes when its turn
   * comes, and those after it wait longer, but never longer than a whole bucket takes to fill: whoever knows a public key
   * must not shut it for long. Returns 0, or the whole seconds after which to come again.
   */
  take(key: string, tokens: number): number;
}

/**
 * Buckets by key.
 * @param now milliseconds
 * @param most how many keys are remembered; beyond it the full ones are forgotten, and where none is, all of them
 */
export function tokenBuckets(
  { perSecond, burst }: Rate,
  now: () => number,
  most = Number.POSITIVE_INFINITY,
): TokenBuckets {
  const buckets = new Map<string, { tokens: number; at: number }>();
  const forgetSome = (at: number) => {
    for (const [key, bucket] of buckets)
      if (bucket.tokens + ((at - bucket.at) / 1000) * perSecond >= burst) buckets.delete(key);
    if (buckets.size >= most) buckets.clear();
  };
  return {
    take(key, tokens) {
      const at = now();
      const bucket = buckets.get(key) ?? { tokens: burst, at };
      // A clock that is set back fills nothing and takes nothing away.
      const filled = (Math.max(0, at - bucket.at) / 1000) * perSecond;
      bucket.tokens = Math.min(burst, bucket.tokens + filled);
      bucket.at = at;
      if (!buckets.has(key) && buckets.size >= most) forgetSome(at);
      buckets.set(key, bucket);
      if (bucket.tokens <= 0) return Math.max(1, Math.ceil((1 - bucket.tokens) / perSecond));
      bucket.tokens = Math.max(-burst, bucket.tokens - tokens);
      return 0;
    },
  };
}
