import type { Random } from '../random.ts';

/** What is sold in a world: few goods at fixed prices, so that the mean value of an order is known exactly. */
interface Good {
  sku: string;
  name: string;
  category: string;
  /** Price in cents, VAT included. */
  cents: number;
  /** How often it is bought, among 100 lines. */
  weight: number;
}

export const GOODS: readonly Good[] = [
  { sku: 'W-TEE', name: 'T-shirt', category: 'Apparel', cents: 1990, weight: 22 },
  { sku: 'W-SCARF', name: 'Scarf', category: 'Apparel', cents: 2450, weight: 14 },
  { sku: 'W-JEANS', name: 'Jeans', category: 'Apparel', cents: 6995, weight: 17 },
  { sku: 'W-SHOES', name: 'Running shoes', category: 'Shoes', cents: 8990, weight: 18 },
  { sku: 'W-BOOTS', name: 'Boots', category: 'Shoes', cents: 12900, weight: 9 },
  { sku: 'W-BAG', name: 'Day pack', category: 'Bags', cents: 5475, weight: 13 },
  { sku: 'W-COAT', name: 'Coat', category: 'Apparel', cents: 18950, weight: 7 },
];

const TAKES_SECOND = 0.35;
export const ONE_LINE = 255;

const WEIGHTS = GOODS.map(({ weight }) => weight);
const WHOLE = WEIGHTS.reduce((a, b) => a + b, 0);
const meanOf = (of: (cents: number) => number) =>
  GOODS.reduce((sum, { cents, weight }) => sum + of(cents) * weight, 0) / WHOLE;
const lineMean = meanOf((cents) => cents);
const lineMeanSquare = meanOf((cents) => cents * cents);

/** Expected value of an order, in cents. */
export const MEAN_ORDER = lineMean * (1 + TAKES_SECOND);
/** Expected square of the value of an order: what the variance of revenue from a Poisson number of orders needs. */
export const MEAN_SQUARE_ORDER = lineMeanSquare * (1 + TAKES_SECOND) + 2 * TAKES_SECOND * lineMean ** 2;

/** Numbers of the goods in an order; the second is ONE_LINE where there is none. */
export function drawBasket(random: Random): [number, number] {
  const first = random.weighted(WEIGHTS);
  return [first, random.chance(TAKES_SECOND) ? random.weighted(WEIGHTS) : ONE_LINE];
}

export const basketCents = (first: number, second: number): number =>
  GOODS[first]!.cents + (second === ONE_LINE ? 0 : GOODS[second]!.cents);
