import { setTimeout as pause } from 'node:timers/promises';

export interface Wait {
  /** What is waited for, as words after "Waited for". */
  what: string;
  everyMs: number;
  forMs: number;
  /** Milliseconds since 1970 UTC. */
  now?: () => number;
  sleep?: (ms: number) => Promise<unknown>;
}

export class WaitedTooLong extends Error {}

/**
 * Asks again and again until there is an answer.
 * @param ask gives undefined for "not yet"
 * @throws WaitedTooLong saying what was waited for, and how long; errors of `ask` as they are
 */
export async function waitUntil<Answer>(ask: () => Promise<Answer | undefined>, wait: Wait): Promise<Answer> {
  const { what, everyMs, forMs, now = Date.now, sleep = pause } = wait;
  const until = now() + forMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (now() + everyMs > until)
      throw new WaitedTooLong(`Waited for ${what} for ${Math.round(forMs / 1000)} s, in vain`);
    await sleep(everyMs);
  }
}
