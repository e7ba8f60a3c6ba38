import type { Arrivals, Effect, Medium, WorldChannel } from './world.ts';

const medium = (
  name: string,
  source: string,
  mediumName: string,
  touchType: Medium['touchType'],
  touchCost: number,
): Medium => ({
  name,
  source,
  medium: mediumName,
  touchType,
  touchCost,
  isVisit: touchType !== 'impression',
});

/** The channels of all worlds. An ad shown is no visit; a click is one. */
const MEDIA = [
  medium('Display', 'dsp', 'display', 'impression', 3),
  medium('Paid Video', 'youtube', 'cpv', 'impression', 6),
  medium('Paid Social', 'facebook', 'paid-social', 'click', 45),
  medium('Paid Search', 'google', 'cpc', 'click', 80),
  medium('Paid Shopping', 'google', 'cpc', 'click', 55),
  medium('Brand Search', 'google', 'cpc', 'click', 25),
  medium('Retargeting', 'criteo', 'retargeting', 'impression', 8),
  medium('Affiliates', 'awin', 'affiliate', 'click', 60),
  medium('Email', 'newsletter', 'email', 'email_click', 2),
  medium('Organic Search', 'google', 'organic', 'click', 0),
  medium('Referral', 'blog.example', 'referral', 'click', 0),
  medium('Direct', '(direct)', '(none)', 'click', 0),
] as const;

/** Two campaigns a channel, the first with most of the touches. */
export const CAMPAIGNS = ['always-on', 'spring'] as const;
export const FIRST_CAMPAIGN_SHARE = 0.7;

/** Mailing of a week that two in five persons are listed for and a fifth of those notices. */
export const WEEKLY: Arrivals = { mailing: { everyDays: 7, listed: 0.4, noticed: 0.2 } };

/** Channels of a world from its table: how touches arise, and what they do. All media must be there. */
export function channelsOf(table: Record<string, [Arrivals, Effect]>): WorldChannel[] {
  return MEDIA.map((known) => {
    const row = table[known.name];
    if (!row) throw new Error(`A world says nothing of the channel ${known.name}`);
    const [touches, effect] = row;
    return { ...known, touches, effect };
  });
}
