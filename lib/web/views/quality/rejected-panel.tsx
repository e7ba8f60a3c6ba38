import { KpiTable } from '../../parts/kpi-table.tsx';
import { Panel } from '../../parts/panel.tsx';
import { useKpi } from '../../use-kpi.ts';
import { useWords } from '../../words/language.ts';
import { qualityWords, termOf } from '../../words/quality.ts';

const SET_ASIDE = /^set_aside_/;

/** What was refused, and what came in, by kind. */
export function RejectedPanel() {
  const words = useWords(qualityWords);
  const asked = useKpi('data-quality', { by: 'measure', compare: false, period: null });
  const ofPeriod = useKpi('data-quality', { by: 'measure', compare: false });
  return (
    <Panel
      id="rejected"
      title={words.rejected}
      lead={words.rejectedLead}
      asked={asked}
      also={[ofPeriod]}
      width="half"
      height={360}
    >
      {(answer, rows) => {
        const refused = rows.filter(({ label }) => SET_ASIDE.test(String(label)));
        const taken = ofPeriod.rows.filter(({ label }) => !SET_ASIDE.test(String(label)));
        return (
          <>
            {refused.length === 0 ? (
              <p class="good">
                <span aria-hidden="true">✓</span> {words.rejectedNone}
              </p>
            ) : (
              <KpiTable
                answer={answer}
                rows={refused}
                caption={words.rejected}
                columns={['label', 'records']}
                titles={{ label: words.reason, records: words.records }}
                cells={{ label: (row) => termOf(words.setAside, String(row.label).replace(SET_ASIDE, '')) }}
                sortedBy={{ column: 'records', descending: true }}
              />
            )}
            <h3>{words.volumes}</h3>
            <KpiTable
              answer={answer}
              rows={taken}
              caption={words.volumes}
              columns={['label', 'records']}
              titles={{ label: words.bucket, records: words.records }}
              cells={{ label: (row) => termOf(words.measures, row.label) }}
            />
          </>
        );
      }}
    </Panel>
  );
}
