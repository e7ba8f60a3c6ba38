import type { Spend } from '../domain/contract/index.ts';
import { CALENDAR_DAYS, CALENDAR_START, DAY, dateText, monthOf, weekdayOf } from './calendar.ts';
import { type Campaign, runsIn } from './campaign.ts';
import { ALL_CAMPAIGNS } from './campaigns.ts';
import { euros } from './catalogue.ts';
import { createRandom, type Random } from './random.ts';
import { SENDING_DAYS } from './sendings.ts';
import { CATALOGUE_MAILING, LEAFLET, NEWSLETTER, VOUCHER_MAILING } from './sent-campaigns.ts';

/** Persons that the budgets of the campaigns are meant for. */
const BUDGET_PERSONS = 4000;
const PAPER = new Set<Campaign>([CATALOGUE_MAILING, VOUCHER_MAILING, LEAFLET]);

export interface MediaCounts {
  click(campaign: Campaign, at: number): void;
  impression(campaign: Campaign, at: number): void;
  spend(seed: number, persons: number): Generator<Spend>;
}

const dayOf = (at: number) =>
  Math.min(CALENDAR_DAYS - 1, Math.max(0, Math.floor((at - CALENDAR_START) / DAY)));

function spendsOn(campaign: Campaign, day: number): boolean {
  if (!runsIn(campaign, monthOf(day))) return false;
  if (campaign === NEWSLETTER) return weekdayOf(day) === 4;
  return SENDING_DAYS.get(campaign)?.includes(day) ?? true;
}

/** Budget of a month in euros over its days, by weights: what was clicked, and the moods of the auction. */
function dailyCosts(random: Random, campaign: Campaign, clicks: Int32Array, scale: number): number[] {
  const weights = Array.from(clicks, (count, day) =>
    spendsOn(campaign, day) ? random.between(0.75, 1.25) * (1 + count / (1 + scale)) : 0,
  );
  const byMonth = new Map<number, number>();
  for (const [day, weight] of weights.entries()) {
    byMonth.set(monthOf(day), (byMonth.get(monthOf(day)) ?? 0) + weight);
  }
  return weights.map((weight, day) => {
    const month = byMonth.get(monthOf(day))!;
    return weight === 0 ? 0 : Math.round((campaign.budget * 100 * scale * weight) / month);
  });
}

/** Counts what was shown and clicked while the shop is written, and makes the bills from it at the end. */
export function createMediaCounts(): MediaCounts {
  const counts = new Map(
    ALL_CAMPAIGNS.map((campaign) => [
      campaign,
      { clicks: new Int32Array(CALENDAR_DAYS), impressions: new Int32Array(CALENDAR_DAYS) },
    ]),
  );
  return {
    click: (campaign, at) => counts.get(campaign)!.clicks[dayOf(at)]!++,
    impression: (campaign, at) => counts.get(campaign)!.impressions[dayOf(at)]!++,
    *spend(seed, persons) {
      const random = createRandom(seed, 'spend');
      for (const campaign of ALL_CAMPAIGNS) {
        if (campaign.budget === 0) continue;
        const { clicks, impressions } = counts.get(campaign)!;
        const costs = dailyCosts(random, campaign, clicks, persons / BUDGET_PERSONS);
        for (let day = 0; day < CALENDAR_DAYS; day++) {
          if (costs[day] === 0) continue;
          // Platforms count clicks that no tracker sees, and show ads to many who are not customers.
          const counted = Math.round(clicks[day]! * random.between(1.05, 1.3));
          const shown = Math.round((counted + random.float()) / campaign.clickRate) + impressions[day]! * 3;
          const row: Spend = {
            date: dateText(day),
            channel: PAPER.has(campaign) ? campaign.channel : null,
            utm_source: campaign.source,
            utm_medium: campaign.medium,
            utm_campaign: campaign.campaign,
            cost: euros(costs[day]!),
            currency: 'EUR',
            clicks: PAPER.has(campaign) ? null : counted,
            impressions: shown,
          };
          yield row;
        }
      }
    },
  };
}
