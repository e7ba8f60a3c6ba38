import { describe, expect, test } from 'vitest';
import { DAY } from '../../lib/demo/calendar.ts';
import { categoryOf, productOf } from '../../lib/demo/ropo-worlds/goods.ts';
import { NOTHING } from '../../lib/demo/ropo-worlds/person-trail.ts';
import { knownAs, type RopoTrails, simulateRopo } from '../../lib/demo/ropo-worlds/simulate-ropo.ts';
import { ROPO_END, ROPO_START, type RopoWorld } from '../../lib/demo/ropo-worlds/world.ts';
import {
  BEHAVIOURS,
  behaviourNamed,
  withFalseMerges,
  withNonMembers,
  worldOf,
} from '../../lib/demo/ropo-worlds/worlds.ts';

const PERSONS = 2000;
const one = (world: RopoWorld, persons = PERSONS, seed = 1) => simulateRopo([{ world, seed }], persons);
const named = (name: string, theta = 0) => worldOf(behaviourNamed(name), theta);

/** Views of each person in days since the start, and lines with them. */
function byPerson(trails: RopoTrails): { views: number[]; lines: number[] }[] {
  const persons = new Map<number, { views: number[]; lines: number[] }>();
  const of = (person: number) => {
    const own = persons.get(person) ?? { views: [], lines: [] };
    persons.set(person, own);
    return own;
  };
  for (const [view, person] of trails.viewPerson.entries()) of(person).views.push(view);
  for (const [line, person] of trails.linePerson.entries()) of(person).lines.push(line);
  return [...persons.values()];
}

/** Part of lines with a view of their category by the same person in the days after, or before where negative. */
function viewedWithin(trails: RopoTrails, days: number): number {
  let viewed = 0;
  for (const { views, lines } of byPerson(trails))
    for (const line of lines)
      if (
        views.some((view) => {
          const after = (trails.viewAt[view]! - trails.lineAt[line]!) / DAY;
          const isNear = days > 0 ? after > 0 && after <= days : after < 0 && after >= days;
          return isNear && categoryOf(trails.viewSku[view]!) === categoryOf(trails.lineSku[line]!);
        })
      )
        viewed++;
  return viewed / trails.lineAt.length;
}

describe('ROPO worlds', () => {
  test('the same seed gives the same people, another seed or store others', () => {
    expect(one(named('burst+post', 0.2), 50)).toEqual(one(named('burst+post', 0.2), 50));
    expect(one(named('plain'), 50, 2).viewSku).not.toEqual(one(named('plain'), 50, 1).viewSku);
    const world = named('plain');
    const two = simulateRopo(
      [1, 2].map((seed) => ({ world, seed })),
      50,
    );
    const first = one(world, 50);
    expect(two.viewSku.slice(0, first.viewSku.length)).toEqual(first.viewSku);
    expect([...new Set(two.lineStore)]).toEqual([0, 1]);
    expect(Math.min(...two.linePerson.filter((_, line) => two.lineStore[line] === 1))).toBeGreaterThanOrEqual(
      50,
    );
  });

  test.each(BEHAVIOURS)('$name: everything happens inside the time, in opening hours', (behaviour) => {
    const trails = one(worldOf(behaviour, 0.4), 300);
    for (const at of [...trails.viewAt, ...trails.lineAt]) {
      expect(at).toBeGreaterThanOrEqual(ROPO_START);
      expect(at).toBeLessThan(ROPO_END);
    }
    for (const at of trails.lineAt) {
      expect((at % DAY) / DAY).toBeGreaterThanOrEqual(9 / 24);
      expect((at % DAY) / DAY).toBeLessThan(21 / 24);
    }
  });

  test.each([0, 0.2, 0.4])('theta %d: so many lines are researched, 4 days before on average', (theta) => {
    const trails = one(named('plain', theta), 6000);
    const researched = trails.lineResearchedSku.reduce((sum, sku) => sum + (sku === NOTHING ? 0 : 1), 0);
    expect(researched / trails.lineAt.length).toBeCloseTo(theta, 2);
    let lag = 0;
    for (const [line, sku] of trails.lineResearchedSku.entries())
      if (sku !== NOTHING) {
        lag += trails.lineResearchLag[line]!;
        expect(categoryOf(sku)).toBe(categoryOf(trails.lineSku[line]!));
      }
    if (theta > 0) expect(lag / researched).toBeCloseTo(4, 0);
  });

  test('research adds its view to browsing that is otherwise the same', () => {
    const none = one(named('plain'), 300);
    const some = one(named('plain', 0.4), 300);
    expect(some.lineAt).toEqual(none.lineAt);
    expect(some.lineSku).toEqual(none.lineSku);
    const key = (trails: RopoTrails, view: number) =>
      `${trails.viewPerson[view]} ${trails.viewAt[view]} ${trails.viewSku[view]}`;
    const there = new Set(Array.from(some.viewAt, (_, view) => key(some, view)));
    expect(Array.from(none.viewAt, (_, view) => key(none, view)).every((view) => there.has(view))).toBe(true);
    const researched = Array.from(some.lineResearchedSku).filter((sku) => sku !== NOTHING).length;
    expect(some.viewAt.length - none.viewAt.length).toBeGreaterThan(0.95 * researched);
    expect(some.viewAt.length - none.viewAt.length).toBeLessThanOrEqual(researched);
  });

  test('research that is there can be found among the views', () => {
    const trails = one(named('burst', 0.4), 300);
    const views = new Set(
      Array.from(trails.viewAt, (at, view) => `${trails.viewPerson[view]} ${at} ${trails.viewSku[view]}`),
    );
    for (const [line, sku] of trails.lineResearchedSku.entries()) {
      const at = Math.floor(trails.lineAt[line]! - trails.lineResearchLag[line]! * DAY);
      if (sku !== NOTHING && at >= ROPO_START)
        expect(views.has(`${trails.linePerson[line]} ${at} ${sku}`)).toBe(true);
    }
  });

  test('what people look at without any research is a quarter of what they buy, and half in missions', () => {
    expect(viewedWithin(one(named('plain')), -14)).toBeGreaterThan(0.18);
    expect(viewedWithin(one(named('plain')), -14)).toBeLessThan(0.3);
    expect(viewedWithin(one(named('burst')), -14)).toBeGreaterThan(0.4);
  });

  test('post: browsing after the purchase, and none before it', () => {
    const [plain, post] = [one(named('plain')), one(named('post'))];
    expect(viewedWithin(post, 14) - viewedWithin(plain, 14)).toBeGreaterThan(0.12);
    expect(Math.abs(viewedWithin(post, -14) - viewedWithin(plain, -14))).toBeLessThan(0.04);
  });

  test('heavy: a tenth of the persons does two fifths of everything, and who browses buys', () => {
    const sizes = byPerson(one(named('heavy'))).map(
      ({ views, lines }) => [views.length, lines.length] as const,
    );
    const views = sizes.map(([size]) => size).sort((a, b) => b - a);
    const all = views.reduce((sum, size) => sum + size, 0);
    const most = views.slice(0, PERSONS / 10).reduce((sum, size) => sum + size, 0);
    expect(most / all).toBeGreaterThan(0.4);
    const mean = (at: 0 | 1) => sizes.reduce((sum, size) => sum + size[at], 0) / sizes.length;
    const [v, l] = [mean(0), mean(1)];
    const cross = (a: 0 | 1, b: 0 | 1) =>
      sizes.reduce((sum, size) => sum + (size[a] - [v, l][a]!) * (size[b] - [v, l][b]!), 0);
    expect(cross(0, 1) / Math.sqrt(cross(0, 0) * cross(1, 1))).toBeGreaterThan(0.7);
  });

  test('favourites: what a person buys twice is of one category three times as often as by chance', () => {
    const trails = one(named('plain'));
    let pairs = 0;
    let same = 0;
    for (const { lines } of byPerson(trails))
      for (const a of lines)
        for (const b of lines)
          if (trails.lineReceipt[a] !== trails.lineReceipt[b]) {
            pairs++;
            if (categoryOf(trails.lineSku[a]!) === categoryOf(trails.lineSku[b]!)) same++;
          }
    expect(same / pairs).toBeGreaterThan(2.5 / 15);
  });

  test('half of the research looks at the very SKU, most of it at the product', () => {
    const trails = one(named('plain', 0.4));
    const pairs = Array.from(
      trails.lineResearchedSku,
      (sku, line) => [sku, trails.lineSku[line]!] as const,
    ).filter(([sku]) => sku !== NOTHING);
    const part = (test: (a: number, b: number) => boolean) =>
      pairs.filter(([a, b]) => test(a, b)).length / pairs.length;
    expect(part((a, b) => a === b)).toBeGreaterThan(0.5);
    expect(part((a, b) => a === b)).toBeLessThan(0.65);
    expect(part((a, b) => productOf(a) === productOf(b))).toBeGreaterThan(0.7);
  });
});

describe('who is known as whom', () => {
  test('households: half of the persons live in twos, the others alone', () => {
    const known = knownAs(named('household'), 100, 1);
    expect(new Set(known).size).toBe(75);
    expect([...known.slice(0, 4), known[50], known[51]]).toEqual([0, 0, 2, 2, 50, 51]);
  });

  test.each([
    [0.01, 995],
    [0.05, 975],
  ])('%d of persons merged with a wrong one', (part, left) => {
    const known = knownAs(withFalseMerges(named('plain'), part), 1000, 1);
    expect(new Set(known).size).toBe(left);
    for (const person of known) expect(known[person]).toBe(person);
    expect(knownAs(withFalseMerges(named('plain'), part), 1000, 2)).not.toEqual(known);
  });

  test('wrong links change who is who and nothing else', () => {
    const right = one(named('burst', 0.2), 400);
    const wrong = one(withFalseMerges(named('burst', 0.2), 0.05), 400);
    expect({ ...wrong, viewPerson: right.viewPerson, linePerson: right.linePerson }).toEqual(right);
    expect(wrong.linePerson).not.toEqual(right.linePerson);
  });

  test('a household that is merged stays together', () => {
    const known = knownAs(withFalseMerges(named('household'), 0.5), 200, 3);
    for (let person = 0; person < 100; person += 2) expect(known[person]).toBe(known[person + 1]);
  });

  test('members are as many as said; the others buy and research in proportion', () => {
    const trails = one(
      withNonMembers(named('plain', 0.4), { memberShare: 0.6, thetaRatio: 0.5, activityRatio: 0.5 }),
      6000,
    );
    const count = (member: number, test: (line: number) => boolean = () => true) =>
      trails.lineIsMember.reduce((sum, is, line) => sum + (is === member && test(line) ? 1 : 0), 0);
    expect(count(1) / (count(0) + count(1))).toBeCloseTo(0.6 / (0.6 + 0.4 * 0.5), 1);
    const researched = (line: number) => trails.lineResearchedSku[line] !== NOTHING;
    expect(count(1, researched) / count(1)).toBeCloseTo(0.4, 1);
    expect(count(0, researched) / count(0)).toBeCloseTo(0.2, 1);
  });

  test.each([1, 2.5, Number.NaN])('%d persons are refused', (persons) => {
    expect(() => one(named('plain'), persons)).toThrow(/whole number from 2/);
  });
});
