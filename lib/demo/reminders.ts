import { lastViewAt, type Scene, visitWeb, walkTo } from './browsing.ts';
import { buyOnWeb } from './buying.ts';
import { awake, CALENDAR_END, DAY, HOUR, LAST_VISIT, MINUTE } from './calendar.ts';
import type { Contact, PlannedTouch, Session } from './plan.ts';
import { ABANDONED_CART, WELCOME } from './sent-campaigns.ts';
import { RETARGETING } from './visit-campaigns.ts';

/** Puts a touch into the plan and returns it as the contact that it is. */
export function touch(
  { person, random, plan }: Scene,
  at: number,
  type: PlannedTouch['type'],
  campaign: PlannedTouch['campaign'],
  anonymousId: string | null = null,
): Contact {
  const id = random.uuid();
  if (at < CALENDAR_END) plan.touches.push({ id, at: Math.floor(at), type, campaign, person, anonymousId });
  return { id, channel: campaign.channel, campaign: campaign.campaign };
}

/**
 * Ads follow whoever looked at something, for a week, whether or not it has been bought. They persuade next to
 * nobody, and stand right before many purchases: the classic trap of the last touch.
 */
export function chaseWithAds(scene: Scene, sessions: Session[], boughtAt: number): void {
  const { random } = scene;
  for (const session of sessions) {
    if (session.device.consent === 'denied' || session.device.kind === 'app') continue;
    const start = session.steps.at(-1)!.at + HOUR;
    const shown = random.poisson(0.55);
    for (let count = 0; count < shown; count++) {
      const at = awake(random, start + random.exponential(2.2 * DAY), scene.person.store.zone);
      if (at < boughtAt + 3 * DAY) touch(scene, at, 'impression', RETARGETING, session.anonymousId);
    }
  }
}

/** A letter about the forgotten cart, to those who were logged in; it brings some back. */
export function remindOfCart(scene: Scene, session: Session): void {
  const { person, random } = scene;
  const inCart = session.steps.flatMap((step) => (step.kind === 'add' ? [step.sku] : []))[0];
  if (!inCart || !person.newsletter || session.loginAt === null || random.chance(0.45)) return;
  const opened = awake(random, session.steps.at(-1)!.at + random.between(3, 30) * HOUR, person.store.zone);
  if (opened >= LAST_VISIT - HOUR) return;
  touch(scene, opened, 'email_open', ABANDONED_CART);
  if (!random.chance(0.4)) return;
  const clicked = touch(scene, opened + 20_000, 'email_click', ABANDONED_CART);
  if (random.chance(ABANDONED_CART.persuasion * 3)) {
    const wanted = [{ sku: inCart, researched: { fit: 'sku' as const, at: lastViewAt(session) } }];
    buyOnWeb(scene, opened + 25_000, ABANDONED_CART, wanted, () => ({
      causedBy: [clicked],
      research: [],
    }));
  } else {
    visitWeb(scene, opened + 25_000, ABANDONED_CART, walkTo(random, ABANDONED_CART, [inCart]));
  }
}

/** The letter after the first order of an account. */
export function welcome(scene: Scene, orderedAt: number): void {
  const { person, random } = scene;
  if (!person.newsletter || random.chance(0.5)) return;
  const opened = awake(random, orderedAt + random.between(10, 600) * MINUTE, person.store.zone);
  touch(scene, opened, 'email_open', WELCOME);
}
