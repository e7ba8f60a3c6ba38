import { createRandom, type Random } from '../../../lib/demo/random.ts';
import type { PurchaseProcess } from '../../../lib/domain/customers/purchase-process.ts';

export interface SimulatedCustomer {
  repeats: number;
  recency: number;
  observed: number;
  /** Purchases in the horizon after. */
  later: number;
  /** Whether still a customer at the end of what was observed. */
  alive: boolean;
}

const beta = (random: Random, a: number, b: number) => {
  const x = random.gamma(a);
  return x / (x + random.gamma(b));
};

/** Customers who buy and leave as the process says; their first purchases spread over the last two thirds of `span`. */
export function simulateCustomers(
  { leaving, r, alpha, a, b }: PurchaseProcess,
  { persons, span, horizon, seed }: { persons: number; span: number; horizon: number; seed: string },
): SimulatedCustomer[] {
  const random = createRandom(seed);
  return Array.from({ length: persons }, () => {
    const observed = span * random.between(0.35, 1);
    const rate = random.gamma(r) / alpha;
    const leaves = beta(random, a, b);
    let [repeats, recency, later, time] = [0, 0, 0, 0];
    let alive = leaving === 'bg' || !random.chance(leaves);
    let aliveAtEnd = alive;
    while (alive) {
      time += random.exponential(1 / rate);
      if (time > observed + horizon) break;
      if (time <= observed) {
        repeats += 1;
        recency = time;
      } else later += 1;
      alive = !random.chance(leaves);
      if (time <= observed) aliveAtEnd = alive;
    }
    return { repeats, recency, observed, later, alive: aliveAtEnd };
  });
}
