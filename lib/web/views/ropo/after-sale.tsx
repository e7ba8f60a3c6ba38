import { pairedPoints } from '../../charts/paired-points.ts';
import { useFigures } from '../../figures.ts';
import { Chart } from '../../parts/chart.tsx';
import { KpiTable } from '../../parts/kpi-table.tsx';
import { Panel } from '../../parts/panel.tsx';
import { useKpi } from '../../use-kpi.ts';
import { term } from '../../words/api-terms.ts';
import { useLanguage, useWords } from '../../words/language.ts';
import { ropoWords } from '../../words/ropo.ts';
import { numberIn, textIn } from '../cells.ts';
import { type Option, Tabs, useChoice } from '../choice.tsx';

/** Returns by the day of the purchase beside returns by the day of the return. */
export function ReturnsPanel() {
  const words = useWords(ropoWords);
  const figures = useFigures();
  const language = useLanguage();
  const options: Option[] = Object.entries(words.returnsBy).map(([value, title]) => ({ value, title }));
  const by = useChoice('returns_by', options);
  const asked = useKpi('returns', { by, compare: false });
  return (
    <Panel id="returns" title={words.returnsTitle} lead={words.returnsHint} asked={asked} height={320}>
      {(answer, rows) => {
        const currency = textIn(rows[0], 'currency');
        const write = (value: number) => figures.money(value, currency, { short: true });
        const points = rows.map((row) => {
          const ring = -(numberIn(row, 'returned_by_purchase_date') ?? 0);
          const square = -(numberIn(row, 'returned_by_return_date') ?? 0);
          const name = figures.moment(term(textIn(row, 'label'), language));
          const tip = `${name}\n${words.byPurchase}: ${write(ring)}\n${words.byReturn}: ${write(square)}`;
          return { name, ring, square, tip };
        });
        const table = (
          <KpiTable
            answer={answer}
            rows={rows}
            caption={words.returnsTitle}
            columns={[
              'label',
              'sold',
              'returned_by_purchase_date',
              'returned_by_return_date',
              'net_by_purchase_date',
              'net_by_return_date',
              'return_rate',
              'orphaned',
            ]}
            cells={{ label: (row) => figures.moment(term(textIn(row, 'label'), language)) }}
          />
        );
        return (
          <>
            <Tabs name="returns_by" label={words.groupedBy} options={options} />
            {by === 'month' || by === 'week' ? (
              <Chart
                title={words.returnsTitle}
                description={words.returnsHint}
                height={280}
                reads={[rows, figures]}
                draw={(look) =>
                  pairedPoints(
                    look,
                    points,
                    { ring: words.byPurchase, square: words.byReturn, label: '' },
                    write,
                  )
                }
                table={table}
              />
            ) : (
              table
            )}
          </>
        );
      }}
    </Panel>
  );
}

export function CollectedPanel() {
  const words = useWords(ropoWords);
  const language = useLanguage();
  const asked = useKpi('collected-orders', { by: 'purchase_class', compare: false });
  return (
    <Panel id="collected-orders" title={words.collectedTitle} asked={asked} height={160}>
      {(answer, rows) => (
        <KpiTable
          answer={answer}
          rows={rows}
          caption={words.collectedTitle}
          columns={[
            'label',
            'orders',
            'revenue',
            'collected_rate',
            'mean_pick_up_hours',
            'attached_revenue',
            'attach_rate',
            'store_returned',
            'store_return_share',
          ]}
          cells={{ label: (row) => term(textIn(row, 'label'), language) }}
        />
      )}
    </Panel>
  );
}
