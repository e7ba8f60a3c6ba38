import { latestPurchases } from '../../domain/returns/latest-purchases.ts';
import {
  type GivenBack,
  type LineReturn,
  type SoldLine,
  spreadReturns,
} from '../../domain/returns/spread-returns.ts';
import type { ColumnArray } from '../../ports.ts';
import { type BuildStep, buildStep } from '../build-step.ts';
import { readFitting } from '../models/model-inputs.ts';

/** Which purchase a return belongs to that names none, and which lines of its purchase every return takes from. */

const DAY_SECONDS = 86_400;

const matchReturns = buildStep(
  'match_returns',
  ['settings', 'sku_movements'],
  [
    {
      name: 'sku_matches',
      folder: 'journeys',
      grain:
        "One row per return that names no purchase and found one: the person's latest earlier purchase of the SKU that was not wholly given back.",
      key: ['return_id'],
    },
  ],
  async (warehouse, make) => {
    const [settings] = await warehouse.query('SELECT return_match_days FROM settings');
    const rows = await readFitting(warehouse, 'sku_movements');
    const matched = latestPurchases(
      {
        goods: rows.goods_no as Int32Array,
        at: rows.moved_at_seconds as Float64Array,
        isPurchase: rows.is_purchase as Int32Array,
        purchase: rows.conversion_id as string[],
        quantity: rows.quantity as Float64Array,
      },
      Number(settings?.return_match_days) * DAY_SECONDS,
    );
    const returnIds = rows.return_id as string[];
    await make('sku_matches', {
      return_id: returnIds.filter((_, row) => matched[row] !== null),
      conversion_id: matched.filter((purchase) => purchase !== null),
    });
  },
);

const spreadOverLines = buildStep(
  'spread_returns',
  ['returns', 'returned_goods', 'sold_lines'],
  [
    {
      name: 'return_spreads',
      folder: 'journeys',
      grain: 'One row per return and line of its purchase that it takes something from, and how much.',
      key: ['return_id', 'line_id'],
    },
  ],
  async (warehouse, make) => {
    const given = await readFitting(warehouse, 'given_back');
    const lines = await readFitting(warehouse, 'lines_given_back');
    const returns = returnsOf(given);
    const spreads: LineReturn[] = [];
    let firstReturn = 0;
    const conversions = lines.conversion_id as string[];
    for (let row = 0; row < conversions.length; ) {
      const conversion = conversions[row]!;
      const sold: SoldLine[] = [];
      for (; conversions[row] === conversion; row++) {
        sold.push({
          line: (lines.line_id as string[])[row]!,
          sku: (lines.sku as string[])[row]!,
          minor: (lines.sold_minor as Float64Array)[row]!,
        });
      }
      let next = firstReturn;
      while (returns[next]?.conversion === conversion) next += 1;
      for (const spread of spreadReturns(sold, returns.slice(firstReturn, next))) spreads.push(spread);
      firstReturn = next;
    }
    await make('return_spreads', {
      return_id: spreads.map(({ id }) => id),
      line_id: spreads.map(({ line }) => line),
      line_minor: Float64Array.from(spreads, ({ minor }) => minor),
    });
  },
);

/** Returns with their goods, from rows that stand together by purchase and return. */
function returnsOf(rows: Record<string, ColumnArray>): (GivenBack & { conversion: string })[] {
  const returns: {
    conversion: string;
    id: string;
    minor: number;
    goods: { sku: string | null; minor: number }[];
  }[] = [];
  const ids = rows.return_id as string[];
  for (const [row, id] of ids.entries()) {
    if (row === 0 || id !== ids[row - 1]) {
      returns.push({
        conversion: (rows.conversion_id as string[])[row]!,
        id,
        minor: (rows.return_minor as Float64Array)[row]!,
        goods: [],
      });
    }
    returns.at(-1)!.goods.push({
      sku: (rows.sku as (string | null)[])[row]!,
      minor: (rows.goods_minor as Float64Array)[row]!,
    });
  }
  return returns;
}

export const returnSteps: readonly BuildStep[] = [matchReturns, spreadOverLines];
