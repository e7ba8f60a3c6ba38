import { saleLine } from './baskets.ts';
import type { Scene } from './browsing.ts';
import { payAtTill } from './buying.ts';
import { awake, CALENDAR_END, DAY } from './calendar.ts';
import { drawSku } from './catalogue.ts';
import { NO_REASON, type PlannedLine, type PlannedOrder, type PlannedReceipt } from './plan.ts';
import { drawTillTime, STORES } from './stores.ts';

const RETURN_RATE = 0.075;
const REFUND_RATE = 0.1;

/** Goods that come back to a till: often the same store, sometimes without the receipt, sometimes for an exchange. */
export function returnGoods(scene: Scene, bought: readonly PlannedReceipt[]): void {
  const { random } = scene;
  for (const receipt of bought) {
    const line = receipt.lines.find((one) => one.sku !== null && one.cents > 0);
    if (!line?.sku || receipt.order || !random.chance(RETURN_RATE)) continue;
    const away = random.chance(0.22);
    const store = away
      ? random.pick(STORES.filter((one) => one.country === receipt.store.country))
      : receipt.store;
    const at = drawTillTime(random, store, receipt.at + (0.5 + random.exponential(6)) * DAY);
    if (at === null) continue;
    const quantity = line.quantity > 1 && random.chance(0.5) ? 1 : line.quantity;
    const knowsReceipt = random.chance(0.7);
    const lines: PlannedLine[] = [
      {
        kind: 'return',
        sku: line.sku,
        quantity: -quantity,
        cents: -Math.round((line.cents * quantity) / line.quantity),
        researched: null,
        original: knowsReceipt ? receipt : null,
      },
    ];
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

/** Money back for what was shipped: the whole order, some of its lines, or an amount. */
export function refundOrders({ random, plan }: Scene, orders: readonly PlannedOrder[]): void {
  for (const order of orders) {
    if (order.fulfilment !== 'ship' || !random.chance(REFUND_RATE)) continue;
    const at = Math.floor(awake(random, order.at + (4 + random.exponential(7)) * DAY, 'Europe/Rome'));
    if (at >= CALENDAR_END) continue;
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
}
