import type { Touch } from '../../domain/contract/index.ts';

/**
 * A causal world: persons whose chance to order is known at every instant. The hazard of person i is
 *
 *   lambda_i(t) = baseline_i(t) + sum over touches k before t of effect_k * decay_c(t - t_k)
 *
 * with decay_c a density that halves every `halfLifeDays` of the touch's channel, so that `effect_k` is the number of
 * orders that the touch brings if the world never ends. An order of a sum of hazards belongs to one of them: every
 * order has one cause, the baseline or a touch.
 */
export interface World {
  name: string;
  /** What works here, what only looks as if it did, and which mistake a model can make. */
  works: string;
  harvests: string;
  trap: string;
  baseline: Baseline;
  /** How long a touch counts as having come before another one. */
  memoryDays: number;
  channels: readonly WorldChannel[];
}

/** What would be bought without any marketing. */
export interface Baseline {
  /** Orders of an average person over all days, at any time alike. */
  steady: number;
  /** Spells of intent of an average person over all days, how long one lasts, and the orders in one: more to its end. */
  bursts: number;
  burstDays: number;
  perBurst: number;
  /** How persons differ in what they are exposed to: shape of a gamma with mean 1. */
  activityShape: number;
  /** Whether those who are exposed to more also buy and search more. */
  activeBuyMore: boolean;
}

/** A channel as the bills and the tracker name it. */
export interface Medium {
  name: string;
  source: string;
  medium: string;
  touchType: Touch['touch_type'];
  /** Media cost of a touch in cents. */
  touchCost: number;
  /** Whether the touch is a visit to the site, which ads can follow up. */
  isVisit: boolean;
}

export interface WorldChannel extends Medium {
  touches: Arrivals;
  effect: Effect;
}

/** How touches of a channel arise; several ways add up. All are expectations of an average person. */
export interface Arrivals {
  /** Over all days, at any time alike; in proportion to the person's activity. */
  steady?: number;
  /** In each spell of intent. */
  perBurst?: number;
  /** Chance that a visit is followed by a touch of this channel, about a day later. */
  afterVisit?: number;
  /** Mailings: everyone on the list gets each, and a part of them notices it. */
  mailing?: { everyDays: number; listed: number; noticed: number };
}

/** What a touch of a channel does. All factors lie between 0 and 1. */
export interface Effect {
  /** Orders that a touch brings at best. */
  orders: number;
  halfLifeDays: number;
  /** Factor for each touch of the same channel that came before. */
  repeat?: number;
  /** Factor where any touch came before: openers work little on those who know the shop. */
  later?: number;
  /** Factor where no opener came before: closers need somebody to close. */
  unopened?: number;
  /** Whether its touches open the way for closers. */
  opens?: boolean;
}

export const WORLD_DAYS = 120;
