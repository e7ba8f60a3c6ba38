import { addDecimals, type Decimal, splitByLargestRemainder } from '../domain/money.ts';
import { decimalOf, decimalText } from './decimal-text.ts';
import { type Reward, rewardsOf } from './poslog-rewards.ts';
import { attributeOf, childOf, childrenOf, textAt, type XmlNode } from './xml-node.ts';

/** A line of a receipt, in the words of the contract. */
export type ReceiptLine = Partial<
  Record<'line_no' | 'line_kind' | 'sku' | 'category' | 'quantity' | 'tax' | 'original_receipt_id', string>
> & { amount: string };

/** Far above what a till prints: a contract takes 5,000 lines, and rewards and messages are line items too. */
const MAX_LINE_ITEMS = 50_000;
/** Every tax is split over the lines: 100 taxes of 5,000 lines. */
const MAX_TAX_SHARES = 500_000;

interface Item {
  node: XmlNode;
  lineNo: string | undefined;
  kind: string;
  sku: string | undefined;
  /** A void may stand for the voided line itself, or take back an earlier line that is still listed. */
  voids: 'nothing' | 'itself' | 'earlier line';
  quantity: Decimal;
  amount: Decimal;
}

/** Types of item that are no merchandise; every other one is. */
const KIND_OF_TYPE = new Map([
  ['deposit', 'deposit'],
  ['giftcertificate', 'gift_card'],
  ['giftcard', 'gift_card'],
  ['storedvalue', 'gift_card'],
  ['service', 'service'],
  ['fee', 'service'],
  ['donation', 'donation'],
]);

/**
 * The lines of a retail transaction such that amounts and taxes add up to its grand total: extended amounts, less the
 * rewards on them, and the tax of the receipt on the lines that are taxable. Or the reason why there are none.
 */
export function linesOf(retail: XmlNode): ReceiptLine[] | string {
  const items: Item[] = [];
  const lineItems = childrenOf(retail, 'LineItem');
  if (lineItems.length > MAX_LINE_ITEMS) {
    return `too_many_lines: ${lineItems.length} line items; at most ${MAX_LINE_ITEMS} are read`;
  }
  for (const lineItem of lineItems) {
    for (const name of ['Sale', 'Return']) {
      for (const node of childrenOf(lineItem, name)) {
        const item = itemOf(lineItem, node, name === 'Return');
        if (typeof item === 'string') return item;
        items.push(item);
      }
    }
  }
  const kept = withoutVoids(items);
  const discounts = applyRewards(rewardsOf(retail), kept);
  const taxes = taxesOf(retail, kept);
  if (typeof taxes === 'string') return taxes;
  return [...kept.map((item, index) => lineOf(item, taxes[index])), ...discounts];
}

/**
 * Takes rewards off the items they were given on. One that names no item, or takes off more than its item comes to,
 * is a line of its own.
 */
function applyRewards(rewards: Reward[], items: Item[]): ReceiptLine[] {
  const place = (operatorSequence = '', sku = '') => `${operatorSequence}/${sku}`;
  const byPlace = new Map(
    items.map((item) => [place(textAt(item.node, 'OperatorSequence'), item.sku), item]),
  );
  const discounts: ReceiptLine[] = [];
  for (const { operatorSequence, sku, amount, lineNo } of rewards) {
    const item = byPlace.get(place(operatorSequence, sku));
    const net = item === undefined ? null : addDecimals([item.amount, amount]);
    if (item !== undefined && net !== null && net.digits >= 0n) item.amount = net;
    else {
      const line = { line_kind: 'discount', amount: decimalText(amount) };
      discounts.push(lineNo === undefined ? line : { line_no: lineNo, ...line });
    }
  }
  return discounts;
}

function itemOf(lineItem: XmlNode, node: XmlNode, isReturn: boolean): Item | string {
  const lineNo = textAt(lineItem, 'SequenceNumber');
  const amount = decimalOf(textAt(node, 'ExtendedAmount'));
  const quantity = decimalOf(textAt(node, 'Quantity') ?? '1');
  if (amount === null || quantity === null) {
    return `bad_number: ExtendedAmount or Quantity of line ${lineNo ?? 'without number'} is no number`;
  }
  const isVoid = attributeOf(lineItem, 'VoidFlag')?.toLowerCase() === 'true';
  const type = attributeOf(node, 'ItemType')?.toLowerCase().replace(/^.*:/, '') ?? '';
  const isBack = !isVoid && (isReturn || amount.digits < 0n);
  const known = KIND_OF_TYPE.get(type);
  return {
    node,
    lineNo,
    kind: known ?? (isBack ? 'return' : 'sale'),
    sku: textAt(node, 'POSIdentity', 'POSItemID') ?? textAt(node, 'ItemID'),
    voids: !isVoid ? 'nothing' : isReturn === signOf(amount, quantity) > 0n ? 'earlier line' : 'itself',
    // A return is written with either sign, by dialect; here what goes back is negative.
    quantity: isBack ? { ...quantity, digits: -magnitude(quantity.digits) } : quantity,
    amount: isBack ? { ...amount, digits: -magnitude(amount.digits) } : amount,
  };
}

/** The sign of a line; of a line that costs nothing, its quantity's. */
const signOf = (amount: Decimal, quantity: Decimal) => amount.digits || quantity.digits;

const magnitude = (digits: bigint) => (digits < 0n ? -digits : digits);

/**
 * Takes voided lines out. A void with the sign of its kind is the voided line itself. One with the other sign takes
 * back an earlier line: both go. Where that line is not found, the void stays as what its sign says, for the total
 * counts it.
 */
function withoutVoids(items: Item[]): Item[] {
  const kept: (Item | null)[] = [];
  const places = new Map<string, number[]>();
  const keep = (item: Item) => {
    const key = placeKey(item, 1n);
    const equal = places.get(key);
    if (equal) equal.push(kept.length);
    else places.set(key, [kept.length]);
    kept.push(item);
  };
  for (const item of items) {
    if (item.voids === 'nothing') keep(item);
    if (item.voids !== 'earlier line') continue;
    const voided = places.get(placeKey(item, -1n))?.pop();
    if (voided !== undefined) kept[voided] = null;
    else keep({ ...item, kind: signOf(item.amount, item.quantity) < 0n ? 'return' : 'sale' });
  }
  return kept.filter((item) => item !== null);
}

/** What an item and the void that takes it back have in common: the SKU, and amount and quantity but for their signs. */
function placeKey({ sku, amount, quantity }: Item, sign: bigint): string {
  return JSON.stringify([sku, plain(amount, sign), plain(quantity, sign)]);
}

/** A decimal as text that is the same for equal numbers, however many zeros they end in. */
function plain({ digits, scale }: Decimal, sign: bigint): string {
  const text = decimalText({ digits: digits * sign, scale });
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/**
 * The tax of each line. Tills of this dialect state a tax once, for all lines that are marked with its id; it is
 * split over them by amount, to the last cent. Tax is on top of the amounts.
 */
function taxesOf(retail: XmlNode, items: Item[]): (Decimal | undefined)[] | string {
  const taxes: (Decimal | undefined)[] = items.map(() => undefined);
  let shares = 0;
  for (const lineItem of childrenOf(retail, 'LineItem')) {
    for (const tax of childrenOf(lineItem, 'Tax')) {
      shares += items.length;
      if (shares > MAX_TAX_SHARES)
        return `too_many_taxes: more than ${MAX_TAX_SHARES} shares of taxes in lines`;
      const amount = decimalOf(textAt(tax, 'Amount'));
      if (amount === null) return 'bad_number: Amount of a Tax is no number';
      if (items.length === 0) return 'no_taxed_line: the receipt has a tax and no line';
      const mark = `Tax${attributeOf(tax, 'TaxID') ?? ''}`;
      const parts = splitByLargestRemainder(amount.digits, weightsOf(items, mark));
      for (const [index, digits] of parts.entries()) {
        if (digits === 0n) continue;
        taxes[index] = addDecimals([
          taxes[index] ?? { digits: 0n, scale: 0 },
          { digits, scale: amount.scale },
        ]);
      }
    }
  }
  return taxes;
}

/** By amount over the lines that are marked; over all lines where none is; evenly where no line has an amount. */
function weightsOf(items: Item[], mark: string): bigint[] {
  const scale = Math.max(...items.map((item) => item.amount.scale));
  const sizes = items.map(({ amount }) => magnitude(amount.digits) * 10n ** BigInt(scale - amount.scale));
  const marked = sizes.map((size, index) =>
    attributeOf(childOf(items[index]!.node, 'Itemizers'), mark) === 'true' ? size : 0n,
  );
  for (const weights of [marked, sizes]) if (weights.some((weight) => weight > 0n)) return weights;
  return sizes.map(() => 1n);
}

function lineOf(item: Item, tax: Decimal | undefined): ReceiptLine {
  const hierarchy = childOf(item.node, 'MerchandiseHierarchy');
  const line = {
    line_no: item.lineNo,
    line_kind: item.kind,
    sku: item.sku,
    category: attributeOf(hierarchy, 'DepartmentDescription') ?? textAt(hierarchy),
    quantity: decimalText(item.quantity),
    tax: tax === undefined ? undefined : decimalText(tax),
    original_receipt_id: textAt(item.node, 'TransactionLink', 'SequenceNumber'),
  };
  const said = Object.fromEntries(Object.entries(line).filter(([, field]) => field !== undefined));
  return { ...said, amount: decimalText(item.amount) };
}
