import { uniform32 } from '../../lib/domain/attribution/poisson.ts';

/** Numbers of one stream, from 0 to below 1, and of the normal law. */
export function stream(seed: number) {
  let drawn = 0;
  const uniform = () => (uniform32(seed, 1, drawn++) + 0.5) / 4_294_967_296;
  const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  /** Poisson by inversion, of a mean up to a few hundred. */
  const poisson = (mean: number) => {
    const u = uniform();
    let chance = Math.exp(-mean);
    let count = 0;
    for (let sum = chance; u > sum && count < 2000; count++) {
      chance *= mean / (count + 1);
      sum += chance;
    }
    return count;
  };
  return { uniform, normal, poisson };
}

/** A lopsided week: what a weekday has beside the mean. */
export const WEEK = [1.3, 0.8, 0.9, 1, 1.1, 1.5, 0.4];
