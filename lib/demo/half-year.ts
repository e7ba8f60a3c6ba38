import type { Wanted } from './baskets.ts';
import {
  drawCategory,
  drawWay,
  type Intent,
  productViews,
  type Scene,
  visitWeb,
  walkTo,
} from './browsing.ts';
import { buyInStore, buyOnWeb, drawStore } from './buying.ts';
import { awake, DAY, drawDay, drawWebTime, instantOfLocal, LAST_VISIT, MINUTE } from './calendar.ts';
import { BROWSING, LATER_VISIT } from './campaigns.ts';
import { drawSku, type Sku } from './catalogue.ts';
import { pursue, visitContact } from './missions.ts';
import { NO_REASON } from './plan.ts';
import { welcome } from './reminders.ts';
import { refundOrders, returnGoods } from './returns.ts';
import { promptedStart, receiveMarketing } from './sendings.ts';
import { drawTillTime } from './stores.ts';
import { DIRECT } from './visit-campaigns.ts';

const ordinary = (scene: Scene): Wanted[] => [
  { sku: drawSku(scene.random, drawCategory(scene)), researched: null },
];

/** Writes everything that one person does from January to June into the plan. */
export function liveHalfYear(scene: Scene): void {
  const { person, random, plan } = scene;
  const { persona, activity, store } = person;
  const [receipts, orders] = [plan.receipts.length, plan.orders.length];
  for (const prompt of receiveMarketing(scene)) {
    const isPost = prompt.contact.channel === 'Direct Mail' || prompt.contact.channel === 'Store Leaflet';
    const start = promptedStart(scene, prompt);
    if (isPost && (!persona.online || random.chance(0.6))) {
      const reason = { ...NO_REASON, causedBy: [prompt.contact] };
      if (persona.storeShare > 0.2) buyInStore(scene, start, ordinary(scene), 'store', reason);
    } else if (persona.online) {
      pursue(scene, start, prompt);
    }
  }
  for (let count = random.poisson(persona.needs * activity); count > 0; count--) {
    pursue(scene, drawWebTime(random, drawDay(random, 'web'), store.zone), null);
  }
  for (let count = random.poisson(persona.browsing * activity); count > 0; count--) browse(scene);
  for (let count = random.poisson(persona.trips * activity); count > 0; count--) shopByHabit(scene);
  for (let count = random.poisson(persona.orders * activity); count > 0; count--) orderByHabit(scene);
  if (person.app && random.chance(0.4)) dropIn(scene);
  const bought = plan.receipts.slice(receipts);
  returnGoods(scene, bought);
  refundOrders(scene, plan.orders.slice(orders));
  if (persona.online) for (const receipt of bought) readUp(scene, receipt.at, receipt.lines[0]?.sku ?? null);
  const first = plan.orders[orders];
  if (first && person.customerId) welcome(scene, first.at);
}

/** A look around that leads nowhere: what later looks like research by chance. */
function browse(scene: Scene): void {
  const { person, random } = scene;
  const at = drawWebTime(random, drawDay(random, 'web'), person.store.zone);
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
  const store = drawStore(scene);
  const morning = instantOfLocal(drawDay(random, 'store'), 0, store.zone);
  const wanted = ordinary(scene);
  const receipt = buyInStore(scene, morning, wanted, 'store', NO_REASON);
  const phone = person.app ?? person.devices.find((device) => device.kind === 'phone');
  if (!receipt || !phone || !random.chance(0.05)) return;
  receipt.className = 'in_aisle';
  const looked = receipt.at - (3 + random.int(15)) * MINUTE;
  const views: Intent[] = [
    { kind: 'product', sku: wanted[0]!.sku },
    { kind: 'stock', sku: wanted[0]!.sku, store: receipt.store },
  ];
  const session = visitWeb(scene, looked, DIRECT, views, phone);
  receipt.reason = {
    causedBy: [],
    research: productViews(session),
    lastResearchAt: session.steps.at(-1)!.at,
  };
}

function orderByHabit(scene: Scene): void {
  const { person, random } = scene;
  const at = drawWebTime(random, drawDay(random, 'web'), person.store.zone);
  const wanted = ordinary(scene);
  const entry = drawWay(scene, LATER_VISIT, at, wanted[0]!.sku.product.category.area);
  const persuaded = random.chance(entry.persuasion);
  buyOnWeb(scene, at, entry, wanted, (session) =>
    persuaded ? { ...NO_REASON, causedBy: [visitContact(session)] } : NO_REASON,
  );
}

/** In, a look round, out again. */
function dropIn({ person, random, plan }: Scene): void {
  const morning = instantOfLocal(drawDay(random, 'store'), 0, person.store.zone);
  const at = drawTillTime(random, person.store, morning);
  if (at === null) return;
  plan.visits.push({
    id: random.uuid(),
    at,
    leftAt: at + (4 + random.int(25)) * MINUTE,
    store: person.store,
    person,
  });
}

/** After a purchase some look up what they bought: the manual, the matching piece, the price elsewhere. */
function readUp(scene: Scene, boughtAt: number, sku: Sku | null): void {
  const { person, random } = scene;
  if (!sku || !random.chance(0.12)) return;
  const at = awake(random, boughtAt + random.exponential(2.5 * DAY) + 60 * MINUTE, person.store.zone);
  if (at >= LAST_VISIT) return;
  const intents: Intent[] = [{ kind: 'product', sku }];
  if (random.chance(0.3)) intents.push({ kind: 'help' });
  visitWeb(scene, at, drawWay(scene, LATER_VISIT, at, sku.product.category.area), intents);
}
