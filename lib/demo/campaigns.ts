import type { Random } from './random.ts';

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

type Traits = Partial<Omit<Campaign, 'channel'>>;

const line = (channel: string, traits: Traits): Campaign => ({
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

const GOOGLE = {
  source: 'google',
  medium: 'cpc',
  referrer: 'https://www.google.com/',
  clickId: 'gclid',
} as const;
const BING = {
  source: 'bing',
  medium: 'cpc',
  referrer: 'https://www.bing.com/',
  clickId: 'msclkid',
} as const;
const FACEBOOK = {
  source: 'facebook',
  medium: 'paid_social',
  referrer: 'https://l.facebook.com/',
  clickId: 'fbclid',
} as const;
const INSTAGRAM = {
  source: 'instagram',
  medium: 'paid_social',
  referrer: 'https://l.instagram.com/',
  clickId: 'fbclid',
} as const;
const ADNET = { source: 'adnet', referrer: 'https://news.example.org/' } as const;
const YOUTUBE = {
  source: 'youtube',
  medium: 'cpc',
  referrer: 'https://www.youtube.com/',
  clickId: 'gclid',
} as const;

/** Ways to a visit, and ads that are seen. */
export const VISIT_CAMPAIGNS: readonly Campaign[] = [
  line('Paid Search', {
    ...GOOGLE,
    campaign: 'search-brand',
    visits: [5, 15, 5],
    persuasion: 0.02,
    budget: 1300,
    clickRate: 0.22,
  }),
  line('Paid Search', {
    ...GOOGLE,
    campaign: 'search-generic-sport',
    area: 'sport',
    visits: [22, 5, 3],
    persuasion: 0.17,
    budget: 1150,
    clickRate: 0.05,
  }),
  line('Paid Search', {
    ...GOOGLE,
    campaign: 'search-generic-home',
    area: 'home',
    visits: [19, 4, 3],
    persuasion: 0.15,
    budget: 1000,
    clickRate: 0.045,
  }),
  line('Paid Search', {
    ...BING,
    campaign: 'search-generic',
    visits: [3, 1, 1],
    persuasion: 0.14,
    budget: 260,
    clickRate: 0.035,
  }),
  line('Paid Shopping', {
    ...GOOGLE,
    campaign: 'shopping-all-products',
    visits: [17, 7, 3],
    persuasion: 0.17,
    budget: 1700,
    clickRate: 0.011,
  }),
  line('Paid Social', {
    ...FACEBOOK,
    campaign: 'winter-sale',
    months: [1, 2],
    visits: [9, 3, 7],
    impressions: 1.6,
    persuasion: 0.12,
    budget: 1250,
  }),
  line('Paid Social', {
    ...FACEBOOK,
    campaign: 'outdoor-prospecting',
    area: 'sport',
    months: [3, 6],
    visits: [10, 3, 6],
    impressions: 1.4,
    persuasion: 0.14,
    budget: 900,
  }),
  line('Paid Social', {
    ...INSTAGRAM,
    campaign: 'home-spring-collection',
    area: 'home',
    months: [2, 5],
    visits: [9, 3, 8],
    impressions: 1.7,
    persuasion: 0.12,
    budget: 1000,
  }),
  line('Display', {
    ...ADNET,
    medium: 'cpm',
    campaign: 'garden-prospecting',
    area: 'home',
    months: [3, 6],
    visits: [1, 0.5, 1],
    impressions: 2.6,
    persuasion: 0.05,
    budget: 1050,
    clickRate: 0.0012,
  }),
  line('Display', {
    ...ADNET,
    medium: 'cpm',
    campaign: 'sport-prospecting',
    area: 'sport',
    months: [1, 4],
    visits: [1, 0.5, 1],
    impressions: 1.8,
    persuasion: 0.05,
    budget: 650,
    clickRate: 0.0012,
  }),
  line('Display', {
    ...ADNET,
    medium: 'display',
    campaign: 'retargeting-viewed-products',
    visits: [0, 7, 3],
    persuasion: 0.02,
    budget: 1500,
    clickRate: 0.004,
  }),
  line('Paid Video', {
    ...YOUTUBE,
    campaign: 'outdoor-season',
    area: 'sport',
    months: [2, 6],
    visits: [2, 0.5, 2],
    impressions: 1.8,
    persuasion: 0.08,
    budget: 950,
    clickRate: 0.002,
  }),
  line('Affiliates', {
    source: 'price-compare',
    medium: 'affiliate',
    campaign: 'cashback',
    referrer: 'https://www.price-compare.test/',
    visits: [4, 6, 2],
    persuasion: 0.05,
    budget: 560,
    clickRate: 0.02,
  }),
  line('Organic Search', { referrer: 'https://www.google.com/', visits: [26, 17, 18], persuasion: 0.1 }),
  line('Organic Search', { referrer: 'https://duckduckgo.com/', visits: [2, 1, 2], persuasion: 0.1 }),
  line('Organic Social', { referrer: 'https://www.instagram.com/', visits: [4, 2, 8], persuasion: 0.06 }),
  line('Organic Social', {
    referrer: 'https://l.facebook.com/',
    clickId: 'fbclid',
    visits: [2, 1, 4],
    persuasion: 0.05,
  }),
  line('Referral', { referrer: 'https://www.outdoor-forum.test/', visits: [4, 2, 4], persuasion: 0.1 }),
  line('AI Assistant', { referrer: 'https://chatgpt.com/', visits: [4, 2, 2], persuasion: 0.12 }),
  line('AI Assistant', { referrer: 'https://gemini.google.com/', visits: [2, 1, 1], persuasion: 0.12 }),
  line('Direct', { visits: [16, 38, 30] }),
];

export const DIRECT = VISIT_CAMPAIGNS.at(-1)!;
export const RETARGETING = VISIT_CAMPAIGNS.find((one) => one.campaign === 'retargeting-viewed-products')!;

/** What the shop sends to people it knows; `sendings.ts` says when. */
export const NEWSLETTER = line('Email', {
  source: 'newsletter',
  medium: 'email',
  campaign: 'weekly-newsletter',
  persuasion: 0.05,
  budget: 1700,
});
export const ABANDONED_CART = line('Email', {
  source: 'crm',
  medium: 'email',
  campaign: 'abandoned-cart',
  persuasion: 0.12,
  budget: 40,
});
export const WELCOME = line('Email', {
  source: 'crm',
  medium: 'email',
  campaign: 'welcome',
  persuasion: 0.02,
  budget: 40,
});
export const SMS = line('SMS', {
  source: 'sms',
  medium: 'sms',
  campaign: 'weekend-sale',
  persuasion: 0.05,
  budget: 300,
});
export const PUSH = line('Mobile Push Notifications', {
  source: 'firebase',
  medium: 'push',
  campaign: 'back-in-stock',
  persuasion: 0.04,
  budget: 220,
});
export const CATALOGUE_MAILING = line('Direct Mail', {
  source: 'post',
  medium: 'direct_mail',
  campaign: 'season-catalogue',
  persuasion: 0.02,
  budget: 2600,
});
export const VOUCHER_MAILING = line('Direct Mail', {
  source: 'post',
  medium: 'direct_mail',
  campaign: 'member-voucher',
  months: [4, 5],
  persuasion: 0.028,
  budget: 1700,
});
export const LEAFLET = line('Store Leaflet', {
  source: 'leaflet',
  medium: 'print',
  campaign: 'weekend-leaflet',
  persuasion: 0.012,
  budget: 1900,
});

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

export const runsIn = (campaign: Campaign, month: number): boolean =>
  month >= campaign.months[0] && month <= campaign.months[1];

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
