import { type PurchaseProcess, stays } from './purchase-process.ts';

/** What a person who is still with the shop does within a horizon, given how often they bought and how long observed. */
export interface Prospect {
  /** Expected purchases. */
  purchases: number;
  /** The same, each worth less the later it comes. */
  discounted: number;
  /** Expected product N (N - 1) of their number N, which gives its variance. */
  pairs: number;
  /** Chance of at least one. */
  any: number;
}

/** Abscissas and weights of Gauss-Legendre quadrature on (-1, 1) with 16 points, the positive half (DLMF 3.5(v)). */
const POINTS = [
  [0.09501250983763744, 0.1894506104550685],
  [0.2816035507792589, 0.1826034150449236],
  [0.45801677765722737, 0.1691565193950025],
  [0.6178762444026438, 0.1495959888165767],
  [0.755404408355003, 0.1246289712555339],
  [0.8656312023878318, 0.0951585116824928],
  [0.9445750230732326, 0.0622535239386479],
  [0.9894009349916499, 0.0271524594117541],
] as const;
const NODES = POINTS.flatMap(([at, weight]) => [
  [-at, weight],
  [at, weight],
]) as readonly (readonly [number, number])[];

/**
 * The purchases of a person who is still with the shop flow at r'/alpha' F(r' + 1, a; a + b'; -t/alpha') after time t, with
 * r' = r + repeats, alpha' = alpha + observed, and b' = b + chances to leave not taken: the integral of the process over
 * its gamma and beta. Its integral over the horizon is the closed form of Fader, Hardie and Lee (2005), equation 10,
 * without that form's hole at a = 1, and takes a discount. Depends on the last purchase only through being still there.
 * @param horizon in the unit of the process
 * @param discount continuous rate per unit of time, 0 for none
 */
export function prospectOf(
  process: PurchaseProcess,
  repeats: number,
  observed: number,
  horizon: number,
  discount: number,
): Prospect {
  const shape = process.r + repeats;
  const rate = process.alpha + observed;
  const kept = process.b + stays(process.leaving, repeats);
  const { a } = process;
  let [purchases, discounted, pairs] = [0, 0, 0];
  for (const { time, u, span } of nodesTo(horizon, rate, fallOf(shape, a, kept))) {
    const flow = span * (shape / rate) * hypergeometric(shape + 1, a, kept, u);
    purchases += flow;
    discounted += flow * Math.exp(-discount * time);
    const twice = ((shape / rate) * (shape + 1)) / rate;
    pairs += span * 2 * time * twice * (kept / (a + kept)) * hypergeometric(shape + 2, a, kept + 1, u);
  }
  const any = -Math.expm1(-shape * Math.log1p(horizon / rate));
  return { purchases, discounted, pairs, any };
}

/** `discounted` of `prospectOf` alone, for where it is asked for many times. */
export function discountedPurchases(
  process: PurchaseProcess,
  repeats: number,
  observed: number,
  horizon: number,
  discount: number,
): number {
  const shape = process.r + repeats;
  const rate = process.alpha + observed;
  const kept = process.b + stays(process.leaving, repeats);
  let sum = 0;
  for (const { time, u, span } of nodesTo(horizon, rate, fallOf(shape, process.a, kept)))
    sum += span * hypergeometric(shape + 1, process.a, kept, u) * Math.exp(-discount * time);
  return (sum * shape) / rate;
}

/** How steeply the flow falls at its beginning, in u = ln(1 + t / rate): how often a person buys who leaves, and how likely. */
const fallOf = (shape: number, a: number, kept: number): number => ((shape + 1) * a) / (a + kept);

/** Each piece of the horizon is so many times as far as the one before. */
const FARTHER = 6;

interface Node {
  u: number;
  time: number;
  span: number;
}

/**
 * Points of time with their weights, for an integral over the horizon. The flow is smooth in u, but may fall within a
 * small part of a long horizon: the first piece is as long as it takes to fall, and those after it grow. Good to ten digits.
 */
function nodesTo(horizon: number, rate: number, fall: number): Node[] {
  const reach = Math.log1p(horizon / rate);
  const nodes: Node[] = [];
  for (let [from, to] = [0, 1 / (1 + fall)]; from < reach; [from, to] = [to, to * FARTHER]) {
    const half = (Math.min(to, reach) - from) / 2;
    for (const [node, weight] of NODES) {
      const u = from + half * (node + 1);
      nodes.push({ u, time: rate * Math.expm1(u), span: weight * half * rate * Math.exp(u) });
    }
  }
  return nodes;
}

/** Terms after which a series is taken as it is: only histories far shorter than the horizon come near. */
const MOST_TERMS = 200_000;
const HUGE = 1e200;

/**
 * F(s, a; a + b; 1 - e^u) for u >= 0, from a series that has only positive terms (Pfaff; DLMF 15.8.1):
 * e^(-a u) F(a + b - s, a; a + b; w) with w = 1 - e^-u, whose terms shrink quickly, or where a + b < s
 * e^(-s u) F(s, b; a + b; w).
 */
function hypergeometric(s: number, a: number, b: number, u: number): number {
  const w = -Math.expm1(-u);
  const isShrinking = a + b >= s;
  const [first, second] = isShrinking ? [a + b - s, a] : [s, b];
  let term = 1;
  let sum = 1;
  let log = -(isShrinking ? a : s) * u;
  for (let n = 0; n < MOST_TERMS; n++) {
    const ratio = (((first + n) * (second + n)) / ((a + b + n) * (n + 1))) * w;
    term *= ratio;
    sum += term;
    if (ratio < 1 && term < 1e-12 * sum * (1 - ratio)) break;
    if (sum < HUGE) continue;
    sum /= HUGE;
    term /= HUGE;
    log += Math.log(HUGE);
  }
  return Math.exp(log + Math.log(sum));
}
