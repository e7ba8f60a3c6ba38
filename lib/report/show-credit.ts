import type { Explanation } from '../pipeline/explanation.ts';
import { moneyText } from './money-text.ts';
import { printable, textTable } from './text-table.ts';

/** As many models side by side as a screen holds. */
const ACROSS = 4;

/** Touchpoints down, models across: each share with what it was credited, and in brackets what returns took of it. */
export function creditTables({ models, timeline, document }: Explanation): string[] {
  const touchpoints = new Map(models.flatMap((model) => model.touchpoints.map((one) => [one.position, one])));
  const positions = [...touchpoints.keys()].sort((a, b) => a - b);
  const localAt = new Map(timeline.happenings.map((one) => [one.position, one.local_at]));
  const tables: string[] = [];
  for (let first = 0; first < models.length; first += ACROSS) {
    const some = models.slice(first, first + ACROSS);
    const cells = some.map((model) => new Map(model.touchpoints.map((one) => [one.position, one])));
    const rows = positions.map((position) => {
      const { channel, campaign, touched_at } = touchpoints.get(position)!;
      return [
        String(position),
        localAt.get(position) ?? touched_at,
        printable(campaign === '(not set)' ? channel : `${channel} / ${campaign}`, 40),
        ...cells.map((model) => {
          const one = model.get(position);
          if (!one) return '-';
          return `${(one.share * 100).toFixed(1)}%  ${creditText(one.credited_minor, one.taken_back_minor, document.currency)}`;
        }),
      ];
    });
    const sums = some.map((model) =>
      creditText(model.credited_minor, model.taken_back_minor, document.currency),
    );
    tables.push(
      textTable(
        [
          { title: 'Step', align: 'right' },
          { title: 'When', align: 'left' },
          { title: 'Channel', align: 'left' },
          ...some.map(({ model }) => ({ title: model, align: 'right' as const })),
        ],
        [...rows, ['', '', `all, ${document.currency}`, ...sums]],
      ),
    );
  }
  return tables.flatMap((table, at) => (at === 0 ? [table] : ['', table]));
}

function creditText(credited: number, takenBack: number, currency: string): string {
  const taken = takenBack === 0 ? '' : ` (${moneyText(takenBack, currency, false)})`;
  return `${moneyText(credited, currency, false)}${taken}`;
}
