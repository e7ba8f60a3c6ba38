import type { Wanted } from './baskets.ts';
import { drawCategory, drawWay, type Intent, type Scene, visitWeb, walkTo } from './browsing.ts';
import { buyInStore, buyOnWeb } from './buying.ts';
import { awake, CALENDAR_START, DAY, drawWebTime, instantOfLocal, LAST_VISIT, MINUTE } from './calendar.ts';
import { BROWSING, LATER_VISIT } from './campaigns.ts';
import { drawSku } from './catalogue.ts';
import { type Prompt, pursue, visitContact } from './missions.ts';
import { NO_REASON, type PlannedReceipt } from './plan.ts';
import { welcome } from './reminders.ts';
import { refundOrders, returnGoods } from './returns.ts';
import { drawDayOf } from './rhythm.ts';
import { promptedStart, receiveMarketing } from './sendings.ts';
import { lookInStore } from './store-looks.ts';
import { DIRECT } from './visit-campaigns.ts';

/** Of the store trips of those who have a phone at hand, those on which the thing is looked up before the shelf. */
const LOOKS_UP_IN_AISLE = 0.06;
/** Of purchases in stores, those that are looked up on the web afterwards. */
const READS_UP = 0.25;
/** Visits to the store for a look round, in the half-year, of those whose app would notice. */
const LOOKS_ROUND = 0.5;

const ordinary = (scene: Scene): Wanted[] => [
  { sku: drawSku(scene.random, drawCategory(scene)), researched: null },
];

/** Writes everything that one person does from January to June into the plan. */
export function liveHalfYear(scene: Scene): void {
  const { person, random, plan } = scene;
  const { persona, activity } = person;
  const [receipts, orders] = [plan.receipts.length, plan.orders.length];
  const errands: (() => void)[] = [];
  const plenty = (mean: number, errand: () => void) => {
    for (let count = random.poisson(mean * activity); count > 0; count--) errands.push(errand);
  };
  for (const prompt of receiveMarketing(scene)) errands.push(() => follow(scene, prompt));
  plenty(persona.needs * person.research, () => pursue(scene, webTime(scene), null));
  plenty(persona.trips, () => shopByHabit(scene));
  plenty(persona.orders, () => orderByHabit(scene));
  const done = person.buysOnce && errands.length > 0 ? [random.pick(errands)] : errands;
  for (const errand of done) errand();
  for (let count = random.poisson(persona.browsing * activity); count > 0; count--) browse(scene);
  if (person.app) {
    for (let count = random.poisson(LOOKS_ROUND); count > 0; count--)
      lookInStore(scene, CALENDAR_START + drawDayOf(person, random, 'store') * DAY, 'browse');
  }
  const bought = plan.receipts.slice(receipts);
  returnGoods(scene, bought);
  refundOrders(scene, plan.orders.slice(orders));
  if (persona.online) for (const receipt of bought) readUp(scene, receipt);
  const first = plan.orders[orders];
  if (first && person.customerId) welcome(scene, first.at);
}

const webTime = ({ person, random }: Scene): number =>
  drawWebTime(random, drawDayOf(person, random, 'web'), person.store.zone);

/** What a contact sets off. */
function follow(scene: Scene, prompt: Prompt): void {
  const { random } = scene;
  const { persona } = scene.person;
  const isPost = prompt.contact.channel === 'Direct Mail' || prompt.contact.channel === 'Store Leaflet';
  const start = promptedStart(scene, prompt);
  if (isPost && (!persona.online || random.chance(0.6))) {
    const reason = { ...NO_REASON, causedBy: [prompt.contact] };
    if (persona.storeShare > 0.2) buyInStore(scene, start, ordinary(scene), 'store', reason);
  } else if (persona.online) {
    pursue(scene, start, prompt);
  }
}

/** A look around that leads nowhere: what later looks like research by chance. */
function browse(scene: Scene): void {
  const { random } = scene;
  const at = webTime(scene);
  if (at >= LAST_VISIT) return;
  const category = drawCategory(scene);
  const entry = drawWay(scene, BROWSING, at, category.area);
  const skus = [drawSku(random, category)];
  while (skus.length < 4 && random.chance(0.33))
    skus.push(drawSku(random, random.chance(0.7) ? category : drawCategory(scene)));
  const intents: Intent[] = random.chance(0.16)
    ? [{ kind: 'home' }]
    : walkTo(random, entry, [...new Set(skus)]);
  visitWeb(scene, at, entry, intents);
}

/** The Saturday trip. Some look the thing up on the phone while they stand before the shelf. */
function shopByHabit(scene: Scene): void {
  const { person, random } = scene;
  const morning = instantOfLocal(drawDayOf(person, random, 'store'), 0, person.store.zone);
  const wanted = ordinary(scene);
  const phone = person.app ?? person.devices.find((device) => device.kind === 'phone');
  if (!phone || !random.chance(LOOKS_UP_IN_AISLE)) {
    buyInStore(scene, morning, wanted, 'store', NO_REASON);
    return;
  }
  const before = (3 + random.int(15)) * MINUTE;
  const receipt = buyInStore(scene, morning, wanted, 'in_aisle', NO_REASON, before);
  if (!receipt) return;
  const views: Intent[] = [
    { kind: 'product', sku: wanted[0]!.sku },
    { kind: 'stock', sku: wanted[0]!.sku, store: receipt.store },
  ];
  const session = visitWeb(scene, receipt.at - before, DIRECT, views, phone);
  receipt.reason = { causedBy: [], research: [session] };
}

function orderByHabit(scene: Scene): void {
  const { random } = scene;
  const at = webTime(scene);
  const wanted = ordinary(scene);
  const entry = drawWay(scene, LATER_VISIT, at, wanted[0]!.sku.product.category.area);
  const persuaded = random.chance(entry.persuasion);
  buyOnWeb(scene, at, entry, wanted, (session) =>
    persuaded ? { ...NO_REASON, causedBy: [visitContact(session)] } : NO_REASON,
  );
}

/** After a purchase some look up what they bought: the manual, the matching piece, the price elsewhere. */
function readUp(scene: Scene, receipt: PlannedReceipt): void {
  const { person, random } = scene;
  const sku = receipt.lines[0]?.sku;
  if (!sku || !random.chance(READS_UP)) return;
  const at = awake(random, receipt.at + random.exponential(2.5 * DAY) + 60 * MINUTE, person.store.zone);
  if (at >= LAST_VISIT) return;
  const intents: Intent[] = [{ kind: 'product', sku }];
  if (random.chance(0.35)) intents.push({ kind: 'product', sku: drawSku(random, sku.product.category) });
  if (random.chance(0.3)) intents.push({ kind: 'help' });
  receipt.readUp = visitWeb(scene, at, drawWay(scene, LATER_VISIT, at, sku.product.category.area), intents);
}
