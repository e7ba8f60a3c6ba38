import type { Wanted } from './baskets.ts';
import { drawCategory, drawDevice, drawWay, lastViewAt, type Scene, visitWeb, walkTo } from './browsing.ts';
import { buyInStore, buyOnWeb } from './buying.ts';
import { awake, CALENDAR_END, DAY, LAST_VISIT, MINUTE } from './calendar.ts';
import type { Campaign } from './campaign.ts';
import { FIRST_VISIT, LATER_VISIT } from './campaigns.ts';
import { type DemoCategory, drawSku, type Sku } from './catalogue.ts';
import { type Contact, eventId, opensPage, type Research, type Session } from './plan.ts';
import { chaseWithAds, remindOfCart } from './reminders.ts';
import { lookInStore, showroomed } from './store-looks.ts';

/** That something else which was looked at goes into the same basket. */
const TAKES_BOTH = 0.4;
/** That what will be ordered on the web is looked at in a store first, or what is not bought after all. */
const SHOWROOMS = 0.14;
const INSPECTS = 0.12;

/** A contact that set a mission off, and how the visit after it begins; a null entry is left to chance. */
export interface Prompt {
  at: number;
  contact: Contact;
  entry: Campaign | null;
}

/** The visit as a contact: its first page. */
export function visitContact(session: Session): Contact {
  const { channel, campaign } = session.entry;
  return { id: eventId(session, 0, opensPage(session.steps[0]!) ? 0 : 1), channel, campaign };
}

/** Which thing is bought, and which ones were looked at before: that one, another variant, or its neighbours. */
function drawFocus(
  { random }: Scene,
  category: DemoCategory,
): { buys: Sku; looksAt: Sku; fit: Research['fit'] } {
  const buys = drawSku(random, category);
  const variants = buys.product.skus.filter((sku) => sku !== buys);
  const fit = (['sku', 'product', 'category'] as const)[
    random.weighted([62, variants.length > 0 ? 20 : 0, 18])
  ]!;
  if (fit === 'sku') return { buys, looksAt: buys, fit };
  return {
    buys,
    looksAt: fit === 'product' ? random.pick(variants) : drawSku(random, category, buys.product),
    fit,
  };
}

function viewsOf({ random }: Scene, focus: ReturnType<typeof drawFocus>, mustLook: boolean): Sku[] {
  const skus = mustLook || random.chance(0.7) ? [focus.looksAt] : [];
  const others = random.poisson(0.5) + (skus.length === 0 ? 1 : 0);
  const product = focus.fit === 'category' ? focus.buys.product : focus.looksAt.product;
  for (let count = 0; count < others; count++) {
    const sku = drawSku(random, focus.buys.product.category, product);
    if (!skus.includes(sku)) skus.push(sku);
  }
  return skus;
}

/** What of it was really looked at: cut short, the research may have seen the neighbours only. */
function researchOf(sessions: readonly Session[], focus: ReturnType<typeof drawFocus>): Research {
  const seen = sessions
    .flatMap(({ steps }) => steps)
    .findLast((step) => step.kind === 'product' && step.sku === focus.looksAt);
  return seen ? { fit: focus.fit, at: seen.at } : { fit: 'category', at: lastViewAt(sessions.at(-1)!) };
}

/**
 * Something is wanted: research over some days, then a purchase in a store, on the web, or none. A purchase that
 * nature had not planned happens only if a contact persuaded; then, and only then, that contact is its cause.
 */
export function pursue(scene: Scene, startsAt: number, prompt: Prompt | null): void {
  const { person, random } = scene;
  const zone = person.store.zone;
  const category = drawCategory(scene);
  const focus = drawFocus(scene, category);
  const visits = 1 + random.poisson(prompt ? 0.6 : 0.9);
  const sessions: Session[] = [];
  const persuaders: Contact[] = prompt ? [prompt.contact] : [];
  let at = startsAt;
  for (let visit = 0; visit < visits; visit++) {
    at = awake(random, at, zone);
    if (at >= LAST_VISIT) break;
    const given = visit === 0 ? prompt?.entry : null;
    const entry = given ?? drawWay(scene, visit === 0 ? FIRST_VISIT : LATER_VISIT, at, category.area);
    const intents = walkTo(random, entry, viewsOf(scene, focus, visit === visits - 1));
    if (random.chance(0.09)) intents.push({ kind: 'stock', sku: focus.looksAt, store: person.store });
    if (random.chance(0.05)) intents.push({ kind: 'store', store: person.store });
    if (random.chance(0.1)) intents.push({ kind: 'add', sku: focus.looksAt });
    const session = visitWeb(scene, at, entry, intents, drawDevice(scene, entry, visit > 0));
    sessions.push(session);
    if (random.chance(entry.persuasion)) persuaders.push(visitContact(session));
    at = session.steps.at(-1)!.at + 40 * MINUTE + random.exponential(1.6 * DAY);
  }
  const last = sessions.at(-1);
  if (!last) return;
  const natural = prompt === null && random.chance(person.persona.natural);
  const promptWorks = prompt !== null && random.chance(0.6);
  const buys = natural || promptWorks || (prompt === null && persuaders.length > 0);
  const lastAt = last.steps.at(-1)!.at;
  const inStore = random.chance(person.persona.storeShare);
  const reason = { causedBy: natural ? [] : persuaders, research: sessions };
  const wanted: Wanted[] = [{ sku: focus.buys, researched: researchOf(sessions, focus) }];
  const beside = last.steps.findLast(
    (step) => step.kind === 'product' && step.sku.product !== focus.buys.product,
  );
  if (beside?.kind === 'product' && random.chance(TAKES_BOTH))
    wanted.push({ sku: beside.sku, researched: { fit: 'sku', at: beside.at } });
  if (buys && inStore) {
    const earliest = lastAt + 45 * MINUTE + random.gamma(0.9) * 3.9 * DAY;
    const bought = buyInStore(scene, earliest, wanted, 'ropo', reason);
    if (bought) chaseWithAds(scene, sessions, bought.at);
  } else if (buys) {
    const look = random.chance(SHOWROOMS) ? lookInStore(scene, lastAt + 45 * MINUTE, 'inspect') : null;
    const later = awake(random, (look?.leftAt ?? lastAt) + 40 * MINUTE + random.exponential(1.2 * DAY), zone);
    const entry = drawWay(scene, LATER_VISIT, later, category.area);
    const order = buyOnWeb(scene, later, entry, wanted, () => reason);
    if (order && look) showroomed(order, look);
    chaseWithAds(scene, sessions, later);
  } else {
    if (random.chance(INSPECTS)) lookInStore(scene, lastAt + 45 * MINUTE, 'inspect');
    chaseWithAds(scene, sessions, CALENDAR_END);
    remindOfCart(scene, last);
  }
}
