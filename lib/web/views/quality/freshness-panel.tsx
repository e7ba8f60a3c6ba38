import { useFigures } from '../../figures.ts';
import { KpiTable } from '../../parts/kpi-table.tsx';
import { Panel } from '../../parts/panel.tsx';
import { useKpi } from '../../use-kpi.ts';
import { useWords } from '../../words/language.ts';
import { qualityWords, termOf } from '../../words/quality.ts';

const TONES: Readonly<Record<string, string>> = { fresh: 'good', late: 'warn', stopped: 'bad', never: '' };

/** When each source last delivered. */
export function FreshnessPanel() {
  const words = useWords(qualityWords);
  const figures = useFigures();
  const asked = useKpi('data-freshness');
  return (
    <Panel
      id="freshness"
      title={words.freshness}
      lead={words.freshnessLead}
      asked={asked}
      width="half"
      height={360}
    >
      {(answer, rows) => (
        <KpiTable
          answer={answer}
          rows={rows}
          caption={words.freshness}
          columns={['label', 'status', 'complete_through', 'last_at', 'records']}
          titles={{
            label: words.source,
            last_at: words.lastAt,
            complete_through: words.complete,
            status: words.status,
            records: words.records,
          }}
          cells={{
            label: (row) => termOf(words.sources, row.label),
            last_at: (row) => (row.last_at == null ? '–' : figures.instant(String(row.last_at))),
            complete_through: (row) =>
              row.complete_through == null ? '–' : figures.day(String(row.complete_through)),
            status: (row) => (
              <span class={`badge ${TONES[String(row.status)] ?? ''}`}>
                {termOf(words.statuses, row.status)}
              </span>
            ),
          }}
        />
      )}
    </Panel>
  );
}
