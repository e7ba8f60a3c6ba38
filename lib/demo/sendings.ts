import { drawCategory, type Scene, visitWeb, walkTo } from './browsing.ts';
import {
  CALENDAR_DAYS,
  DAY,
  drawDay,
  drawWebTime,
  HOUR,
  instantOfLocal,
  LAST_VISIT,
  monthOf,
  weekdayOf,
} from './calendar.ts';
import { type Campaign, runsIn } from './campaign.ts';
import { drawSku } from './catalogue.ts';
import type { Prompt } from './missions.ts';
import { anonymousIdAt } from './people.ts';
import type { PlannedTouch } from './plan.ts';
import { touch } from './reminders.ts';
import { CATALOGUE_MAILING, LEAFLET, NEWSLETTER, PUSH, SMS, VOUCHER_MAILING } from './sent-campaigns.ts';
import { VISIT_CAMPAIGNS } from './visit-campaigns.ts';

/** Days on which letters, leaflets and messages go out; the newsletter goes every Thursday. */
export const SENDING_DAYS = new Map<Campaign, readonly number[]>([
  [CATALOGUE_MAILING, [13, 62, 125]],
  [VOUCHER_MAILING, [97, 139]],
  [LEAFLET, [22, 64, 106, 148]],
  [SMS, [23, 79, 128, 163]],
]);

const OPEN_RATE = 0.33;
const CLICK_RATE = 0.09;

/** Everything sent and shown to a person in the half-year; returns the contacts that set something off. */
export function receiveMarketing(scene: Scene): Prompt[] {
  const prompts: Prompt[] = [];
  receiveNewsletters(scene, prompts);
  receiveMessages(scene, prompts);
  receivePost(scene, prompts);
  seeAds(scene, prompts);
  return prompts;
}

function prompted(
  scene: Scene,
  prompts: Prompt[],
  at: number,
  type: PlannedTouch['type'],
  campaign: Campaign,
  entry: Campaign | null,
  anonymousId?: string,
): boolean {
  const contact = touch(scene, at, type, campaign, anonymousId ?? null);
  const works = scene.random.chance(campaign.persuasion);
  if (works) prompts.push({ at, contact, entry });
  return works;
}

function receiveNewsletters(scene: Scene, prompts: Prompt[]): void {
  const { person, random } = scene;
  if (!person.newsletter) return;
  const opens = Math.min(0.9, OPEN_RATE * person.activity);
  for (let day = 1; day < CALENDAR_DAYS; day++) {
    if (weekdayOf(day) !== 4 || !random.chance(opens)) continue;
    const at = instantOfLocal(day, 450, person.store.zone) + Math.floor(random.exponential(7 * HOUR));
    if (at >= LAST_VISIT - HOUR) continue;
    touch(scene, at, 'email_open', NEWSLETTER);
    if (!random.chance(CLICK_RATE)) continue;
    const clicked = at + 15_000 + random.int(60_000);
    if (prompted(scene, prompts, clicked, 'email_click', NEWSLETTER, NEWSLETTER)) continue;
    const sku = drawSku(random, drawCategory(scene));
    visitWeb(scene, clicked + 2000, NEWSLETTER, walkTo(random, NEWSLETTER, [sku]));
  }
}

function receiveMessages(scene: Scene, prompts: Prompt[]): void {
  const { person, random } = scene;
  if (person.sms) {
    for (const day of SENDING_DAYS.get(SMS)!) {
      prompted(
        scene,
        prompts,
        instantOfLocal(day, 600, person.store.zone) + random.int(HOUR),
        'sms',
        SMS,
        SMS,
      );
    }
  }
  if (!person.app) return;
  const pushes = random.poisson(1.6 * person.activity);
  for (let count = 0; count < pushes; count++) {
    const at = drawWebTime(random, drawDay(random, 'web'), person.store.zone);
    prompted(scene, prompts, at, 'push', PUSH, PUSH, anonymousIdAt(person.app, at));
  }
}

/** Letters and leaflets reach members and account holders some days after they are sent. */
function receivePost(scene: Scene, prompts: Prompt[]): void {
  const { person, random } = scene;
  if (person.loyaltyId === null && person.customerId === null) return;
  for (const campaign of [CATALOGUE_MAILING, VOUCHER_MAILING, LEAFLET]) {
    if (campaign === VOUCHER_MAILING && person.loyaltyId === null) continue;
    for (const day of SENDING_DAYS.get(campaign)!) {
      if (random.chance(0.45)) continue;
      const at = instantOfLocal(day + 1 + random.int(3), 690, person.store.zone);
      const type = campaign === LEAFLET ? 'store_leaflet' : 'direct_mail';
      prompted(scene, prompts, at, type, campaign, null);
    }
  }
}

/** Ads on the pages and feeds of others, seen and not clicked. */
function seeAds(scene: Scene, prompts: Prompt[]): void {
  const { person, random } = scene;
  const reached = person.devices.filter((device) => device.consent !== 'denied');
  if (reached.length === 0) return;
  for (const campaign of VISIT_CAMPAIGNS) {
    const seen =
      campaign.impressions > 0 ? random.poisson(campaign.impressions * Math.sqrt(person.activity)) : 0;
    for (let count = 0; count < seen; count++) {
      const day = drawDay(random, 'web');
      if (!runsIn(campaign, monthOf(day))) continue;
      const at = drawWebTime(random, day, person.store.zone);
      const device = random.pick(reached);
      const entry = random.chance(0.35) ? campaign : null;
      // Three in four are scrolled past.
      if (!random.chance(0.25)) touch(scene, at, 'impression', campaign, anonymousIdAt(device, at));
      else prompted(scene, prompts, at, 'impression', campaign, entry, anonymousIdAt(device, at));
    }
  }
}

/** When something set off by a contact begins: at once on a click, else within some days. */
export function promptedStart({ random }: Scene, prompt: Prompt): number {
  return prompt.entry ? prompt.at + 3000 : prompt.at + random.exponential(1.7 * DAY);
}
