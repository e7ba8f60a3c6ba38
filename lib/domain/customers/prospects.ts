import { discountedPurchases, type Prospect, prospectOf } from './expected-purchases.ts';
import { spreadOf } from './parameter-spread.ts';
import {
  chanceAlive,
  logOddsGone,
  type PurchaseFit,
  type PurchaseProcess,
  processAt,
  stays,
} from './purchase-process.ts';

/** A horizon and what a later purchase is worth, in the unit of the histories. */
export interface Horizon {
  time: number;
  /** Continuous rate per unit of time. */
  discount: number;
}

/** What a person of some history will do, and how unsure the fit leaves it. */
export interface Expectation {
  alive: number;
  prospect: Prospect;
  /** Errors of ln(discounted purchases) by each independent source of error of the fit; zeros where it says none. */
  spread: Float64Array;
}

/** What is worked out once for persons alike: their prospect, and slopes of its logarithm by each log-parameter. */
interface Kept {
  prospect: Prospect;
  slopes: number[];
}

/** Step of central differences in log-parameters. */
const STEP = 1e-3;

/**
 * Expectations by history. What a person does who is still with the shop depends only on repeats and time observed, so
 * that it is worked out once for each pair of these.
 */
export function expectationsOf(fit: PurchaseFit, { time, discount }: Horizon) {
  const isSure = fit.spread !== null;
  const logs = [fit.r, fit.alpha, fit.a, fit.b].map(Math.log);
  const nearby = (at: number, step: number) =>
    processAt(
      logs.map((x, index) => (index === at ? x + step : x)),
      fit.leaving,
    );
  const around = logs.map((_, at) => [nearby(at, STEP), nearby(at, -STEP)] as const);
  const known = new Map<number, Map<number, Kept>>();
  const later = (process: PurchaseProcess, repeats: number, observed: number) =>
    Math.log(discountedPurchases(process, repeats, observed, time, discount));
  const ofPair = (repeats: number, observed: number) => {
    const byTime = known.get(repeats) ?? new Map<number, Kept>();
    known.set(repeats, byTime);
    const before = byTime.get(observed);
    if (before) return before;
    const made = {
      prospect: prospectOf(fit, repeats, observed, time, discount),
      slopes: isSure
        ? around.map(
            ([up, down]) => (later(up, repeats, observed) - later(down, repeats, observed)) / (2 * STEP),
          )
        : [],
    };
    byTime.set(observed, made);
    return made;
  };
  return (repeats: number, recency: number, observed: number): Expectation => {
    const { prospect, slopes } = ofPair(repeats, observed);
    const alive = chanceAlive(fit, repeats, recency, observed);
    if (fit.spread === null) return { alive, prospect, spread: new Float64Array(4) };
    const aliveSlopes = slopesOfAlive(fit, repeats, recency, observed, alive);
    const whole = slopes.map((slope, at) => slope + aliveSlopes[at]!);
    return { alive, prospect, spread: spreadOf(fit.spread, whole) };
  };
}

/** Derivatives of ln P(alive) by ln r, ln alpha, ln a, ln b: those of the log odds, times the chance of having left. */
function slopesOfAlive(
  fit: PurchaseProcess,
  repeats: number,
  recency: number,
  observed: number,
  alive: number,
): number[] {
  if (logOddsGone(fit, repeats, recency, observed) === Number.NEGATIVE_INFINITY) return [0, 0, 0, 0];
  const { r, alpha, b } = fit;
  const silent = Math.log((alpha + observed) / (alpha + recency));
  const byAlpha = (r + repeats) * (alpha / (alpha + observed) - alpha / (alpha + recency));
  return [r * silent, byAlpha, 1, -b / (b + stays(fit.leaving, repeats) - 1)].map(
    (slope) => -(1 - alive) * slope,
  );
}
