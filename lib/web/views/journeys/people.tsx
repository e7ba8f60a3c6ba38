import { columns } from '../../charts/columns.ts';
import { HeatTable } from '../../charts/heat-table.tsx';
import { useFigures } from '../../figures.ts';
import { Chart } from '../../parts/chart.tsx';
import { KpiTable } from '../../parts/kpi-table.tsx';
import { Panel } from '../../parts/panel.tsx';
import { useKpi } from '../../use-kpi.ts';
import { term } from '../../words/api-terms.ts';
import { journeysWords } from '../../words/journeys.ts';
import { useLanguage, useWords } from '../../words/language.ts';
import { numberIn, textIn } from '../cells.ts';

/** What customers spend by the number of channels that they use. */
export function PerCustomerPanel() {
  const words = useWords(journeysWords);
  const figures = useFigures();
  const language = useLanguage();
  const asked = useKpi('channels-per-customer');
  return (
    <Panel
      id="channels-per-customer"
      title={words.perCustomerTitle}
      lead={words.perCustomerHint}
      asked={asked}
      height={260}
      width="half"
    >
      {(answer, rows) => {
        const bars = rows.map((row) => {
          const value = numberIn(row, 'sold_per_customer');
          const name = term(textIn(row, 'label'), language);
          const end =
            value === null
              ? term(textIn(row, 'withheld'), language)
              : figures.money(value, textIn(row, 'currency'), { short: true });
          const [low, high] = [
            numberIn(row, 'sold_per_customer_low'),
            numberIn(row, 'sold_per_customer_high'),
          ];
          const customers = figures.count(numberIn(row, 'customers') ?? 0);
          return { name, value, low, high, end, tip: `${name}: ${end} (${words.customers(customers)})` };
        });
        return (
          <Chart
            title={words.perCustomerTitle}
            description={bars.map(({ tip }) => tip).join('; ')}
            height={260}
            reads={[rows, figures]}
            draw={(look) => columns(look, bars, words.perCustomerAxis)}
            table={
              <KpiTable
                answer={answer}
                rows={rows}
                caption={words.perCustomerTitle}
                titles={{ label: words.perCustomerAxis }}
                reason={(row) => term(textIn(row, 'withheld'), language)}
              />
            }
          />
        );
      }}
    </Panel>
  );
}

/** Which channels reach the same people. */
export function OverlapPanel() {
  const words = useWords(journeysWords);
  const figures = useFigures();
  const language = useLanguage();
  const asked = useKpi('channel-overlap', { limit: 1000 });
  return (
    <Panel
      id="channel-overlap"
      title={words.overlapTitle}
      lead={words.overlapHint}
      asked={asked}
      height={320}
    >
      {(_, rows) => {
        const names = [
          ...new Set(rows.flatMap((row) => [textIn(row, 'label'), textIn(row, 'other_channel')])),
        ].sort();
        const byPair = new Map(rows.map((row) => [`${row.label}|${row.other_channel}`, row]));
        return (
          <HeatTable
            caption={words.overlapTitle}
            corner={words.overlapCorner}
            columns={names.map((name) => term(name, language))}
            rows={names.map((name) => ({
              name: term(name, language),
              cells: names.map((other) => {
                const row = byPair.get(`${name}|${other}`);
                const share = numberIn(row, 'share');
                if (name === other || share === null) return null;
                const people = figures.count(numberIn(row, 'people_both') ?? 0);
                return { strength: share, text: figures.share(share), tip: words.people(people) };
              }),
            }))}
          />
        );
      }}
    </Panel>
  );
}
