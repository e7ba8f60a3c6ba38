import { type HazardData, type HazardFit, oneStep } from './additive-hazard.ts';
import { type Dimensions, figureOf, type Journeys } from './journeys.ts';
import type { PathModel } from './path-model.ts';
import { addWeighted, drawGroup, type Resampled } from './replicates.ts';

/** Credited revenue by channel and currency in each replicate of a block. */
export type Estimate = (drawn: Resampled) => Float64Array;

/** Amounts that were credited to a person's purchases by a model that fits nothing. */
export interface CreditedRows {
  person: Int32Array;
  channel: Int32Array;
  currency: Int32Array;
  net: Float64Array;
}

/** A model whose split does not depend on the data: only whose purchases they are is drawn anew. */
export function creditedEstimate(rows: CreditedRows, dimensions: Dimensions): Estimate {
  return (drawn) => {
    const sums = new Float64Array(dimensions.channels * dimensions.currencies * drawn.replicates);
    for (let row = 0; row < rows.person.length; row++) {
      const figure = figureOf(dimensions, rows.channel[row]!, rows.currency[row]!);
      addWeighted(drawn, sums, figure, rows.person[row]!, rows.net[row]!);
    }
    return sums;
  };
}

/**
 * A path model, fitted anew in every replicate.
 * @param channelOf Channel of each of the model's groups, where it tells more apart than channels.
 * @param kept Weights by group to keep in every replicate instead.
 */
export function pathModelEstimate(
  model: PathModel,
  journeys: Journeys,
  dimensions: Dimensions,
  channelOf: ArrayLike<number>,
  kept?: Float64Array,
): Estimate {
  const { currencies } = dimensions;
  return (drawn) => {
    const { replicates } = drawn;
    const sums = new Float64Array(kept ? 0 : model.sums * replicates);
    const bySet = new Float64Array((model.sets.starts.length - 1) * currencies * replicates);
    if (!kept) sumLone(drawn, model, journeys.lone, sums);
    for (let journey = 0; journey < journeys.person.length; journey++) {
      const person = journeys.person[journey]!;
      const path = journeys.path[journey]!;
      const currency = journeys.currency[journey]!;
      if (!kept) model.visit(path, currency >= 0, (sum) => addWeighted(drawn, sums, sum, person, 1));
      if (currency < 0) continue;
      const figure = model.sets.setOf[path]! * currencies + currency;
      addWeighted(drawn, bySet, figure, person, journeys.net[journey]!);
    }
    return shareReplicates(
      model,
      kept ? repeated(kept, replicates) : replicateWeights(model, sums, replicates),
      bySet,
      replicates,
      dimensions,
      channelOf,
    );
  };
}

/** Weights that are the same in every replicate. */
function repeated(weights: Float64Array, replicates: number): Float64Array {
  const all = new Float64Array(weights.length * replicates);
  for (const [group, weight] of weights.entries())
    all.fill(Math.max(0, weight), group * replicates, (group + 1) * replicates);
  return all;
}

/** Of what is solved in a replicate: far below what chance does to it. */
const ACCURACY = 1e-7;

/** What each group weighs in each replicate: group * replicates + replicate; never below zero. */
function replicateWeights(model: PathModel, sums: Float64Array, replicates: number): Float64Array {
  const weights = new Float64Array(model.channels * replicates);
  for (let replicate = 0; replicate < replicates; replicate++) {
    const { values } = model.worth(column(sums, model.sums, replicate, replicates), ACCURACY);
    for (const [group, value] of values.entries())
      weights[group * replicates + replicate] = Math.max(0, value);
  }
  return weights;
}

/** `channelShares` in every replicate at once. */
function shareReplicates(
  { sets }: PathModel,
  weights: Float64Array,
  bySet: Float64Array,
  replicates: number,
  dimensions: Dimensions,
  channelOf: ArrayLike<number>,
): Float64Array {
  const { channels, currencies } = dimensions;
  const credit = new Float64Array(channels * currencies * replicates);
  const total = new Float64Array(replicates);
  for (let set = 0; set < sets.starts.length - 1; set++) {
    const members = sets.members.subarray(sets.starts[set]!, sets.starts[set + 1]!);
    total.fill(0);
    for (const group of members) {
      for (let at = 0, from = group * replicates; at < replicates; at++, from++) total[at]! += weights[from]!;
    }
    for (let currency = 0; currency < currencies; currency++) {
      const amounts = (set * currencies + currency) * replicates;
      for (const group of members) {
        const to = figureOf(dimensions, channelOf[group]!, currency) * replicates;
        for (let at = 0, from = group * replicates; at < replicates; at++, from++) {
          const share = total[at]! > 0 ? weights[from]! / total[at]! : 1 / members.length;
          credit[to + at]! += bySet[amounts + at]! * share;
        }
      }
    }
  }
  return credit;
}

/** Adds the journeys of persons who are counted by path. */
function sumLone(drawn: Resampled, model: PathModel, lone: Float64Array, sums: Float64Array): void {
  const { replicates } = drawn;
  const counts = new Float64Array(replicates);
  for (const [path, size] of lone.entries()) {
    if (size === 0) continue;
    drawGroup(drawn, size, path, counts);
    model.visit(path, false, (sum) => {
      for (let replicate = 0, to = sum * replicates; replicate < replicates; replicate++, to++)
        sums[to]! += counts[replicate]!;
    });
  }
}

/** All figures in one replicate. */
function column(sums: Float64Array, count: number, replicate: number, replicates: number): Float64Array {
  const values = new Float64Array(count);
  for (let at = 0, from = replicate; at < count; at++, from += replicates) values[at] = sums[from]!;
  return values;
}

/** What the additive hazard is fitted on, by person. */
export interface HazardJourneys {
  data: HazardData;
  /** By conversion: person, currency (-1 where it is not to be credited) and net amount. */
  person: Int32Array;
  currency: Int32Array;
  net: Float64Array;
  /** Exposures by person and channel; channel -1 is the person's time observed. */
  exposure: { person: Int32Array; channel: Int32Array; amount: Float64Array };
}

/** The additive hazard: one Newton step from the fit in every replicate. */
export function hazardEstimate(journeys: HazardJourneys, fit: HazardFit, dimensions: Dimensions): Estimate {
  const { data, exposure } = journeys;
  const { channels, currencies } = dimensions;
  const conversions = data.starts.length - 1;
  return (drawn) => {
    const { replicates } = drawn;
    const exposures = new Float64Array((channels + 1) * replicates);
    for (let row = 0; row < exposure.person.length; row++)
      addWeighted(drawn, exposures, exposure.channel[row]! + 1, exposure.person[row]!, exposure.amount[row]!);
    const estimate = new Float64Array(channels * currencies * replicates);
    const byReplicate = weightsByReplicate(drawn, journeys.person);
    const weights = new Float64Array(conversions);
    for (let replicate = 0; replicate < replicates; replicate++) {
      weights.set(byReplicate.subarray(replicate * conversions, (replicate + 1) * conversions));
      const own = column(exposures, channels + 1, replicate, replicates);
      const { rates } = oneStep(data, fit, weights, own.slice(1), own[0]!);
      const credit = hazardCredit(journeys, rates, weights, dimensions);
      for (const [figure, amount] of credit.entries()) estimate[figure * replicates + replicate] = amount;
    }
    return estimate;
  };
}

/** The weight of each conversion's person: replicate * conversions + conversion. */
function weightsByReplicate({ weights, replicates }: Resampled, person: Int32Array): Uint8Array {
  const turned = new Uint8Array(person.length * replicates);
  for (let i = 0; i < person.length; i++) {
    const from = person[i]! * replicates;
    for (let replicate = 0, to = i; replicate < replicates; replicate++, to += person.length)
      turned[to] = weights[from + replicate]!;
  }
  return turned;
}

/**
 * Net amounts by channel and currency, each conversion split over its channels by rate x kernel; by kernel alone where
 * all rates are 0.
 */
export function hazardCredit(
  { data, currency, net }: Pick<HazardJourneys, 'data' | 'currency' | 'net'>,
  rates: Float64Array,
  weights: ArrayLike<number>,
  dimensions: Dimensions,
): Float64Array {
  const credit = new Float64Array(dimensions.channels * dimensions.currencies);
  for (let i = 0; i < currency.length; i++) {
    const amount = weights[i]! * net[i]!;
    if (currency[i]! < 0 || amount === 0) continue;
    const first = data.starts[i]!;
    const end = data.starts[i + 1]!;
    let sum = 0;
    let kernels = 0;
    for (let at = first; at < end; at++) {
      sum += rates[data.channel[at]!]! * data.kernel[at]!;
      kernels += data.kernel[at]!;
    }
    for (let at = first; at < end; at++) {
      const channel = data.channel[at]!;
      const share = sum > 0 ? (rates[channel]! * data.kernel[at]!) / sum : data.kernel[at]! / kernels;
      credit[figureOf(dimensions, channel, currency[i]!)]! += amount * share;
    }
  }
  return credit;
}
