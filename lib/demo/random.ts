/**
 * Seeded random numbers: sfc32 (Chris Doty-Humphrey, PractRand), its 128-bit state filled by hashing the keys, so
 * that ("7/household/12") and ("7/household/13") are unrelated streams and two keys practically never share one.
 */
export interface Random {
  /** 0 inclusive to 1 exclusive, 32 bits. */
  float(): number;
  /** Whole number, 0 inclusive to `limit` exclusive. */
  int(limit: number): number;
  between(low: number, high: number): number;
  chance(probability: number): boolean;
  pick<T>(items: readonly T[]): T;
  /** Index drawn by weight; weights are not negative and not all zero. */
  weighted(weights: readonly number[]): number;
  exponential(mean: number): number;
  normal(): number;
  gamma(shape: number): number;
  poisson(mean: number): number;
  hex(digits: number): string;
  uuid(): string;
}

type Words = [number, number, number, number];

/** Four lanes of multiply-and-xor over the text, mixed into each other (after bryc's cyrb128). */
function hashToWords(text: string): Words {
  let [a, b, c, d] = [1779033703, 3144134277, 1013904242, 2773480762];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = b ^ Math.imul(a ^ code, 597399067);
    b = c ^ Math.imul(b ^ code, 2869860233);
    c = d ^ Math.imul(c ^ code, 951274213);
    d = a ^ Math.imul(d ^ code, 2716044179);
  }
  a = Math.imul(c ^ (a >>> 18), 597399067);
  b = Math.imul(d ^ (b >>> 22), 2869860233);
  c = Math.imul(a ^ (c >>> 17), 951274213);
  d = Math.imul(b ^ (d >>> 19), 2716044179);
  return [a ^ b ^ c ^ d, b ^ a, c ^ a, d ^ a];
}

const WARM_UP_ROUNDS = 15;
const HEX_PAIRS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** A stream of its own for each list of keys, the same on every machine. */
export function createRandom(...keys: (string | number)[]): Random {
  let [a, b, c, counter] = hashToWords(keys.join('/'));
  const uint32 = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return sum >>> 0;
  };
  for (let round = 0; round < WARM_UP_ROUNDS; round++) uint32();

  const float = () => uint32() / 4294967296;
  const int = (limit: number) => Math.floor(float() * limit);
  const exponential = (mean: number) => -mean * Math.log(1 - float());
  const normal = () => Math.sqrt(-2 * Math.log(1 - float())) * Math.cos(2 * Math.PI * float());

  /** Marsaglia and Tsang (2000); a shape below 1 is lifted by 1 and scaled back. Scale 1. */
  const gamma = (shape: number): number => {
    if (shape < 1) return gamma(shape + 1) * (1 - float()) ** (1 / shape);
    const d = shape - 1 / 3;
    const scale = 1 / Math.sqrt(9 * d);
    for (;;) {
      const x = normal();
      const v = (1 + scale * x) ** 3;
      if (v > 0 && Math.log(1 - float()) < x * x * 0.5 + d - d * v + d * Math.log(v)) return d * v;
    }
  };

  /** Knuth's product of uniforms: fit for the small means of one person's half-year. */
  const poisson = (mean: number): number => {
    const limit = Math.exp(-mean);
    let count = 0;
    for (let product = float(); product > limit; product *= float()) count++;
    return count;
  };

  const weighted = (weights: readonly number[]): number => {
    let total = 0;
    for (const weight of weights) total += weight;
    let rest = float() * total;
    for (let index = 0; index < weights.length; index++) {
      rest -= weights[index]!;
      if (rest < 0) return index;
    }
    return weights.findLastIndex((weight) => weight > 0);
  };

  const hex = (digits: number): string => {
    let text = '';
    while (text.length < digits) {
      const word = uint32();
      text +=
        HEX_PAIRS[word >>> 24]! +
        HEX_PAIRS[(word >>> 16) & 255] +
        HEX_PAIRS[(word >>> 8) & 255] +
        HEX_PAIRS[word & 255];
    }
    return text.slice(0, digits);
  };

  return {
    float,
    int,
    between: (low, high) => low + float() * (high - low),
    chance: (probability) => float() < probability,
    pick: (items) => items[int(items.length)]!,
    weighted,
    exponential,
    normal,
    gamma,
    poisson,
    hex,
    uuid: () => uuidOf(hex(32)),
  };
}

/** 32 hex digits in the form of a version 4 UUID (RFC 9562). */
export function uuidOf(hex: string): string {
  const variant = '89ab'[Number.parseInt(hex[16]!, 16) & 3];
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
