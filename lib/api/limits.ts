import type { Rate } from '../domain/token-bucket.ts';
import type { TurnstileLimits } from './answers/turnstile.ts';

/** How much the API does for its readers. */
export interface ApiLimits {
  /** Requests of one reader; null for any number. */
  rate: Rate | null;
  /** Requests of one address without a good token. */
  strangerRate: Rate;
  /** How many readers and addresses are counted at a time. */
  counted: number;
  /** Memory for answers of the published build. */
  cacheBytes: number;
  /** Questions whose answers are not kept. */
  questions: TurnstileLimits;
  /** How many of the last questions a new build is asked again, before anybody comes; 0 where asking costs. */
  askedAgain: number;
}

/** A page asks some twenty questions at once; a person opens a page every few seconds. */
export const API_LIMITS: ApiLimits = {
  rate: { perSecond: 200, burst: 2000 },
  strangerRate: { perSecond: 1, burst: 60 },
  counted: 10_000,
  cacheBytes: 64 * 1_048_576,
  questions: { atOnce: 4, ofOneReader: 200, inAll: 1000 },
  askedAgain: 200,
};
