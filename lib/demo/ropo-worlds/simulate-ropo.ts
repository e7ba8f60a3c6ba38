import { createRandom } from '../random.ts';
import { drawTrail, type PersonTrail } from './person-trail.ts';
import type { RopoWorld } from './world.ts';

/**
 * Some stores' customers as columns. A store is one sample of a world: its persons buy there and nowhere else. Persons
 * are numbered over all stores, as their keys tell them apart: two who share a card, or are wrongly linked, are one.
 */
export interface RopoTrails {
  viewPerson: Int32Array;
  /** Milliseconds since 1970 UTC. */
  viewAt: Float64Array;
  viewSku: Int32Array;
  /** Lines of a receipt stand together; receipts are numbered over all stores. */
  lineReceipt: Int32Array;
  lineStore: Int32Array;
  linePerson: Int32Array;
  /** 1 where a key at the till identifies the person. */
  lineIsMember: Uint8Array;
  lineAt: Float64Array;
  lineSku: Int32Array;
  /** The SKU that true research before the line looked at, NOTHING where there was none, and the days between. */
  lineResearchedSku: Int32Array;
  lineResearchLag: Float64Array;
}

/** A store to be simulated: a world and the seed of its sample. */
export interface RopoStore {
  world: RopoWorld;
  seed: number;
}

/**
 * Draws `persons` people for every store, each from a random stream of its own: worlds that differ in theta or
 * in links alone have the same people with the same browsing, so that what differs in the figures is due to that.
 * @throws RangeError when `persons` is no whole number from 2 up
 */
export function simulateRopo(stores: readonly RopoStore[], persons: number): RopoTrails {
  if (!Number.isSafeInteger(persons) || persons < 2)
    throw new RangeError(`ROPO world of ${persons} persons; it needs a whole number from 2 up`);
  const views: { person: number[]; at: number[]; sku: number[] } = { person: [], at: [], sku: [] };
  const lines = {
    receipt: [] as number[],
    store: [] as number[],
    person: [] as number[],
    isMember: [] as number[],
    at: [] as number[],
    sku: [] as number[],
    researched: [] as number[],
    lag: [] as number[],
  };
  let receipt = 0;
  const add = (trail: PersonTrail, store: number, person: number) => {
    for (const { at, sku } of trail.views) {
      views.person.push(person);
      views.at.push(at);
      views.sku.push(sku);
    }
    for (const { at, lines: bought } of trail.receipts) {
      for (const { sku, researchedSku, researchLag } of bought) {
        lines.receipt.push(receipt);
        lines.store.push(store);
        lines.person.push(person);
        lines.isMember.push(trail.isMember ? 1 : 0);
        lines.at.push(at);
        lines.sku.push(sku);
        lines.researched.push(researchedSku);
        lines.lag.push(researchLag);
      }
      receipt++;
    }
  };
  for (const [number, { world, seed }] of stores.entries()) {
    const known = knownAs(world, persons, seed);
    for (let person = 0; person < persons; person++) {
      const random = createRandom(seed, 'ropo-world', world.behaviour.name, person);
      add(drawTrail(world, random), number, number * persons + known[person]!);
    }
  }
  return {
    viewPerson: Int32Array.from(views.person),
    viewAt: Float64Array.from(views.at),
    viewSku: Int32Array.from(views.sku),
    lineReceipt: Int32Array.from(lines.receipt),
    lineStore: Int32Array.from(lines.store),
    linePerson: Int32Array.from(lines.person),
    lineIsMember: Uint8Array.from(lines.isMember),
    lineAt: Float64Array.from(lines.at),
    lineSku: Int32Array.from(lines.sku),
    lineResearchedSku: Int32Array.from(lines.researched),
    lineResearchLag: Float64Array.from(lines.lag),
  };
}

/**
 * Under which person's number each of a store's persons is known. The first persons live in twos, as many as share a
 * card; then a part of all persons, picked at random, is merged in pairs by mistake.
 */
export function knownAs(world: RopoWorld, persons: number, seed: number): Int32Array {
  const known = Int32Array.from({ length: persons }, (_, person) => person);
  const sharing = 2 * Math.floor((persons * world.behaviour.sharesCard) / 2);
  for (let person = 1; person < sharing; person += 2) known[person] = person - 1;

  const random = createRandom(seed, 'ropo-world', 'false merges');
  const shuffled = Int32Array.from({ length: persons }, (_, person) => person);
  for (let place = persons - 1; place > 0; place--) {
    const other = random.int(place + 1);
    [shuffled[place], shuffled[other]] = [shuffled[other]!, shuffled[place]!];
  }
  const merged = 2 * Math.round((persons * world.falselyMerged) / 2);
  for (let place = 0; place + 1 < merged; place += 2) {
    const kept = known[shuffled[place]!]!;
    const lost = known[shuffled[place + 1]!]!;
    for (let person = 0; person < persons; person++) if (known[person] === lost) known[person] = kept;
  }
  return known;
}
