import { setTimeout as pause } from 'node:timers/promises';
import { AthenaBusy, isPassing } from './query-errors.ts';

/** Time and chance, as arguments, so that tests neither wait nor guess. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves after so many milliseconds, or at once when the signal is given. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** From 0 up to, but not with, 1. */
  random(): number;
}

export const systemClock: Clock = {
  now: Date.now,
  sleep: (ms, signal) => pause(ms, undefined, signal ? { signal } : {}).catch(() => {}),
  random: Math.random,
};

export interface RetryLimits {
  /** How long a request, or a query, may be tried again, in milliseconds. */
  retryBudgetMs: number;
  /** The first pause at most, in milliseconds; each further one at most twice as long. */
  retryBaseMs: number;
  /** The longest pause, in milliseconds. */
  retryMostMs: number;
}

/** Pauses before the next try, by full jitter: somewhere between nothing and a bound that doubles. */
export function createPatience(clock: Clock, limits: RetryLimits) {
  const begun = clock.now();
  let tries = 0;
  return {
    /**
     * Resolves when it is time for the next try.
     * @throws AthenaBusy when that would be beyond the budget
     */
    async next(what: string, reason: string, signal?: AbortSignal): Promise<void> {
      const bound = Math.min(limits.retryMostMs, limits.retryBaseMs * 2 ** tries);
      tries += 1;
      const wait = clock.random() * bound;
      const spent = clock.now() - begun;
      if (spent + wait > limits.retryBudgetMs)
        throw new AthenaBusy(
          `${what} did not get through in ${tries} tries and ${Math.round(spent / 1000)} s (limit ${limits.retryBudgetMs / 1000} s): ${reason}. Try again later, or ask for a higher quota of Athena`,
        );
      await clock.sleep(wait, signal);
    },
  };
}

/** Makes a request, again where the service has no room or fails by itself. */
export async function patiently<T>(
  clock: Clock,
  limits: RetryLimits,
  what: string,
  request: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const patience = createPatience(clock, limits);
  for (;;) {
    try {
      return await request();
    } catch (error) {
      if (!isPassing(error) || signal?.aborted) throw error;
      await patience.next(what, (error as Error).name, signal);
    }
  }
}
