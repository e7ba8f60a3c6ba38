import { type Limit, limitsOf } from './limits.ts';
import { costOf, PRICES, type Price, type Prices } from './prices.ts';
import { type Used, usageOf } from './usage.ts';
import type { Workload } from './workload.ts';

/** One line of the bill. */
export interface CostLine extends Used {
  unit: string;
  /** How many of `unit`. */
  units: number;
  /** US dollars a month. */
  usd: number;
  page: string;
}

export interface Estimate {
  workload: Workload;
  lines: CostLine[];
  /** US dollars a month by service, the dearest first; they add up to the total. */
  services: { service: string; usd: number }[];
  total: number;
  /** US dollars for a million events. */
  perMillion: number;
  limits: Limit[];
}

/**
 * What a steady month of a workload costs, and what of it does not fit.
 * @example estimate(workloadOf(1e6)).total // US dollars
 */
export function estimate(workload: Workload, prices: Prices = PRICES): Estimate {
  const bought = new Map<string, number>();
  const lines = usageOf(workload).map((used) => {
    const price = prices[used.price];
    const before = bought.get(used.price) ?? 0;
    bought.set(used.price, before + used.quantity);
    return line(used, price, before);
  });
  const services = new Map<string, number>();
  for (const { service, usd } of lines) services.set(service, (services.get(service) ?? 0) + usd);
  const total = lines.reduce((sum, { usd }) => sum + usd, 0);
  return {
    workload,
    lines,
    services: Array.from(services, ([service, usd]) => ({ service, usd })).sort((a, b) => b.usd - a.usd),
    total,
    perMillion: (total * 1e6) / workload.eventsPerMonth,
    limits: limitsOf(workload),
  };
}

/** @param before what lines above have bought at the same price: its steps go on from there */
const line = (used: Used, price: Price, before: number): CostLine => ({
  ...used,
  unit: price.unit,
  units: used.quantity / price.per,
  usd: costOf(price, before + used.quantity) - costOf(price, before),
  page: price.page,
});
