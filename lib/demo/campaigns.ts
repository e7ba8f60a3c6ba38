import { type Campaign, runsIn } from './campaign.ts';
import type { Random } from './random.ts';
import {
  ABANDONED_CART,
  CATALOGUE_MAILING,
  LEAFLET,
  NEWSLETTER,
  PUSH,
  SMS,
  VOUCHER_MAILING,
  WELCOME,
} from './sent-campaigns.ts';
import { VISIT_CAMPAIGNS } from './visit-campaigns.ts';

export const ALL_CAMPAIGNS: readonly Campaign[] = [
  ...VISIT_CAMPAIGNS,
  NEWSLETTER,
  ABANDONED_CART,
  WELCOME,
  SMS,
  PUSH,
  CATALOGUE_MAILING,
  VOUCHER_MAILING,
  LEAFLET,
];

export const FIRST_VISIT = 0;
export const LATER_VISIT = 1;
export const BROWSING = 2;

const entryWeights = new Map<string, number[]>();

function weightsOfEntries(visit: 0 | 1 | 2, month: number, area: 'sport' | 'home'): number[] {
  const key = `${visit}${month}${area}`;
  let weights = entryWeights.get(key);
  if (!weights) {
    weights = VISIT_CAMPAIGNS.map((campaign) =>
      runsIn(campaign, month) && (campaign.area === null || campaign.area === area)
        ? campaign.visits[visit]
        : 0,
    );
    entryWeights.set(key, weights);
  }
  return weights;
}

/** The way to a visit, among those that run in the month and sell things of the area. */
export function drawEntry(random: Random, visit: 0 | 1 | 2, month: number, area: 'sport' | 'home'): Campaign {
  return VISIT_CAMPAIGNS[random.weighted(weightsOfEntries(visit, month, area))]!;
}
