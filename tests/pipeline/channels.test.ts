import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TemporaryShop, temporaryShop } from '../temporary-shop.ts';
import { seed } from './seed-file.ts';

/**
 * GA4's default channel group, through the SQL that a shop runs: each row lands on the site once, as a web event,
 * and where it has no referrer and no click id also as a touch of the same source, medium and campaign.
 * Source: Google Analytics help 9756891, "Default channel group", in its order.
 */
interface Landing {
  source?: string;
  medium?: string;
  campaign?: string;
  referrer?: string;
  click?: string;
}

const from = (source?: string, medium?: string, campaign?: string): Landing => ({
  ...(source === undefined ? {} : { source }),
  ...(medium === undefined ? {} : { medium }),
  ...(campaign === undefined ? {} : { campaign }),
});
const by = (referrer: string): Landing => ({ referrer });

const LANDINGS: [Landing, string][] = [
  // The rules in their order.
  [{}, 'Direct'],
  [from('(direct)', '(none)'), 'Direct'],
  [from('(direct)', '(not set)'), 'Direct'],
  [from('google', 'cpc', 'pmax Cross-Network eu'), 'Cross-network'],
  [from('newsletter', 'email', 'cross-network'), 'Cross-network'],
  [from('amazon', 'cpc'), 'Paid Shopping'],
  [from('google', 'cpc', 'shop-spring'), 'Paid Shopping'],
  [from('google', 'ppc', 'Shopping EU'), 'Paid Shopping'],
  [from('google', 'cpc', 'brand'), 'Paid Search'],
  [from('bing', 'ppc'), 'Paid Search'],
  [from('facebook', 'paid_social'), 'Paid Social'],
  [from('instagram', 'cpc'), 'Paid Social'],
  [from('youtube', 'paidvideo'), 'Paid Video'],
  [from('programmatic', 'display'), 'Display'],
  [from('programmatic', 'banner'), 'Display'],
  [from('programmatic', 'expandable'), 'Display'],
  [from('programmatic', 'interstitial'), 'Display'],
  [from('programmatic', 'cpm'), 'Display'],
  [from('partner', 'cpc'), 'Paid Other'],
  [from('partner', 'retargeting'), 'Paid Other'],
  [from('partner', 'paid-listing'), 'Paid Other'],
  [from('ebay.it', 'referral'), 'Organic Shopping'],
  [from('idealo', 'compare'), 'Organic Shopping'],
  [from('facebook', 'post'), 'Organic Social'],
  [from('partner', 'social'), 'Organic Social'],
  [from('partner', 'social-network'), 'Organic Social'],
  [from('partner', 'social-media'), 'Organic Social'],
  [from('partner', 'sm'), 'Organic Social'],
  [from('partner', 'social network'), 'Organic Social'],
  [from('partner', 'social media'), 'Organic Social'],
  [from('youtube', 'referral'), 'Organic Video'],
  [from('partner', 'hero-video-2'), 'Organic Video'],
  [from('google', 'organic'), 'Organic Search'],
  [from('unheard-of-engine', 'organic'), 'Organic Search'],
  [from('blog.example', 'referral'), 'Referral'],
  [from('partner', 'app'), 'Referral'],
  [from('partner', 'link'), 'Referral'],
  [from('newsletter', 'email'), 'Email'],
  [from('e-mail', 'blast'), 'Email'],
  [from('partner', 'e_mail'), 'Email'],
  [from('partner', 'e mail'), 'Email'],
  [from('partner', 'affiliate'), 'Affiliates'],
  [from('radio', 'audio'), 'Audio'],
  [from('sms', 'blast'), 'SMS'],
  [from('partner', 'sms'), 'SMS'],
  [from('partner', 'web-push'), 'Mobile Push Notifications'],
  [from('partner', 'mobile-app'), 'Mobile Push Notifications'],
  [from('partner', 'notification'), 'Mobile Push Notifications'],
  [from('firebase', 'campaign'), 'Mobile Push Notifications'],
  [from('partner', 'qr-code'), 'Unassigned'],
  [from('chatgpt.com', 'ai-assistant'), 'AI Assistant'],

  // Traps: cpm is paid where the source is known, else display.
  [from('google', 'cpm'), 'Paid Search'],
  [from('facebook', 'cpm'), 'Paid Social'],
  [from('youtube', 'cpm'), 'Paid Video'],
  // A campaign that is called shop moves organic traffic; by GA4's pattern an "eshop" is one and a workshop is none.
  [from('google', 'organic', 'shop-spring'), 'Organic Shopping'],
  [from('google', 'organic', 'Window Shopping'), 'Organic Shopping'],
  [from('google', 'organic', 'workshop'), 'Organic Search'],
  [from('google', 'organic', 'eshop'), 'Organic Shopping'],
  // Email is equality, not "contains mail"; paid and display are whole words where GA4 has whole words.
  [from('partner', 'emailing'), 'Unassigned'],
  [from('partner', 'displayads'), 'Unassigned'],
  [from('partner', 'affiliates'), 'Unassigned'],
  [from('partner', 'prepaid'), 'Unassigned'],
  // Nothing is case sensitive.
  [from('GOOGLE', 'CPC', 'Brand'), 'Paid Search'],
  [from('Facebook', 'Paid_Social'), 'Paid Social'],
  [from('Partner', 'EMAIL'), 'Email'],
  [from('Google', 'Organic', 'SHOP-Spring'), 'Organic Shopping'],
  // No medium: the source decides where it is known.
  [from('google'), 'Organic Search'],
  [from('tiktok'), 'Organic Social'],
  [from('partner'), 'Unassigned'],
  [from(undefined, 'email', 'week 7'), 'Email'],

  // Referrers.
  [by('https://www.google.com/'), 'Organic Search'],
  [by('https://www.google.co.uk/search?q=x'), 'Organic Search'],
  [by('https://duckduckgo.com/'), 'Organic Search'],
  [by('https://m.facebook.com/'), 'Organic Social'],
  [by('https://t.co/abc'), 'Organic Social'],
  [by('https://www.youtube.com/watch?v=1'), 'Organic Video'],
  [by('https://chatgpt.com/'), 'AI Assistant'],
  [by('https://gemini.google.com/app'), 'AI Assistant'],
  [by('https://claude.ai/chat'), 'AI Assistant'],
  [by('https://www.perplexity.ai/'), 'AI Assistant'],
  [by('https://some-blog.example/post'), 'Referral'],
  [by('https://notgoogle.com/'), 'Referral'],
  [by('https://mail.google.com/mail/u/0'), 'Referral'],
  [by('https://accounts.google.com/signin'), 'Referral'],
  [by('https://shop.example/basket'), 'Direct'],
  [by('https://www.shop.example/'), 'Direct'],
  [by('https://www.paypal.com/checkout'), 'Direct'],
  [by('https://login.our-bank.example/3ds'), 'Direct'],
  [by('not an address'), 'Direct'],

  // Click ids speak where campaign parameters do not; a referrer never outdoes either.
  [{ click: 'gclid=1' }, 'Paid Search'],
  [{ click: 'gclid=1', referrer: 'https://www.google.com/' }, 'Paid Search'],
  [{ click: 'dclid=1' }, 'Display'],
  [{ click: 'msclkid=1' }, 'Paid Search'],
  [{ click: 'gbraid=1' }, 'Paid Search'],
  [{ click: 'wbraid=1' }, 'Paid Search'],
  [{ click: 'ttclid=1' }, 'Paid Social'],
  [{ click: 'twclid=1' }, 'Paid Social'],
  [{ click: 'li_fat_id=1' }, 'Paid Social'],
  [{ click: 'epik=1' }, 'Paid Social'],
  [{ click: 'fbclid=1', referrer: 'https://l.facebook.com/' }, 'Organic Social'],
  [{ click: 'fbclid=1', ...from('facebook', 'paid_social') }, 'Paid Social'],
  [{ click: 'gclid=', referrer: 'https://some-blog.example/' }, 'Referral'],
  [{ ...from('newsletter', 'email'), referrer: 'https://www.google.com/' }, 'Email'],
];

const nameOf = (landing: Landing) => JSON.stringify(landing);
const DAY = 86_400_000;

/** Each landing on a day and a device of its own. */
function eventOf({ source, medium, campaign, referrer, click }: Landing, index: number) {
  const query = new URLSearchParams();
  if (source !== undefined) query.set('utm_source', source);
  if (medium !== undefined) query.set('utm_medium', medium);
  if (campaign !== undefined) query.set('utm_campaign', campaign);
  const search = [query.toString(), click ?? ''].filter((part) => part !== '').join('&');
  return {
    event_id: `e${index}`,
    event: 'Page Viewed',
    occurred_at: new Date(Date.UTC(2025, 0, 1) + index * DAY).toISOString(),
    anonymous_id: `device-${index}`,
    url: `https://www.shop.example/landing${search === '' ? '' : `?${search}`}`,
    referrer,
  };
}

const touchOf = ({ source, medium, campaign }: Landing, index: number) => ({
  touch_id: `t${index}`,
  occurred_at: new Date(Date.UTC(2025, 0, 1) + index * DAY).toISOString(),
  touch_type: 'click',
  anonymous_id: `device-${index}`,
  utm_source: source,
  utm_medium: medium,
  utm_campaign: campaign,
});

const isTouch = ({ referrer, click, source }: Landing) => !referrer && !click && source !== undefined;

describe('the default channel group', () => {
  let shop: TemporaryShop;
  let ofEvents: Map<number, unknown>;
  let ofTouches: Map<number, unknown>;

  beforeAll(async () => {
    shop = await temporaryShop();
    seed(shop, 'own_hosts', 'login.our-bank.example,Payment');
    await shop.give({
      web_events: LANDINGS.map(([landing], index) => eventOf(landing, index)),
      touches: LANDINGS.flatMap(([landing], index) => (isTouch(landing) ? [touchOf(landing, index)] : [])),
    });
    await shop.shop.build();
    const rows = await shop.ask(
      `SELECT touch_type, date_diff('day', TIMESTAMP '2025-01-01 00:00:00', touched_at) AS index, channel FROM touchpoints`,
    );
    const channels = (isEvent: boolean) =>
      new Map(
        rows
          .filter(({ touch_type }) => (touch_type === 'session') === isEvent)
          .map(({ index, channel }) => [Number(index), channel]),
      );
    ofEvents = channels(true);
    ofTouches = channels(false);
  });
  afterAll(() => shop?.remove());

  const named = LANDINGS.map(([landing, channel], index) => ({ name: nameOf(landing), channel, index }));

  test.each(named)('$name is $channel', ({ channel, index }) => {
    expect(ofEvents.get(index)).toBe(channel);
    if (isTouch(LANDINGS[index]![0])) expect(ofTouches.get(index)).toBe(channel);
  });
});
