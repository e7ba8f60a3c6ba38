/**
 * How far a merchandise line gets on the way from all store purchases to those researched online and credited, and
 * why no further. Reasons are sentences: they are what a store manager asks for.
 */

/** Levels at which a product view and a line can agree, coarsest first. */
export const MATCH_LEVELS = ['any', 'category', 'product', 'sku'] as const;
export type MatchLevel = (typeof MATCH_LEVELS)[number];

export const WATERFALL_STEPS = ['all', 'identified', 'seen_online', 'researched', 'credited'] as const;
export type WaterfallStep = (typeof WATERFALL_STEPS)[number];

export interface LineFacts {
  unidentified_reason: string | null;
  is_seen_online: boolean;
  /** First web event ever, which may lie after the purchase; null where there is none. */
  first_seen_online: string | null;
  /** Seconds from the latest view at a level to the purchase (or to entering the store); only views of 60 days. */
  lags: Partial<Record<MatchLevel, number>>;
  /** Whether anything was viewed between entering and paying. */
  is_viewed_in_store: boolean;
  is_credited: boolean;
  window_days: number;
  lookback_days: number;
}

export interface StepReached {
  step: WaterfallStep;
  /** Finest level found inside the window. */
  level: MatchLevel | null;
  why_not_further: string | null;
}

/** Days and hours as people say them: "3 days 4 h", "25 min". */
export function lagText(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  if (minutes < 1) return `${seconds} s`;
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  const days = Math.floor(hours / 24);
  return `${days} ${days === 1 ? 'day' : 'days'}${hours % 24 === 0 ? '' : ` ${hours % 24} h`}`;
}

const NOUNS: Record<MatchLevel, string> = {
  any: 'product',
  category: 'product of the category',
  product: 'variant of the product',
  sku: 'view of the SKU itself',
};

/** @example waterfallStep(facts).step // 'researched' */
export function waterfallStep(facts: LineFacts): StepReached {
  if (facts.unidentified_reason !== null) {
    return {
      step: 'all',
      level: null,
      why_not_further:
        facts.unidentified_reason === 'consent_denied'
          ? 'Nobody may be known: consent was denied'
          : 'Nobody is known: the document carries no identifier',
    };
  }
  if (!facts.is_seen_online) {
    const first = facts.first_seen_online;
    return {
      step: 'identified',
      level: null,
      why_not_further:
        first === null
          ? 'The person was never seen online'
          : `The person was first seen online at ${first}, not before the purchase`,
    };
  }
  const level = finestWithin(facts);
  if (level === null)
    return { step: 'seen_online', level, why_not_further: `${missing(facts, 'any')}${inStore(facts)}` };
  if (!facts.is_credited) {
    return {
      step: 'researched',
      level,
      why_not_further: `No touchpoint lies in the look-back of ${facts.lookback_days} days, so nothing is credited`,
    };
  }
  const finer = MATCH_LEVELS[MATCH_LEVELS.indexOf(level) + 1];
  return { step: 'credited', level, why_not_further: finer === undefined ? null : missing(facts, finer) };
}

function finestWithin({ lags, window_days }: LineFacts): MatchLevel | null {
  return (
    MATCH_LEVELS.findLast((level) => (lags[level] ?? Number.POSITIVE_INFINITY) <= window_days * 86_400) ??
    null
  );
}

function missing({ lags, window_days }: LineFacts, level: MatchLevel): string {
  const lag = lags[level];
  if (lag === undefined)
    return `No ${NOUNS[level]}${level === 'sku' ? '' : ' was viewed'} in the 60 days before`;
  const what = level === 'sku' ? 'The SKU itself' : `The last ${NOUNS[level]}`;
  return `${what} was viewed ${lagText(lag)} before, outside the window of ${window_days} days`;
}

const inStore = ({ is_viewed_in_store }: LineFacts) =>
  is_viewed_in_store ? '; what was viewed in the store is in-aisle research, a class of its own' : '';
