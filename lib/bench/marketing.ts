/** Channels of the bench shop: as the landing pages and contacts of each name them. */

export interface BenchChannel {
  source: string;
  medium: string;
  /** What a contact outside the site is; a channel without one only brings visits. */
  touchType?: string;
}

export const CHANNELS: readonly BenchChannel[] = [
  { source: 'google', medium: 'cpc' },
  { source: 'google-shopping', medium: 'cpc' },
  { source: 'facebook', medium: 'paid_social', touchType: 'impression' },
  { source: 'instagram', medium: 'social' },
  { source: 'youtube', medium: 'cpc', touchType: 'impression' },
  { source: 'adserver', medium: 'display', touchType: 'impression' },
  { source: 'newsletter', medium: 'email', touchType: 'email_open' },
  { source: 'partners', medium: 'affiliate', touchType: 'click' },
  { source: 'radio', medium: 'audio', touchType: 'impression' },
  { source: 'service', medium: 'sms', touchType: 'sms' },
  { source: 'app', medium: 'push', touchType: 'push' },
  { source: 'post', medium: 'direct_mail', touchType: 'direct_mail' },
];

/** Channels that bring visits, and channels whose contacts are `touches`. */
export const VISIT_CHANNELS = CHANNELS.slice(0, 8);
export const CONTACT_CHANNELS = CHANNELS.filter(({ touchType }) => touchType !== undefined);

const MOST_CAMPAIGNS = 50;

/** Campaigns per channel: fifty, fewer in a shop too small for them. */
export const campaignsOf = (touchpoints: number) =>
  Math.min(MOST_CAMPAIGNS, Math.max(2, Math.ceil(touchpoints / 2_000)));

export const campaignName = (channel: BenchChannel, number: number) =>
  `${channel.source}-campaign-${String(number).padStart(2, '0')}`;

export const SEARCH_REFERRERS = [
  'https://www.google.com/',
  'https://www.bing.com/',
  'https://duckduckgo.com/',
] as const;

export const BROWSERS = [
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0.0.0 Mobile Safari/537.36',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15',
] as const;
