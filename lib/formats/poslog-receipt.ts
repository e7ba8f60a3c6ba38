import { linesOf } from './poslog-lines.ts';
import { attributeOf, childOf, childrenOf, textAt, type XmlNode } from './xml-node.ts';

/** Transactions in these states took no money, or gave it back. */
const NO_SALE = new Set(['voided', 'postvoided', 'canceled', 'cancelled', 'suspended', 'aborted', 'failed']);

/**
 * A `Transaction` element as a `receipts` record; null for what is no receipt, or the reason why it cannot be read.
 * Its time is the till's own and has no offset: the store's zone gives it one.
 */
export function receiptOf(transaction: XmlNode): Record<string, unknown> | string | null {
  const retail = childrenOf(transaction, 'RetailTransaction')[0];
  if (retail === undefined || isNoSale(transaction, retail)) return null;
  const lines = linesOf(retail);
  if (typeof lines === 'string') return lines;
  const receipt = {
    receipt_id: textAt(transaction, 'SequenceNumber'),
    store_id: textAt(transaction, 'RetailStoreID') ?? textAt(transaction, 'BusinessUnit', 'UnitID'),
    till_id: textAt(transaction, 'WorkstationID'),
    business_date: textAt(transaction, 'BusinessDayDate'),
    occurred_at: textAt(retail, 'ReceiptDateTime') ?? textAt(transaction, 'EndDateTime'),
    currency: textAt(transaction, 'CurrencyCode'),
    total: totalOf(retail, 'TransactionGrandAmount'),
    tax_included: lines.some((line) => line.tax !== undefined) ? false : undefined,
    tender: tenderOf(retail),
    payment_token: paymentTokenOf(retail),
    loyalty_id: loyaltyOf(retail),
    original_receipt_id: returnedReceipt(retail),
    lines,
  };
  return Object.fromEntries(Object.entries(receipt).filter(([, field]) => field !== undefined));
}

function isNoSale(transaction: XmlNode, retail: XmlNode): boolean {
  const isSet = (name: string) => attributeOf(transaction, name)?.toLowerCase() === 'true';
  const status = attributeOf(retail, 'TransactionStatus') ?? attributeOf(transaction, 'TransactionStatus');
  return isSet('CancelFlag') || isSet('TrainingModeFlag') || NO_SALE.has(status?.toLowerCase() ?? '');
}

function totalOf(retail: XmlNode, type: string): string | undefined {
  const total = childrenOf(retail, 'Total').find((node) => attributeOf(node, 'TotalType') === type);
  return total === undefined ? undefined : textAt(total);
}

/** The types that money was taken with ("Cash+CreditDebit"); change and cash back are negative and no tender. */
function tenderOf(retail: XmlNode): string | undefined {
  const types = new Set<string>();
  for (const item of childrenOf(retail, 'LineItem')) {
    if (attributeOf(item, 'VoidFlag') === 'true') continue;
    for (const tender of childrenOf(item, 'Tender')) {
      const type = attributeOf(tender, 'TenderType');
      if (type !== undefined && Number(textAt(tender, 'Amount')) > 0) types.add(type);
    }
  }
  return types.size > 0 ? [...types].sort().join('+') : undefined;
}

/** Elements that tills put a provider's token into; `PrimaryAccountNumber` is the card's own number and is never read. */
const TOKENS = ['PaymentAccountReference', 'PaymentToken', 'TokenID', 'Token'];

/** The token of the card that paid, where there is one: with two cards, neither says who came. */
function paymentTokenOf(retail: XmlNode): string | undefined {
  const tokens = new Set<string>();
  for (const item of childrenOf(retail, 'LineItem')) {
    if (attributeOf(item, 'VoidFlag') === 'true') continue;
    for (const tender of childrenOf(item, 'Tender')) {
      const places = [childOf(tender, 'CreditDebit'), childOf(tender, 'Authorization'), tender];
      const found = TOKENS.flatMap((name) => places.map((place) => textAt(place, name)));
      const token = found.find((text) => text !== undefined);
      if (token !== undefined) tokens.add(token);
    }
  }
  return tokens.size === 1 ? [...tokens][0] : undefined;
}

/**
 * The membership number, without its leading zeros. `LoyaltyID` is what was keyed in or scanned to find it, which
 * may be a phone number, so it counts only where there is no membership number; a till that found nobody writes zeros.
 */
function loyaltyOf(retail: XmlNode): string | undefined {
  for (const item of childrenOf(retail, 'LineItem')) {
    const membership = childOf(item, 'LoyaltyMembership');
    for (const name of ['MembershipID', 'LoyaltyID']) {
      const number = textAt(membership, name)?.replace(/^0+/, '');
      if (number) return number;
    }
  }
  return undefined;
}

/** Links name other transactions for other reasons too, such as the one that this one resumes. */
function returnedReceipt(retail: XmlNode): string | undefined {
  const link = childrenOf(retail, 'TransactionLink').find(
    (node) => attributeOf(node, 'ReasonCode') === 'Return',
  );
  return link === undefined ? undefined : textAt(link, 'SequenceNumber');
}
