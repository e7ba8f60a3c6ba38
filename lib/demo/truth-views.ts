import { DAY } from './calendar.ts';
import type { Sku } from './catalogue.ts';
import type { Person } from './people.ts';
import type { Session } from './plan.ts';

/** How finely a view and a purchase agree, coarsest first. */
export const MATCH_LEVELS = ['category', 'product', 'sku'] as const;
export type MatchLevel = (typeof MATCH_LEVELS)[number];

/** Days since the last view that agrees at least so finely; null where there is none. */
export type ViewedDays = Record<MatchLevel, number | null>;

interface View {
  at: number;
  sku: Sku;
}

/** What the people of a block looked at on the web. */
export interface WebViews {
  /** Product views of each person, whatever browser they came from. */
  byPerson: Map<Person, View[]>;
  /** Browsers and apps that one account, and no other, has used. */
  ownedIds: Set<string>;
}

export function gatherViews(sessions: readonly Session[]): WebViews {
  const byPerson: WebViews['byPerson'] = new Map();
  const owners = new Map<string, string | null>();
  for (const { person, steps, anonymousId, loginAt } of sessions) {
    if (!person) continue;
    const known = byPerson.get(person) ?? [];
    byPerson.set(person, known);
    for (const step of steps) if (step.kind === 'product') known.push({ at: step.at, sku: step.sku });
    if (loginAt === null || person.customerId === null) continue;
    const owner = owners.get(anonymousId);
    owners.set(anonymousId, owner === undefined || owner === person.customerId ? person.customerId : null);
  }
  const ownedIds = [...owners].flatMap(([id, owner]) => (owner === null ? [] : [id]));
  return { byPerson, ownedIds: new Set(ownedIds) };
}

/** Whether the shop can know whose visit it was: with consent, on what one account has used. */
export const isInReach = ({ device, anonymousId }: Session, { ownedIds }: WebViews): boolean =>
  device.consent !== 'denied' && ownedIds.has(anonymousId);

/** Finest thing that two SKUs have in common, as a place in MATCH_LEVELS; -1 for nothing. */
export function fitOf(one: Sku, other: Sku): number {
  if (one === other) return 2;
  if (one.product === other.product) return 1;
  return one.product.category === other.product.category ? 0 : -1;
}

export function viewedDays({ byPerson }: WebViews, person: Person, sku: Sku, until: number): ViewedDays {
  const last = [-Infinity, -Infinity, -Infinity];
  for (const view of byPerson.get(person) ?? []) {
    if (view.at >= until) continue;
    for (let fit = fitOf(view.sku, sku); fit >= 0; fit--) last[fit] = Math.max(last[fit]!, view.at);
  }
  const days = (at: number) => (at === -Infinity ? null : daysBetween(at, until));
  return { category: days(last[0]!), product: days(last[1]!), sku: days(last[2]!) };
}

export const daysBetween = (from: number, to: number): number =>
  Math.round(((to - from) / DAY) * 1000) / 1000;
