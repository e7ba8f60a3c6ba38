import { CALENDAR_END, CALENDAR_START, DAY, MINUTE, monthOf, SECOND } from './calendar.ts';
import type { Campaign } from './campaign.ts';
import { drawEntry } from './campaigns.ts';
import type { Catalogue, DemoCategory, Sku } from './catalogue.ts';
import { anonymousIdAt, type Device, type Person } from './people.ts';
import { eventId, type Plan, type Session, type Step } from './plan.ts';
import type { Random } from './random.ts';
import { PUSH } from './sent-campaigns.ts';
import { DIRECT } from './visit-campaigns.ts';

/** What one person's story is written with. */
export interface Scene {
  person: Person;
  random: Random;
  catalogue: Catalogue;
  plan: Plan;
}

/** A step without its time; `dwell` is the mean number of seconds spent on it. */
export type Intent = Step extends infer S ? (S extends { at: number } ? Omit<S, 'at'> : never) : never;

const DWELL: Record<Step['kind'], number> = {
  home: 15,
  help: 60,
  list: 30,
  search: 25,
  product: 60,
  add: 12,
  stock: 10,
  store: 25,
  checkout: 110,
  order: 20,
};

/** Lost, found weeks later: a device that was offline or a tag server that was down. */
const LATE_SHARE = 0.0028;
const LATE_BEFORE = CALENDAR_END - 21 * DAY;

/** Phones for a first look, laptops when it gets serious, the app for those who have it. */
export function drawDevice({ person, random }: Scene, entry: Campaign, later = false): Device {
  if (person.app && (entry === PUSH || (entry === DIRECT && random.chance(0.6)))) return person.app;
  const weights = person.devices.map(({ kind }) =>
    kind === 'phone' ? 6 : kind === 'laptop' ? (later ? 6 : 3) : 1.5,
  );
  return person.devices[random.weighted(weights)]!;
}

/** Some links carry a click identifier only, and some tags never reach the tracker's context. */
function drawTagging(random: Random, entry: Campaign): Session['tagging'] {
  if (entry.source === null) return 'context';
  const weights = [82, 8, entry.clickId === 'gclid' || entry.clickId === 'msclkid' ? 10 : 0];
  return (['context', 'url', 'click_id'] as const)[random.weighted(weights)]!;
}

/** A visit to the web shop or the app. Its first intent is one that opens a page. */
export function visitWeb(
  scene: Scene,
  at: number,
  entry: Campaign,
  intents: Intent[],
  device: Device = drawDevice(scene, entry),
): Session {
  const { person, random, plan } = scene;
  const steps: Step[] = [];
  let clock = Math.floor(at);
  for (const intent of intents) {
    steps.push(Object.assign(intent, { at: clock }));
    clock += Math.floor((2 + random.exponential(DWELL[intent.kind])) * SECOND);
    clock = Math.min(clock, steps.at(-1)!.at + 20 * MINUTE);
  }
  const buys = intents.some((intent) => intent.kind === 'checkout');
  const login =
    person.customerId !== null && random.chance(device === person.app || buys ? 0.92 : person.persona.login);
  const session: Session = {
    id: random.hex(28),
    person,
    device,
    anonymousId: anonymousIdAt(device, at),
    entry,
    tagging: drawTagging(random, entry),
    loginAt: login ? (device === person.app ? 0 : random.int(steps.length)) : null,
    steps,
    isLate: clock < LATE_BEFORE && random.chance(LATE_SHARE),
  };
  plan.sessions.push(session);
  return session;
}

/** A way from the front door to some products: straight to the first, or over the home page, a list or a search. */
export function walkTo(random: Random, entry: Campaign, skus: Sku[]): Intent[] {
  const intents: Intent[] = [];
  const category = skus[0]!.product.category;
  if (entry === DIRECT || entry.campaign === 'search-brand') {
    intents.push({ kind: 'home' });
    intents.push(random.chance(0.5) ? search(random, skus[0]!, category) : { kind: 'list', category });
  } else if (entry.channel !== 'Paid Shopping' && random.chance(0.25)) {
    intents.push({ kind: 'list', category });
  }
  for (const sku of skus) intents.push({ kind: 'product', sku });
  return intents;
}

function search(random: Random, sku: Sku, category: DemoCategory): Intent {
  const query = random.chance(0.7) ? sku.product.name.toLowerCase() : category.name.toLowerCase();
  return { kind: 'search', query, category };
}

/** Identifiers of the product views of a session, as they will be written. */
export function productViews(session: Session): string[] {
  return session.steps.flatMap((step, index) =>
    step.kind === 'product' ? [eventId(session, index, 1)] : [],
  );
}

/** When the last product of a session was looked at; its end when none was. */
export const lastViewAt = ({ steps }: Session): number =>
  (steps.findLast((step) => step.kind === 'product') ?? steps.at(-1)!).at;

/** Share of the visits of those who have the app that begin in it. */
const APP_FIRST = 0.6;

/** The way to a visit: by the app, for those who have it and are used to it, or by any that runs at the time. */
export function drawWay(
  { person, random }: Scene,
  visit: 0 | 1 | 2,
  at: number,
  area: 'sport' | 'home',
): Campaign {
  if (person.app && random.chance(APP_FIRST)) return DIRECT;
  return drawEntry(random, visit, monthOf(Math.floor((at - CALENDAR_START) / DAY)), area);
}

/** A category by the person's taste. */
export function drawCategory({ person, random, catalogue }: Scene): DemoCategory {
  return catalogue.categories[random.weighted(person.taste)]!;
}
