import { saleLine } from './baskets.ts';
import type { Scene } from './browsing.ts';
import { payAtTill } from './buying.ts';
import { awake, CALENDAR_END, DAY } from './calendar.ts';
import { drawSku } from './catalogue.ts';
import {
  NO_REASON,
  type PlannedLine,
  type PlannedOrder,
  type PlannedReceipt,
  type Returned,
} from './plan.ts';
import type { Random } from './random.ts';
import { type DemoStore, drawTillTime, STORES } from './stores.ts';

const RETURN_RATE = 0.075;
const REFUND_RATE = 0.1;
/** Of what comes back: to another store, with its receipt, long after the usual time, more pieces than were bought. */
const ELSEWHERE = 0.22;
const WITH_RECEIPT = 0.7;
const LATE = 0.09;
const TOO_MUCH = 0.015;
/** Shipped orders that come back to a store instead of by post. */
const TO_STORE = 0.35;

/** Goods that come back to a till: often the same store, sometimes without the receipt, sometimes for an exchange. */
export function returnGoods(scene: Scene, bought: readonly PlannedReceipt[]): void {
  const { random } = scene;
  for (const receipt of bought) {
    const line = receipt.lines.find((one) => one.sku !== null && one.cents > 0);
    if (!line?.sku || receipt.order || !random.chance(RETURN_RATE)) continue;
    const store = random.chance(ELSEWHERE) ? anotherStore(random, receipt.store) : receipt.store;
    const at = drawTillTime(random, store, receipt.at + (0.5 + drawWait(random, 6)) * DAY);
    if (at === null) continue;
    const isTooMuch = random.chance(TOO_MUCH);
    const quantity = isTooMuch
      ? line.quantity + 1
      : line.quantity > 1 && random.chance(0.5)
        ? 1
        : line.quantity;
    const returned: Returned = { from: receipt, isStated: random.chance(WITH_RECEIPT), isTooMuch };
    const lines = [returnLine(line, quantity, returned)];
    if (random.chance(0.25)) {
      const instead = random.pick(line.sku.product.skus);
      lines.push(saleLine(instead, 1, instead.price));
    } else if (random.chance(0.1)) {
      const other = drawSku(random, line.sku.product.category, line.sku.product);
      lines.push(saleLine(other, 1, other.price));
    }
    payAtTill(scene, { at, store, lines, className: 'return', reason: NO_REASON });
  }
}

/** What goes back of a line, at the price it was bought for. */
const returnLine = (line: PlannedLine, quantity: number, returned: Returned): PlannedLine => ({
  kind: 'return',
  sku: line.sku,
  quantity: -quantity,
  cents: -Math.round((line.cents * quantity) / line.quantity),
  researched: null,
  returned,
});

/** Days, mostly few; now and then months. */
const drawWait = (random: Random, mean: number): number =>
  random.chance(LATE) ? random.between(35, 95) : random.exponential(mean);

const anotherStore = (random: Random, from: DemoStore): DemoStore =>
  random.pick(STORES.filter((store) => store.country === from.country && store !== from));

/** Money back for what was shipped: by post, or where the person lives near a store, over its counter. */
export function refundOrders(scene: Scene, orders: readonly PlannedOrder[]): void {
  const { person, random } = scene;
  for (const order of orders) {
    if (order.fulfilment !== 'ship' || !random.chance(REFUND_RATE)) continue;
    if (person.persona.name !== 'web_only' && random.chance(TO_STORE)) bringBack(scene, order);
    else sendBack(scene, order);
  }
}

/** Goods of a web order that come back to a till, with the number of the order or without. */
function bringBack(scene: Scene, order: PlannedOrder): void {
  const { random } = scene;
  const { store } = scene.person;
  const at = drawTillTime(random, store, order.at + (3 + drawWait(random, 8)) * DAY);
  if (at === null) return;
  const isStated = random.chance(WITH_RECEIPT);
  const goods = order.lines.filter((line) => line.kind === 'sale');
  const lines = goods
    .slice(0, 1 + random.int(goods.length))
    .map((line) => returnLine(line, line.quantity, { from: order, isStated, isTooMuch: false }));
  const className = 'return';
  payAtTill(scene, { at, store, lines, className, reason: NO_REASON, ...(isStated ? { order } : {}) });
}

/** Money back for the whole order, some of its lines, or an amount. */
function sendBack({ random, plan }: Scene, order: PlannedOrder): void {
  const at = Math.floor(awake(random, order.at + (4 + random.exponential(7)) * DAY, 'Europe/Rome'));
  if (at >= CALENDAR_END) return;
  const goods = order.lines.filter((line) => line.kind === 'sale');
  const isWhole = random.chance(0.4);
  plan.refunds.push({
    id: `R${random.hex(10).toUpperCase()}`,
    at,
    order,
    lines: isWhole ? null : goods.slice(0, 1 + random.int(goods.length)),
    asAmount: !isWhole && random.chance(0.25),
  });
}
