import { DAY } from '../demo/calendar.ts';
import type { WorldRun } from '../demo/worlds/simulate-world.ts';
import type { CreditedRows } from '../domain/attribution/model-replicates.ts';
import type { OrderPaths } from './look-back.ts';

export const RULES = ['first_touch', 'last_touch', 'linear', 'position_based', 'time_decay'] as const;
export type Rule = (typeof RULES)[number];

/**
 * Weight of a touch by its place on a path of `length`, from 0; as sql/attribution/credit_shares.sql has it.
 * @param daysBeforeLast Days between the touch and the last one.
 */
function weightOf(
  rule: Rule,
  place: number,
  length: number,
  daysBeforeLast: number,
  halfLifeDays: number,
): number {
  switch (rule) {
    case 'first_touch':
      return place === 0 ? 1 : 0;
    case 'last_touch':
      return place === length - 1 ? 1 : 0;
    case 'linear':
      return 1;
    case 'position_based':
      return place === 0 || place === length - 1 ? 40 : 20 / (length - 2);
    case 'time_decay':
      return 2 ** (-daysBeforeLast / halfLifeDays);
  }
}

/** What a rule credits for every order, by person and channel, not rounded to cents. */
export function ruleCredits(
  run: WorldRun,
  { person, first, end }: OrderPaths,
  rule: Rule,
  halfLifeDays: number,
): CreditedRows {
  const { touchAt, touchChannel, orderCents } = run;
  const rows: [person: number, channel: number, net: number][] = [];
  for (const [order, owner] of person.entries()) {
    const [from, to] = [first[order]!, end[order]!];
    const weights = Array.from({ length: to - from }, (_, place) => {
      const seconds = Math.floor((touchAt[to - 1]! - touchAt[from + place]!) / 1000);
      return weightOf(rule, place, to - from, (seconds * 1000) / DAY, halfLifeDays);
    });
    const whole = weights.reduce((sum, weight) => sum + weight, 0);
    for (const [place, weight] of weights.entries())
      if (weight > 0) rows.push([owner, touchChannel[from + place]!, (orderCents[order]! * weight) / whole]);
  }
  return {
    person: Int32Array.from(rows, ([owner]) => owner),
    channel: Int32Array.from(rows, ([, channel]) => channel),
    currency: new Int32Array(rows.length),
    net: Float64Array.from(rows, ([, , net]) => net),
  };
}
