/** Answers that are kept while readers have their build. */
export interface AnswerCache<Answer> {
  /**
   * The answer of a key: kept, under way, or made now. Who asks while it is made gets the same one; what fails is not kept.
   */
  get(build: string, key: string, make: () => Promise<Answer>): Promise<Answer>;
  /** Whether it need not be made. */
  has(build: string, key: string): boolean;
  bytes(): number;
}

/** The published build, and the one that is prepared to follow it or that readers are just leaving. */
const BUILDS = 2;

/**
 * Keeps the answers asked for last, up to a number of bytes. An answer does not change within a build; those of a build
 * go when the second one after it is first asked.
 */
export function answerCache<Answer>(most: number, sizeOf: (answer: Answer) => number): AnswerCache<Answer> {
  const builds: string[] = [];
  let bytes = 0;
  const kept = new Map<string, { build: string; answer: Answer; size: number }>();
  const underWay = new Map<string, Promise<Answer>>();

  const remove = (at: string) => {
    bytes -= kept.get(at)?.size ?? 0;
    kept.delete(at);
  };
  const follow = (build: string) => {
    if (builds.includes(build)) return;
    builds.push(build);
    if (builds.length > BUILDS) builds.shift();
    for (const [at, its] of kept) if (!builds.includes(its.build)) remove(at);
  };
  const keep = (build: string, at: string, answer: Answer) => {
    const size = sizeOf(answer);
    if (size > most || !builds.includes(build)) return;
    kept.set(at, { build, answer, size });
    bytes += size;
    for (const oldest of kept.keys()) {
      if (bytes <= most) break;
      remove(oldest);
    }
  };
  const placeOf = (build: string, key: string) => `${build}\n${key}`;

  return {
    async get(build, key, make) {
      follow(build);
      const at = placeOf(build, key);
      const before = kept.get(at);
      if (before !== undefined) {
        // A map gives its keys in the order they were set: the last used goes to the end.
        kept.delete(at);
        kept.set(at, before);
        return before.answer;
      }
      const inFlight = underWay.get(at);
      if (inFlight !== undefined) return inFlight;
      const making = make();
      underWay.set(at, making);
      try {
        const answer = await making;
        keep(build, at, answer);
        return answer;
      } finally {
        underWay.delete(at);
      }
    },
    has: (build, key) => kept.has(placeOf(build, key)) || underWay.has(placeOf(build, key)),
    bytes: () => bytes,
  };
}
