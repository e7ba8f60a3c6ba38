import { foldPart, pathHashes } from './journey-folds.ts';
import { type ChainIndex, checkOrder, countTransitions, indexChain } from './markov-chain.ts';
import { areaUnderCurve, type Ladder, ladderOf, smoothed } from './order-backoff.ts';
import type { PathCounts } from './paths.ts';

/** One order of the chain, judged on journeys that were held out. */
export interface OrderCandidate {
  order: number;
  states: number;
  /** Mean per journey, in nats, of the whole journey: where it went and how it ended. */
  heldOutLogLikelihood: number;
  standardError: number;
  /** Chance that a converting journey's last state has a higher predicted rate than a lost one's; ties count half. */
  auc: number;
  /** Log-likelihood per journey that the best order is ahead, and the standard error of that difference. */
  behindBest: number;
  behindBestError: number;
}

/**
 * Chooses the order of the Markov chain by cross-validated log-likelihood of whole journeys: the lowest order that is
 * within one standard error of the best (Breiman, Friedman, Olshen, Stone 1984, 3.4.3), where the standard error is
 * that of the difference over the same journeys.
 * Probabilities are estimated from the other folds, each order leaning on the next lower one with the weight of one
 * journey, so that no transition is impossible.
 * Time: orders x folds x steps of the paths, at most.
 * @throws RangeError when there are fewer than 2 folds, or the highest order is not 1 to 4.
 */
export function chooseOrder(
  counts: PathCounts,
  { maxOrder, folds }: { maxOrder: number; folds: number },
): { order: number; candidates: OrderCandidate[] } {
  if (!Number.isInteger(folds) || folds < 2)
    throw new RangeError(`${folds} folds must be a whole number from 2`);
  const ladders: Ladder[] = [];
  checkOrder(maxOrder);
  for (let order = 1; order <= maxOrder; order++) {
    ladders.push(ladderOf(indexChain(counts, order), ladders.at(-1)?.index));
  }
  const hashes = pathHashes(counts);
  const totals = ladders.map(({ index }) => countTransitions(index, counts.conversions, counts.nulls));
  const sums = new Tally(ladders.length);
  const conversions = new Float64Array(hashes.length);
  const nulls = new Float64Array(hashes.length);
  for (let fold = 0; fold < folds; fold++) {
    for (let path = 0; path < hashes.length; path++) {
      conversions[path] = foldPart(counts.conversions[path]!, hashes[path]! >>> 4, fold, folds);
      nulls[path] = foldPart(counts.nulls[path]!, hashes[path]! >>> 12, fold, folds);
    }
    let lower: Float64Array | undefined;
    const logs = ladders.map((ladder, place) => {
      const heldOut = countTransitions(ladder.index, conversions, nulls);
      const probabilities = smoothed(
        ladder,
        totals[place]!.map((count, t) => count - heldOut[t]!),
        lower,
      );
      lower = probabilities;
      sums.addCurve(place, areaUnderCurve(ladder.index, heldOut, probabilities));
      return probabilities.map(Math.log);
    });
    addJourneys(
      sums,
      ladders.map(({ index }) => index),
      logs,
      conversions,
      nulls,
    );
  }
  return sums.choose(ladders.map(({ index }) => index));
}

/** Adds the log-likelihood of each journey of a fold, under all orders. */
function addJourneys(
  sums: Tally,
  indexes: ChainIndex[],
  logs: Float64Array[],
  conversions: Float64Array,
  nulls: Float64Array,
): void {
  const walked = new Float64Array(indexes.length);
  const ended = new Float64Array(indexes.length);
  const { pathStarts } = indexes[0]!;
  for (let path = 0; path < conversions.length; path++) {
    const converted = conversions[path]!;
    const lost = nulls[path]!;
    if (converted + lost === 0) continue;
    for (let place = 0; place < indexes.length; place++) {
      const { pathTransitions } = indexes[place]!;
      const log = logs[place]!;
      let sum = 0;
      const end = pathStarts[path + 1]!;
      for (let at = pathStarts[path]!; at < end; at++) sum += log[pathTransitions[at]!]!;
      walked[place] = sum;
    }
    if (converted > 0) {
      for (let place = 0; place < walked.length; place++) {
        ended[place] = walked[place]! + logs[place]![indexes[place]!.toConversion[path]!]!;
      }
      sums.add(ended, converted);
    }
    if (lost > 0) {
      for (let place = 0; place < walked.length; place++) {
        ended[place] = walked[place]! + logs[place]![indexes[place]!.toNull[path]!]!;
      }
      sums.add(ended, lost);
    }
  }
}

/** Means and covariances of the journeys' log-likelihoods under all orders. */
class Tally {
  private journeys = 0;
  private readonly size: number;
  private readonly means: Float64Array;
  /** Sums of products of the distances from the means, size x size. */
  private readonly spread: Float64Array;
  private readonly pairs: Float64Array;
  private readonly wins: Float64Array;

  constructor(size: number) {
    this.size = size;
    this.means = new Float64Array(size);
    this.spread = new Float64Array(size * size);
    this.pairs = new Float64Array(size);
    this.wins = new Float64Array(size);
  }

  /** Adds `count` journeys that are alike (West 1979). */
  add(logLikelihoods: Float64Array, count: number): void {
    const { size, means, spread } = this;
    const share = (count * this.journeys) / (this.journeys + count);
    for (let a = 0; a < size; a++) {
      const distance = (logLikelihoods[a]! - means[a]!) * share;
      for (let b = 0; b <= a; b++) spread[a * size + b]! += distance * (logLikelihoods[b]! - means[b]!);
    }
    this.journeys += count;
    const step = count / this.journeys;
    for (let a = 0; a < size; a++) means[a]! += (logLikelihoods[a]! - means[a]!) * step;
  }

  addCurve(place: number, { pairs, wins }: { pairs: number; wins: number }): void {
    this.pairs[place]! += pairs;
    this.wins[place]! += wins;
  }

  choose(indexes: ChainIndex[]): { order: number; candidates: OrderCandidate[] } {
    const { means, journeys, pairs, wins } = this;
    let best = 0;
    for (let place = 1; place < means.length; place++) if (means[place]! > means[best]!) best = place;
    const candidates = indexes.map(({ order, stateCount }, place) => ({
      order,
      states: stateCount,
      heldOutLogLikelihood: means[place]!,
      standardError: this.error(this.covariance(place, place)),
      auc: pairs[place]! > 0 ? wins[place]! / pairs[place]! : 0.5,
      behindBest: means[best]! - means[place]!,
      behindBestError: this.error(
        this.covariance(place, place) + this.covariance(best, best) - 2 * this.covariance(place, best),
      ),
    }));
    const chosen = candidates.find(({ behindBest, behindBestError }) => behindBest <= behindBestError);
    return { order: journeys > 0 ? (chosen?.order ?? best + 1) : 1, candidates };
  }

  private covariance(a: number, b: number): number {
    return this.spread[Math.max(a, b) * this.size + Math.min(a, b)]!;
  }

  private error(spread: number): number {
    return this.journeys > 1 ? Math.sqrt(Math.max(0, spread) / (this.journeys - 1) / this.journeys) : 0;
  }
}
