import { addTillLines, FREE_SHIPPING_FROM, fillBasket, otherLine, SHIPPING, type Wanted } from './baskets.ts';
import { drawDevice, type Intent, type Scene, visitWeb, walkTo } from './browsing.ts';
import { CALENDAR_END, DAY, HOUR, LAST_VISIT, localDay, MINUTE } from './calendar.ts';
import type { Campaign } from './campaign.ts';
import type { Person } from './people.ts';
import {
  NO_REASON,
  type PlannedLine,
  type PlannedOrder,
  type PlannedReceipt,
  type PurchaseClass,
  type Reason,
  type Session,
} from './plan.ts';
import type { Random } from './random.ts';
import { type DemoStore, drawTillTime, STORES } from './stores.ts';

const LATE_RECEIPTS = 0.012;
const LATE_BEFORE = CALENDAR_END - 21 * DAY;

const BY_CARD = new Set(['card', 'wallet']);

/** What the person hands over at the till: the card, an address for the receipt, or nothing; and what the terminal reads. */
function drawShown(random: Random, person: Person, token: boolean): PlannedReceipt['shows'] {
  const loyalty = person.loyaltyId !== null && random.chance(0.72);
  const email = random.chance(loyalty ? 0.1 : 0.12) ? (random.chance(0.55) ? 'clear' : 'sha256') : null;
  return { loyalty, email, token };
}

const readsTokens = ({ tokensFrom, zone }: DemoStore, at: number): boolean =>
  tokensFrom !== null && localDay(at, zone) >= tokensFrom;

interface TillVisit {
  at: number;
  store: DemoStore;
  lines: PlannedLine[];
  className: PurchaseClass;
  reason: Reason;
  order?: PlannedOrder;
  tender?: string;
  /** How long before paying something was looked up on the phone in the store. */
  lookedUpBefore?: number;
}

/** Puts a receipt into the plan, and now and then the visit that the person's app noticed around it. */
export function payAtTill({ person, random, plan }: Scene, visit: TillVisit): PlannedReceipt {
  const { at, store, lookedUpBefore = 0 } = visit;
  const tender = visit.tender ?? ['card', 'cash', 'wallet', 'gift_card'][random.weighted([66, 22, 10, 2])]!;
  const receipt: PlannedReceipt = {
    id: '',
    at,
    store,
    person,
    className: visit.className,
    lines: visit.lines,
    tender,
    shows: drawShown(random, person, BY_CARD.has(tender) && readsTokens(store, at)),
    order: visit.order ?? null,
    reason: visit.reason,
    readUp: null,
    isLate: at < LATE_BEFORE && random.chance(LATE_RECEIPTS),
  };
  plan.receipts.push(receipt);
  if (person.app && (lookedUpBefore > 0 || random.chance(0.5))) {
    const entered =
      at - lookedUpBefore - Math.floor(random.between(6, lookedUpBefore > 0 ? 20 : 38) * MINUTE);
    const leftAt = random.chance(0.8) ? at + Math.floor(random.between(1, 9) * MINUTE) : null;
    plan.visits.push({
      id: random.uuid(),
      at: entered,
      leftAt,
      store,
      person,
      purpose: 'purchase',
      document: receipt,
    });
  }
  return receipt;
}

/** Mostly the store around the corner. */
export function drawStore({ person, random }: Scene): DemoStore {
  if (random.chance(0.92)) return person.store;
  return random.pick(STORES.filter((store) => store.country === person.store.country));
}

/** A purchase in a store as soon after `earliest` as the person gets there; null beyond the calendar. */
export function buyInStore(
  scene: Scene,
  earliest: number,
  wanted: Wanted[],
  className: 'ropo' | 'store' | 'in_aisle',
  reason: Reason,
  lookedUpBefore = 0,
): PlannedReceipt | null {
  const store = drawStore(scene);
  const at = drawTillTime(scene.random, store, earliest);
  if (at === null) return null;
  const lines = fillBasket(scene, wanted);
  addTillLines(scene, lines);
  return payAtTill(scene, { at, store, lines, className, reason, lookedUpBefore });
}

/** What is picked up: the order's goods, without its shipping. */
function collect(scene: Scene, order: PlannedOrder): void {
  const { random } = scene;
  const store = scene.person.store;
  const at = drawTillTime(random, store, order.at + (4 + random.exponential(30)) * HOUR);
  if (at === null) return;
  if (order.fulfilment === 'reserve_and_collect') {
    // One in six is never fetched: the order stays, money never comes.
    if (random.chance(0.17)) return;
    payAtTill(scene, {
      at,
      store,
      lines: order.lines,
      className: 'reserve_and_collect',
      reason: order.reason,
      order,
    });
  } else {
    payAtTill(scene, {
      at,
      store,
      lines: order.lines,
      className: 'click_and_collect',
      reason: order.reason,
      order,
      tender: 'prepaid',
    });
  }
}

/** A visit that ends in an order, and the pick-up that may follow. Null when it falls beyond the calendar. */
export function buyOnWeb(
  scene: Scene,
  at: number,
  entry: Campaign,
  wanted: Wanted[],
  reasonFor: (visit: Session) => Reason,
): PlannedOrder | null {
  if (at >= LAST_VISIT) return null;
  const { person, random, plan } = scene;
  const lines = fillBasket(scene, wanted);
  const goods = lines.reduce((sum, line) => sum + line.cents, 0);
  const nearStore = person.persona.name !== 'web_only';
  const fulfilment = (['ship', 'click_and_collect', 'reserve_and_collect'] as const)[
    random.weighted(nearStore ? [62, 24, 14] : [94, 5, 1])
  ]!;
  if (fulfilment === 'ship' && goods < FREE_SHIPPING_FROM) lines.push(otherLine('shipping', SHIPPING));
  const order: PlannedOrder = {
    id: `W${random.hex(10).toUpperCase()}`,
    at,
    person,
    fulfilment,
    lines,
    reason: NO_REASON,
    showroom: null,
  };
  const skus = lines.flatMap((line) => (line.sku ? [line.sku] : []));
  const intents: Intent[] = walkTo(random, entry, skus.slice(0, 2));
  for (const sku of skus) intents.push({ kind: 'add', sku });
  intents.push({ kind: 'checkout', order }, { kind: 'order', order });
  const session = visitWeb(scene, at, entry, intents, drawDevice(scene, entry, true));
  order.at = session.steps.at(-1)!.at;
  order.reason = reasonFor(session);
  plan.orders.push(order);
  if (fulfilment !== 'ship') collect(scene, order);
  return order;
}
