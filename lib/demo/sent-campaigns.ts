import { campaign } from './campaign.ts';

/** What the shop sends to people it knows; `sendings.ts` says when. */
export const NEWSLETTER = campaign('Email', {
  source: 'newsletter',
  medium: 'email',
  campaign: 'weekly-newsletter',
  persuasion: 0.05,
  budget: 1700,
});
export const ABANDONED_CART = campaign('Email', {
  source: 'crm',
  medium: 'email',
  campaign: 'abandoned-cart',
  persuasion: 0.12,
  budget: 40,
});
export const WELCOME = campaign('Email', {
  source: 'crm',
  medium: 'email',
  campaign: 'welcome',
  persuasion: 0.02,
  budget: 40,
});
export const SMS = campaign('SMS', {
  source: 'sms',
  medium: 'sms',
  campaign: 'weekend-sale',
  persuasion: 0.05,
  budget: 340,
});
export const PUSH = campaign('Mobile Push Notifications', {
  source: 'firebase',
  medium: 'push',
  campaign: 'back-in-stock',
  persuasion: 0.04,
  budget: 320,
});
export const CATALOGUE_MAILING = campaign('Direct Mail', {
  source: 'post',
  medium: 'direct_mail',
  campaign: 'season-catalogue',
  persuasion: 0.02,
  budget: 2600,
});
export const VOUCHER_MAILING = campaign('Direct Mail', {
  source: 'post',
  medium: 'direct_mail',
  campaign: 'member-voucher',
  months: [4, 5],
  persuasion: 0.028,
  budget: 1700,
});
export const LEAFLET = campaign('Store Leaflet', {
  source: 'leaflet',
  medium: 'print',
  campaign: 'weekend-leaflet',
  persuasion: 0.012,
  budget: 1900,
});
