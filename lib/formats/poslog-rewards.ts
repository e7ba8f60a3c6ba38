import type { Decimal } from '../domain/money.ts';
import { decimalOf } from './decimal-text.ts';
import { attributeOf, childrenOf, textAt, type XmlNode } from './xml-node.ts';

/** Money off, as a negative amount, and the item that it came off where the till says so. */
export interface Reward {
  lineNo: string | undefined;
  operatorSequence: string | undefined;
  sku: string | undefined;
  amount: Decimal;
}

/**
 * The monetary rewards of a retail transaction. A reward on the whole transaction is listed twice: once per item
 * (`detailedData`) and once as their sum (`summarizedActivity` alone). The items are taken; the sum only where a
 * promotion has none.
 */
export function rewardsOf(retail: XmlNode): Reward[] {
  const detailed: Reward[] = [];
  const sums = new Map<string, Reward[]>();
  const detailedPromotions = new Set<string>();
  for (const lineItem of childrenOf(retail, 'LineItem')) {
    for (const node of childrenOf(lineItem, 'LoyaltyReward')) {
      const amount = decimalOf(textAt(node, 'ExtendedRewardAmount'));
      if (textAt(node, 'RewardCategory') !== 'Monetary' || amount === null || amount.digits === 0n) continue;
      const basis = childrenOf(node, 'RewardBasis')[0] ?? {};
      const reward = {
        lineNo: textAt(lineItem, 'SequenceNumber'),
        operatorSequence: textAt(node, 'OperatorSequenceReference'),
        sku: textAt(basis, 'POSIdentity', 'POSItemID') ?? textAt(basis, 'ItemID'),
        amount,
      };
      const promotion = `${textAt(node, 'PromotionID') ?? ''}/${textAt(node, 'EventID') ?? ''}`;
      const isSum =
        attributeOf(node, 'summarizedActivity') === 'true' && attributeOf(node, 'detailedData') !== 'true';
      if (isSum) {
        sums.set(promotion, [...(sums.get(promotion) ?? []), reward]);
      } else {
        detailed.push(reward);
        detailedPromotions.add(promotion);
      }
    }
  }
  const alone = [...sums].filter(([promotion]) => !detailedPromotions.has(promotion));
  return [...detailed, ...alone.flatMap(([, rewards]) => rewards)];
}
