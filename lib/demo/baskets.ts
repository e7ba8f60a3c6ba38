import type { Scene } from './browsing.ts';
import { drawCategory } from './browsing.ts';
import { type Cents, drawSku, type Sku } from './catalogue.ts';
import type { PlannedLine, Research } from './plan.ts';

/** Something to buy, and the research that led to it. */
export interface Wanted {
  sku: Sku;
  researched: Research | null;
}

const CHEAP: Cents = 3000;
const DEAR: Cents = 8000;

export const saleLine = (
  sku: Sku,
  quantity: number,
  cents: Cents,
  researched: Research | null = null,
): PlannedLine => ({
  kind: 'sale',
  sku,
  quantity,
  cents,
  researched,
  returned: null,
});

export const otherLine = (kind: PlannedLine['kind'], cents: Cents): PlannedLine => ({
  kind,
  sku: null,
  quantity: 1,
  cents,
  researched: null,
  returned: null,
});

function priced({ person, random }: Scene, { sku, researched }: Wanted): PlannedLine {
  const quantity = sku.price < CHEAP && random.chance(0.18) ? 2 + random.int(2) : 1;
  const off = random.chance(person.persona.markdown) ? random.pick([10, 15, 20, 30]) : 0;
  return saleLine(sku, quantity, Math.round((sku.price * (100 - off)) / 100) * quantity, researched);
}

/** What was wanted, with what else went into the basket: things of the same category, or of the person's taste. */
export function fillBasket(scene: Scene, wanted: Wanted[]): PlannedLine[] {
  const { person, random } = scene;
  const lines = wanted.map((one) => priced(scene, one));
  const extra = Math.min(6 - lines.length, random.poisson(person.persona.extraLines));
  const first = wanted[0]!.sku.product;
  for (let count = 0; count < extra; count++) {
    const category = random.chance(0.35) ? first.category : drawCategory(scene);
    let sku = drawSku(random, category, first);
    for (let tries = 0; sku.price > DEAR && tries < 3; tries++) sku = drawSku(random, category, first);
    if (!lines.some((line) => line.sku === sku)) lines.push(priced(scene, { sku, researched: null }));
  }
  return lines;
}

/** What only tills have: a reduction on the basket, gift cards, deposits, something for nothing. */
export function addTillLines({ random }: Scene, lines: PlannedLine[]): void {
  const worth = lines.reduce((sum, line) => sum + line.cents, 0);
  if (worth > 5000 && random.chance(0.07)) {
    lines.push(otherLine('discount', -Math.round((worth * random.pick([5, 10])) / 100)));
  }
  if (random.chance(0.018)) lines.push(otherLine('gift_card', random.pick([2500, 5000, 10000])));
  const bottled = lines.find(
    (line) => line.sku?.product.name === 'Gas stove' || line.sku?.product.name === 'Gas grill',
  );
  if (bottled || random.chance(0.004)) lines.push(otherLine('deposit', random.pick([1000, 2000])));
  const first = lines.find((line) => line.sku !== null);
  if (first?.sku && random.chance(0.012)) {
    const gift = drawSku(random, first.sku.product.category, first.sku.product);
    lines.push(saleLine(gift, 1, 0));
  }
}

export const FREE_SHIPPING_FROM: Cents = 4900;
export const SHIPPING: Cents = 490;
