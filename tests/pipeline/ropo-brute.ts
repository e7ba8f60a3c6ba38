import type { Row } from '../../lib/ports.ts';
import type { RopoRows } from './ropo-rows-shop.ts';

/** ROPO figures counted from rows one by one, plain and slow, to be compared with what the queries sum. */
export interface Asked {
  level: 'any' | 'category' | 'product' | 'sku';
  weight: 'revenue' | 'lines';
  buyers: 'repeat' | 'one_time';
  windowDays: number;
  shiftDays: number;
  /** Group of a line, and of a match, where the item that was put there or the view decides. */
  groupOf: (line: Row) => string;
  groupOfMatch?: (match: Row) => string;
  /** Whether chance weighs as the line, not as the item drawn. */
  weighsAsLine?: boolean;
  isWanted?: (line: Row) => boolean;
}

export interface Person {
  n: number;
  r: number;
  c: number;
  shift: [number, number, number];
  mirror: [number, number, number];
  lines: number;
}
/** Persons by "group|currency". */
export type Groups = Map<string, Map<string, Person>>;

const DAY = 86_400;

export function bruteGroups({ lines, matches }: RopoRows, asked: Asked): Groups {
  const { weight, windowDays, shiftDays } = asked;
  const groups: Groups = new Map();
  const at = (group: string, line: Row): Person => {
    const key = `${group}|${line.currency}`;
    if (!groups.has(key)) groups.set(key, new Map());
    const persons = groups.get(key)!;
    const id = String(line.person_id);
    if (!persons.has(id))
      persons.set(id, { n: 0, r: 0, c: 0, shift: [0, 0, 0], mirror: [0, 0, 0], lines: 0 });
    return persons.get(id)!;
  };
  const byLine = new Map<number, Row[]>();
  for (const match of matches) {
    if (match.level !== asked.level || Number(match.lag_seconds) > windowDays * DAY) continue;
    byLine.set(Number(match.line_no), [...(byLine.get(Number(match.line_no)) ?? []), match]);
  }
  const size = (minor: unknown) => (weight === 'lines' ? 1 : Number(minor));
  for (const line of lines) {
    const draws = Number(asked.buyers === 'repeat' ? line.basket_draws : line.stratum_draws);
    if (line.person_id === null || draws === 0 || Number(line.observed_days) < windowDays) continue;
    if (!(asked.isWanted ?? ((one) => one.purchase_class === 'store'))(line)) continue;
    const isApart = windowDays <= shiftDays;
    const back = isApart && Number(line.observed_days) >= windowDays + shiftDays;
    const ahead = isApart && Number(line.observed_days_after) >= shiftDays;
    const shifts = Number(back) + Number(ahead);
    const isMirrored = Number(line.observed_days_after) >= windowDays + 2;
    const own = at(asked.groupOf(line), line);
    const lineWeight = size(line.revenue_minor) * draws;
    own.n += lineWeight;
    own.lines++;
    if (shifts > 0) own.shift[0] += lineWeight;
    if (isMirrored) own.mirror[0] += lineWeight;
    for (const match of byLine.get(Number(line.line_no)) ?? []) {
      const person = at((asked.groupOfMatch ?? (() => asked.groupOf(line)))(match), line);
      const item = size(asked.weighsAsLine ? line.revenue_minor : match.revenue_minor);
      if (match.comparison === 'research') {
        person.r += lineWeight;
        if (shifts > 0) person.shift[1] += lineWeight;
        if (isMirrored) person.mirror[1] += lineWeight;
      }
      if (match.comparison === (asked.buyers === 'repeat' ? 'own_basket' : 'stratum')) person.c += item;
      if (match.comparison === 'week_shift' && (match.draw === 1 ? back : ahead))
        person.shift[2] += lineWeight / shifts;
      if (match.comparison === 'mirror' && isMirrored) person.mirror[2] += lineWeight;
    }
  }
  return groups;
}

export const total = (persons: Iterable<Person>, of: (person: Person) => number): number => {
  let sum = 0;
  for (const person of persons) sum += of(person);
  return sum;
};

/** theta, its standard error and degrees of freedom, from residuals person by person. */
export function bruteShare(pairs: readonly (readonly [x: number, y: number])[]) {
  const x = pairs.reduce((sum, [one]) => sum + one, 0);
  const y = pairs.reduce((sum, [, one]) => sum + one, 0);
  const theta = x / y;
  const squares = pairs.reduce((sum, [one, other]) => sum + (one - theta * other) ** 2, 0);
  const squaresOfY = pairs.reduce((sum, [, one]) => sum + one ** 2, 0);
  const effective = Math.max(2, Math.min(pairs.length, y ** 2 / squaresOfY));
  const error = Math.sqrt(((effective / (effective - 1)) * squares) / y ** 2);
  return { theta, error, degrees: effective - 1 };
}

export const rate = ([lines, researched, chance]: readonly [number, number, number]) =>
  (researched - chance) / (lines - chance);
