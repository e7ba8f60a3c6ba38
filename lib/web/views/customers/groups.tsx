import { BarCell } from '../../charts/bar-cell.tsx';
import { intervalBars } from '../../charts/interval-bars.ts';
import { type Row, useFigures } from '../../figures.ts';
import { Chart } from '../../parts/chart.tsx';
import { KpiTable } from '../../parts/kpi-table.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Value } from '../../parts/value.tsx';
import { useKpi } from '../../use-kpi.ts';
import { term } from '../../words/api-terms.ts';
import { customersWords } from '../../words/customers.ts';
import { type Language, useLanguage, useWords } from '../../words/language.ts';
import { largest, numberIn, textIn } from '../cells.ts';

/** Expected margin of the next 12 months of each group, from the highest down. */
export function ValuePanel({ by }: { by: string }) {
  const words = useWords(customersWords);
  const figures = useFigures();
  const language = useLanguage();
  const asked = useKpi('customers', { by, compare: false });
  return (
    <Panel
      id="customer-value"
      title={words.valueTitle}
      lead={words.valueHint}
      asked={asked}
      height={260}
      width="half"
      needs={EACH}
    >
      {(answer, rows) => {
        const ordered = isInOrder(by)
          ? rows
          : rows.toSorted((a, b) => (numberIn(b, EACH) ?? -1) - (numberIn(a, EACH) ?? -1));
        const ranges = ordered.map((row) => {
          const value = numberIn(row, EACH);
          const all = numberIn(row, 'clv_12m');
          const write = (one: number) => figures.money(one, textIn(row, 'currency'), { short: true });
          const [low, high] = [numberIn(row, `${EACH}_low`), numberIn(row, `${EACH}_high`)];
          const name = figures.moment(term(textIn(row, 'label'), language));
          const short = value === null ? words.withheld : write(value);
          const more = all === null ? '' : words.inAll(write(all));
          const range = low === null || high === null ? '' : ` (${words.reach(write(low), write(high))})`;
          const end = [short, more].filter(Boolean).join(' · ');
          return { name, value, low, high, end, short, tip: `${name}: ${end}${range}` };
        });
        const reasons = withheldOf(rows, 'value', language);
        return (
          <>
            {ranges.some(({ value }) => value !== null) && (
              <Chart
                title={words.valueTitle}
                description={ranges.map(({ tip }) => tip).join('; ')}
                height={30 * ranges.length}
                reads={[rows, figures]}
                draw={(look) => intervalBars(look, ranges)}
                table={
                  <KpiTable
                    answer={answer}
                    rows={ordered}
                    caption={words.valueTitle}
                    columns={[
                      'label',
                      'customers',
                      EACH,
                      `${EACH}_low`,
                      `${EACH}_high`,
                      'clv_12m',
                      'clv_12m_low',
                      'clv_12m_high',
                      'expected_purchases_12m',
                    ]}
                    cells={{ label: (row) => figures.moment(term(textIn(row, 'label'), language)) }}
                    reason={(row) => term(textIn(row, 'withheld'), language)}
                  />
                }
              />
            )}
            {reasons.map((text) => (
              <p key={text} class="note">
                {words.withheldFor(text)}
              </p>
            ))}
          </>
        );
      }}
    </Panel>
  );
}

/** The measure that groups of different size can be compared by. */
const EACH = 'clv_12m_per_customer';

/** Why figures of one kind are not there: "value: ...; churn: ..." is said where it belongs. */
const withheldOf = (rows: readonly Row[], about: 'value' | 'churn', language: Language): string[] => [
  ...new Set(
    rows
      .flatMap((row) => textIn(row, 'withheld').split('; '))
      .filter((reason) => reason.startsWith(`${about}: `))
      .map((reason) => term(reason.slice(about.length + 2), language)),
  ),
];

/** Groups that have an order of their own are not ranked. */
const isInOrder = (by: string) => by === 'cohort' || by === 'channels_used';

/** Who is expected to come back. */
export function AlivePanel({ by }: { by: string }) {
  const words = useWords(customersWords);
  const figures = useFigures();
  const language = useLanguage();
  const asked = useKpi('customers', { by, compare: false });
  return (
    <Panel
      id="customer-churn"
      title={words.aliveTitle}
      lead={words.aliveHint}
      asked={asked}
      height={260}
      width="half"
    >
      {(answer, rows) => {
        const bars = rows.map((row) => {
          const value = numberIn(row, 'alive_share');
          const churned = numberIn(row, 'churned_share');
          const name = figures.moment(term(textIn(row, 'label'), language));
          const end = value === null ? words.withheld : figures.share(value);
          const lost = churned === null ? '' : `, ${words.churned}: ${figures.share(churned)}`;
          return { name, value, end, tip: `${name}: ${words.alive} ${end}${lost}` };
        });
        const withheld = withheldOf(rows, 'churn', language);
        return (
          <>
            <Chart
              title={words.aliveTitle}
              description={bars.map(({ tip }) => tip).join('; ')}
              height={30 * bars.length}
              reads={[rows, figures]}
              draw={(look) => intervalBars(look, bars)}
              table={
                <KpiTable
                  answer={answer}
                  rows={rows}
                  caption={words.aliveTitle}
                  columns={['label', 'customers', 'alive_share', 'churned_share']}
                  reason={(row) => term(textIn(row, 'withheld'), language)}
                />
              }
            />
            {withheld.map((text) => (
              <p key={text} class="note">
                {words.churnFor(text)}
              </p>
            ))}
          </>
        );
      }}
    </Panel>
  );
}

export function WhoPanel({ by }: { by: string }) {
  const words = useWords(customersWords);
  const figures = useFigures();
  const language = useLanguage();
  const asked = useKpi('customers', { by, compare: false });
  return (
    <Panel id="customer-groups" title={words.whoTitle} asked={asked} height={260}>
      {(answer, rows) => {
        const bar = (name: string, unit: 'count' | 'money') => (row: Row) => {
          const value = numberIn(row, name);
          return (
            <BarCell part={value === null ? null : value / largest(rows, name)}>
              <Value value={value} unit={unit} row={row} reason={term(textIn(row, 'withheld'), language)} />
            </BarCell>
          );
        };
        return (
          <KpiTable
            answer={answer}
            rows={rows}
            caption={words.whoTitle}
            columns={[
              'label',
              'customers',
              'purchases',
              'revenue',
              'revenue_per_customer',
              'margin',
              'margin_per_customer',
              'expected_purchases_12m',
              'clv_12m_per_customer',
            ]}
            cells={{
              label: (row) => figures.moment(term(textIn(row, 'label'), language)),
              customers: bar('customers', 'count'),
              margin_per_customer: bar('margin_per_customer', 'money'),
              clv_12m_per_customer: bar('clv_12m_per_customer', 'money'),
            }}
            reason={(row) => term(textIn(row, 'withheld'), language)}
          />
        );
      }}
    </Panel>
  );
}
