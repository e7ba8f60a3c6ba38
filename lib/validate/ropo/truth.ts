import { DAY } from '../../demo/calendar.ts';
import { categoryOf, centsOf, productOf } from '../../demo/ropo-worlds/goods.ts';
import { NOTHING } from '../../demo/ropo-worlds/person-trail.ts';
import type { RopoTrails } from '../../demo/ropo-worlds/simulate-ropo.ts';
import { ROPO_START } from '../../demo/ropo-worlds/world.ts';

export type ItemLevel = 'category' | 'product' | 'sku';

/** What has to be equal for a view to be of a line's item. */
export const ITEM_OF: Record<ItemLevel, (sku: number) => number> = {
  category: categoryOf,
  product: productOf,
  sku: (sku) => sku,
};

export interface RopoDefinition {
  level: ItemLevel;
  windowDays: number;
}

/** What is true of a store, and what nobody with real data can know. */
export interface RopoTruth {
  /** Lines that the headline is about: of members with two receipts or more, after the window was first whole. */
  lines: number;
  /** Those of them that research at the level truly preceded, inside the window. */
  researched: number;
  /** Part of the items of the person's other receipts that are the line's own at the level, summed over lines. */
  sameItem: number;
  /** Revenue of all lines of the store, members' or not, and of those researched, in cents. */
  allCents: number;
  allResearchedCents: number;
}

/** The truth of each store, from how its trails were drawn. */
export function ropoTruth(trails: RopoTrails, stores: number, definition: RopoDefinition): RopoTruth[] {
  const itemOf = ITEM_OF[definition.level];
  const start = ROPO_START + definition.windowDays * DAY;
  const truths = Array.from({ length: stores }, () => ({
    lines: 0,
    researched: 0,
    sameItem: 0,
    allCents: 0,
    allResearchedCents: 0,
  }));
  const baskets = memberBaskets(trails, itemOf);
  for (let line = 0; line < trails.lineAt.length; line++) {
    const truth = truths[trails.lineStore[line]!]!;
    const isResearched = wasResearched(trails, line, definition);
    const cents = centsOf(trails.lineSku[line]!);
    truth.allCents += cents;
    if (isResearched) truth.allResearchedCents += cents;
    if (trails.lineIsMember[line] === 0 || trails.lineAt[line]! < start) continue;
    const { lines, ofItem, ofReceipt } = baskets.get(trails.linePerson[line]!)!;
    const item = itemOf(trails.lineSku[line]!);
    const here = ofReceipt.get(trails.lineReceipt[line]!)!;
    const others = lines - here.length;
    if (others === 0) continue;
    truth.lines++;
    if (isResearched) truth.researched++;
    truth.sameItem += (ofItem.get(item)! - here.filter((own) => own === item).length) / others;
  }
  return truths;
}

function wasResearched(trails: RopoTrails, line: number, { level, windowDays }: RopoDefinition): boolean {
  const researched = trails.lineResearchedSku[line]!;
  return (
    researched !== NOTHING &&
    trails.lineResearchLag[line]! <= windowDays &&
    ITEM_OF[level](researched) === ITEM_OF[level](trails.lineSku[line]!)
  );
}

interface Basket {
  lines: number;
  ofItem: Map<number, number>;
  ofReceipt: Map<number, number[]>;
}

/** What each identified person bought: how often every item, and the items of each receipt. */
function memberBaskets(trails: RopoTrails, itemOf: (sku: number) => number): Map<number, Basket> {
  const baskets = new Map<number, Basket>();
  for (let line = 0; line < trails.lineAt.length; line++) {
    if (trails.lineIsMember[line] === 0) continue;
    const person = trails.linePerson[line]!;
    const item = itemOf(trails.lineSku[line]!);
    const basket = baskets.get(person) ?? { lines: 0, ofItem: new Map(), ofReceipt: new Map() };
    baskets.set(person, basket);
    basket.lines++;
    basket.ofItem.set(item, (basket.ofItem.get(item) ?? 0) + 1);
    const receipt = basket.ofReceipt.get(trails.lineReceipt[line]!);
    if (receipt) receipt.push(item);
    else basket.ofReceipt.set(trails.lineReceipt[line]!, [item]);
  }
  return baskets;
}

/**
 * What the own-basket placebo can show of a true share: where the item put in a line's place is the line's own, which
 * it is with the chance `sameItem`, it finds the true research too and counts it as chance. From R_obs = t + (1 - t) c
 * and R_null = c + t q (1 - c): theta = t (1 - q) / (1 - t q), whatever the chance rate c.
 */
export const shownByOwnBasket = (truly: number, sameItem: number): number =>
  (truly * (1 - sameItem)) / (1 - truly * sameItem);
