import { italianTexts } from './italian-texts.ts';
import type { Language } from './language.ts';

/** Names that are codes in an answer and words on the page. */
const ENGLISH: Readonly<Record<string, string>> = {
  click_and_collect: 'click and collect',
  reserve_and_collect: 'reserve and collect',
  order: 'shipped order',
  '(unattributed)': 'Not credited',
  '(all channels)': 'All channels',
  'Researched store revenue': 'Researched store revenue, chance included',
  '(purchase)': 'Purchase',
  '(no purchase)': 'No purchase',
  '(later steps)': 'Later steps',
  '11 and more': '11+',
  product_viewed: 'Product viewed',
  product_added: 'Put in the basket',
  checkout_started: 'Checkout begun',
  purchase: 'Purchase',
};

/**
 * A text of an answer's row in the reader's language: a step, a reason, a verdict. Names that a shop gave (channels,
 * stores, personas) are not among those known and stay as they are.
 */
export function term(text: string | number | null | undefined, language: Language): string {
  const own = String(text ?? '');
  return language === 'it' ? (italianTexts.get()?.(own) ?? own) : (ENGLISH[own] ?? own);
}
