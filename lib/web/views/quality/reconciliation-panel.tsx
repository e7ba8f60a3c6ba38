import { useFigures } from '../../figures.ts';
import { Chart } from '../../parts/chart.tsx';
import { KpiTable } from '../../parts/kpi-table.tsx';
import { Panel } from '../../parts/panel.tsx';
import { useCurrency } from '../../shop.ts';
import { useKpi } from '../../use-kpi.ts';
import { useWords } from '../../words/language.ts';
import { qualityWords, termOf } from '../../words/quality.ts';
import { bucketOf, unaccounted } from './reconciled.ts';
import { StackedBar } from './stacked-bar.tsx';

const PARTS = ['attributed', 'unattributed', 'excluded'] as const;

/** Received revenue as a bar whose parts sum to it, and every part by reason. */
export function ReconciliationPanel() {
  const words = useWords(qualityWords);
  const figures = useFigures();
  const currency = useCurrency();
  const asked = useKpi('reconciliation', { by: 'all' });
  return (
    <Panel
      id="reconciliation"
      title={words.reconciliation}
      lead={words.reconciliationLead}
      asked={asked}
      height={460}
    >
      {(answer, rows) => {
        const money = (value: number) => figures.money(value, currency);
        const received = bucketOf(rows, 'received');
        const parts = PARTS.map((bucket) => ({
          name: termOf(words.buckets, bucket),
          value: bucketOf(rows, bucket),
        }));
        const rest = unaccounted(rows);
        const [attributed, unattributed, excluded] = parts.map(({ value }) => money(value));
        return (
          <>
            <p class="sum">
              {words.sums(money(received), parts.map(({ value }) => money(value)).join(' + '))}{' '}
              <span class={rest === 0 ? 'badge good' : 'badge bad'}>
                <span aria-hidden="true">{rest === 0 ? '✓' : '!'}</span>{' '}
                {rest === 0 ? words.adds : words.addsNot(money(rest))}
              </span>
            </p>
            <Chart
              title={words.reconciliation}
              description={words.reconciliationDescribe(
                money(received),
                attributed!,
                unattributed!,
                excluded!,
              )}
              height={74}
              reads={[rows, figures]}
            >
              {({ width }) => (
                <StackedBar
                  width={width}
                  parts={parts}
                  write={(value, share) =>
                    `${figures.money(value, currency, { short: true })} · ${figures.share(share)}`
                  }
                />
              )}
            </Chart>
            <KpiTable
              answer={answer}
              rows={rows}
              caption={words.reconciliation}
              columns={['bucket', 'label', 'revenue', 'records']}
              titles={{
                bucket: words.bucket,
                label: words.reason,
                revenue: words.amount,
                records: words.records,
              }}
              cells={{
                bucket: (row) => termOf(words.buckets, row.bucket),
                label: (row) => termOf(words.reasons, row.label),
              }}
            />
          </>
        );
      }}
    </Panel>
  );
}
