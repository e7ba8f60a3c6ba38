import { currencyExponent, parseDecimal, toMinor } from '../money.ts';

/** The cost table that a shop keeps: what one thing costs, and where in the margin cascade that counts. */

/** What a rate is multiplied with. Shares are of merchandise revenue: of what was sold, or of what was given back. */
export const RATE_OF = [
  'per_order',
  'per_line',
  'per_return',
  'per_contact',
  'per_pick_up',
  'per_month',
  'share_of_revenue',
  'share_of_returns',
] as const;

/** Where it counts: before CM1, CM2, CM4 or the result. Media cost, before CM3, is the shop's spend. */
export const COST_STAGES = ['cost_of_goods', 'variable', 'downstream', 'fixed'] as const;

const KINDS = ['order', 'click_and_collect', 'reserve_and_collect', 'receipt'];
const isShare = (what: string) => what.startsWith('share_of_');

/** Why a row of the cost table cannot be, or null. Cells by column; empty cells are ''. */
export function costRateProblem(cells: Readonly<Record<string, string>>): string | null {
  const { what = '', stage = '', amount = '', currency = '', channel = '', category = '' } = cells;
  const kind = cells.conversion_kind ?? '';
  if (!RATE_OF.some((one) => one === what)) return `what "${what}" must be one of ${RATE_OF.join(', ')}`;
  if (!COST_STAGES.some((one) => one === stage))
    return `stage "${stage}" must be one of ${COST_STAGES.join(', ')}`;
  if (kind !== '' && !KINDS.includes(kind))
    return `conversion_kind "${kind}" must be empty for all, or one of ${KINDS.join(', ')}`;
  if (amount === '') return 'amount is missing: leave the row out where the cost is not known';
  if (Number(amount) < 0) return `amount "${amount}" must be zero or more`;
  if (isShare(what) && Number(amount) > 1) return `amount "${amount}" must be a share from 0 to 1`;
  if (isShare(what) && currency !== '') return `currency "${currency}" must be empty: a share has none`;
  if (!isShare(what) && currencyExponent(currency) === null)
    return `currency "${currency}" is no ISO 4217 code`;
  if (!isShare(what) && rateMillionths(what, amount, currency) > 1e15)
    return `amount "${amount}" is more than a billion minor units`;
  if (stage === 'cost_of_goods' && what !== 'share_of_revenue')
    return `what "${what}" must be share_of_revenue: other cost of goods is the product's unit cost`;
  if (stage !== 'cost_of_goods' && category !== '')
    return `category "${category}" must be empty: only cost of goods is told by category`;
  if (stage === 'cost_of_goods' && (kind !== '' || channel !== ''))
    return 'conversion_kind and channel must be empty: cost of goods is told by category only';
  if ((stage === 'fixed') !== (what === 'per_month'))
    return `what "${what}" does not go with stage ${stage}: per_month is fixed, and nothing else is`;
  if (stage === 'fixed' && channel === '')
    return 'channel is missing: fixed cost that belongs to no channel is not part of its result';
  if (stage === 'fixed' && kind !== '') return `conversion_kind "${kind}" must be empty for fixed cost`;
  return null;
}

/** A rate in whole millionths: of a minor unit of its currency, or of one for shares. */
export function rateMillionths(what: string, amount: string | number, currency: string): number {
  const decimal = parseDecimal(amount);
  if (decimal === null) throw new RangeError(`Rate "${amount}" is no number`);
  return toMinor(decimal, 6 + (isShare(what) ? 0 : (currencyExponent(currency) ?? 2)));
}
