import { createRandom, type Random } from '../demo/random.ts';

/** Touchpoints per person, on average. */
const TOUCHPOINTS_PER_PERSON = 1 / 0.15;
/** Gamma shape of the activity: below 1, so that a few people do much and most do little. */
const ACTIVITY_SHAPE = 0.7;
/** Identifiers like those of a crawler, a kiosk or a till's own card, and their share of everything. */
const HEAVY_IDS = 5;
const HEAVY_SHARE = 0.002;
/** Share of people who log in, so that their devices are known to be theirs. */
const LINKED_SHARE = 0.4;

/** The people of the bench shop: skewed activity, identifiers made from a person's number. */
export interface Population {
  persons: number;
  /** A person, drawn by activity; the first few numbers are the heavy ids. */
  draw(): number;
  isLinked(person: number): boolean;
  hasSecondDevice(person: number): boolean;
  deviceId(person: number, device: number): string;
  customerId(person: number): string;
  loyaltyId(person: number): string;
}

export function createPopulation(touchpoints: number, seed: number, random: Random): Population {
  const persons = Math.max(HEAVY_IDS * 2, Math.round(touchpoints / TOUCHPOINTS_PER_PERSON));
  const draw = drawByWeight(activityOf(persons, createRandom(seed, 'activity')), random);
  const isLinked = (person: number) => person >= HEAVY_IDS && mixed(person, seed) < LINKED_SHARE * 4294967296;
  return {
    persons,
    draw,
    isLinked,
    hasSecondDevice: (person) => isLinked(person) && mixed(person, seed + 1) % 3 === 0,
    deviceId: (person, device) => idOf(`d${device}`, person, seed),
    customerId: (person) => idOf('cu', person, seed + 2),
    loyaltyId: (person) => idOf('lo', person, seed + 3),
  };
}

function activityOf(persons: number, random: Random): Float64Array {
  const weights = Float64Array.from({ length: persons }, () => random.gamma(ACTIVITY_SHAPE));
  let sum = 0;
  for (let person = HEAVY_IDS; person < persons; person++) sum += weights[person]!;
  weights.fill((sum * HEAVY_SHARE) / (1 - HEAVY_SHARE) / HEAVY_IDS, 0, HEAVY_IDS);
  return weights;
}

/** Draws an index by weight in constant time: a guide table says where to begin to look (Chen and Asau 1974). */
function drawByWeight(weights: Float64Array, random: Random): () => number {
  const upTo = new Float64Array(weights.length);
  let total = 0;
  for (let index = 0; index < weights.length; index++) {
    total += weights[index]!;
    upTo[index] = total;
  }
  const guide = new Int32Array(weights.length);
  for (let slot = 0, index = 0; slot < guide.length; slot++) {
    while (upTo[index]! < (slot / guide.length) * total) index++;
    guide[slot] = index;
  }
  return () => {
    const at = random.float();
    let index = guide[Math.floor(at * guide.length)]!;
    while (index < weights.length - 1 && upTo[index]! <= at * total) index++;
    return index;
  };
}

/** 32 bits that depend on a number and a salt like noise (the finaliser of MurmurHash3). */
function mixed(value: number, salt: number): number {
  let bits = Math.imul(value ^ Math.imul(salt + 1, 0x9e3779b1), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** Twenty characters, as trackers and card numbers have them: kind, number, noise. */
const idOf = (kind: string, person: number, salt: number) =>
  `${kind}${person.toString(36).padStart(8, '0')}${mixed(person, salt).toString(36).padStart(10, '0')}`;
