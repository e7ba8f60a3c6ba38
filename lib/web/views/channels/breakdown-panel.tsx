import type { Row } from '../../figures.ts';
import { KpiTable } from '../../parts/kpi-table.tsx';
import { Panel } from '../../parts/panel.tsx';
import { useKpi } from '../../use-kpi.ts';
import { term } from '../../words/api-terms.ts';
import { channelsWords } from '../../words/channels.ts';
import { useLanguage, useWords } from '../../words/language.ts';
import { Select, useChoice } from '../choice.tsx';
import { Before } from './before.tsx';
import { withheldOf } from './withheld.ts';

const GROUPINGS = [
  'campaign',
  'source_medium',
  'store',
  'region',
  'category',
  'product',
  'device',
  'persona',
  'customer_type',
  'month',
] as const;
const COLUMNS = [
  'label',
  'revenue',
  'revenue_low',
  'revenue_high',
  'revenue_before',
  'conversions',
  'conversions_low',
  'conversions_high',
  'roas',
  'roas_low',
  'roas_high',
  'cpa',
  'cpa_low',
  'cpa_high',
];

/** Credit by whatever the reader chooses, with its intervals. */
export function BreakdownPanel() {
  const words = useWords(channelsWords);
  const language = useLanguage();
  const options = GROUPINGS.map((value) => ({ value, title: words.groupings[value] }));
  const by = useChoice('credit_by', options);
  const groups = useKpi('attribution-intervals', { by, limit: 500 });
  const reason = (row: Row, column: string) => term(withheldOf(row, column), language);
  return (
    <Panel id="breakdown" title={words.breakdown} lead={words.breakdownLead} asked={groups} height={420}>
      {(answer, rows) => (
        <>
          <Select name="credit_by" label={words.breakdownBy} options={options} />
          <KpiTable
            answer={answer}
            rows={rows}
            caption={words.breakdown}
            columns={COLUMNS.filter((name) => rows.some((row) => row[name] != null))}
            cells={{ revenue_before: (row) => <Before row={row} /> }}
            reason={reason}
            {...(by === 'month' ? {} : { sortedBy: { column: 'revenue', descending: true } })}
          />
        </>
      )}
    </Panel>
  );
}
