/**
 * Where visits come from and what the shop pays for. `channel` is the name that the GA4 default channel group
 * gives to source, medium, campaign and referrer; letters and leaflets carry a name of the shop's own.
 */
export interface Campaign {
  channel: string;
  source: string | null;
  medium: string | null;
  campaign: string | null;
  referrer: string | null;
  clickId: 'gclid' | 'fbclid' | 'msclkid' | null;
  /** Only for things of this part of the catalogue. */
  area: 'sport' | 'home' | null;
  /** First and last month that it runs, 1 to 6. */
  months: readonly [number, number];
  /** Weight as the way to the first visit of a research, to a later one, and to a visit for its own sake. */
  visits: readonly [first: number, later: number, browse: number];
  /** Ads seen without a click, mean per person online while it runs. */
  impressions: number;
  /** Chance that one contact makes a purchase happen that would not have happened without it. */
  persuasion: number;
  /** Euros a month for 4,000 persons. */
  budget: number;
  /** Clicks per ad shown, as the ad platform reports it. */
  clickRate: number;
}

export type Traits = Partial<Omit<Campaign, 'channel'>>;

/** A campaign by what differs from one that runs all the time, costs nothing and persuades nobody. */
export const campaign = (channel: string, traits: Traits): Campaign => ({
  channel,
  source: null,
  medium: null,
  campaign: null,
  referrer: null,
  clickId: null,
  area: null,
  months: [1, 6],
  visits: [0, 0, 0],
  impressions: 0,
  persuasion: 0,
  budget: 0,
  clickRate: 0.01,
  ...traits,
});

export const runsIn = (one: Campaign, month: number): boolean =>
  month >= one.months[0] && month <= one.months[1];
