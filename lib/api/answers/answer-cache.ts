/** Answers that are kept while their build is the published one. */
export interface AnswerCache<Answer> {
  /**
   * The answer of a key: kept, under way, or made now. Who asks while it is made gets the same one; what fails is not kept.
   */
  get(build: string, key: string, make: () => Promise<Answer>): Promise<Answer>;
  /** Whether it need not be made. */
  has(build: string, key: string): boolean;
  bytes(): number;
}

/**
 * Keeps the answers asked for last, up to a number of bytes. An answer does not change within a build, and the first
 * question to a new build empties it.
 */
export function answerCache<Answer>(most: number, sizeOf: (answer: Answer) => number): AnswerCache<Answer> {
  let current = '';
  let bytes = 0;
  let kept = new Map<string, Answer>();
  let underWay = new Map<string, Promise<Answer>>();

  const follow = (build: string) => {
    if (build === current) return;
    current = build;
    bytes = 0;
    kept = new Map();
    underWay = new Map();
  };
  const keep = (key: string, answer: Answer) => {
    const size = sizeOf(answer);
    if (size > most) return;
    kept.set(key, answer);
    bytes += size;
    for (const [oldest, its] of kept) {
      if (bytes <= most) break;
      kept.delete(oldest);
      bytes -= sizeOf(its);
    }
  };

  return {
    async get(build, key, make) {
      follow(build);
      const before = kept.get(key);
      if (before !== undefined) {
        // A map gives its keys in the order they were set: the last used goes to the end.
        kept.delete(key);
        kept.set(key, before);
        return before;
      }
      const inFlight = underWay.get(key);
      if (inFlight) return inFlight;
      const ofThisBuild = underWay;
      const making = make();
      ofThisBuild.set(key, making);
      try {
        const answer = await making;
        if (build === current) keep(key, answer);
        return answer;
      } finally {
        ofThisBuild.delete(key);
      }
    },
    has: (build, key) => build === current && (kept.has(key) || underWay.has(key)),
    bytes: () => bytes,
  };
}
