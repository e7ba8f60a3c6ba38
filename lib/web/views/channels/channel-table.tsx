import type { Row } from '../../figures.ts';
import { KpiTable } from '../../parts/kpi-table.tsx';
import { Panel } from '../../parts/panel.tsx';
import type { Asked } from '../../use-kpi.ts';
import { term } from '../../words/api-terms.ts';
import { channelsWords } from '../../words/channels.ts';
import { useLanguage, useWords } from '../../words/language.ts';
import { Before } from './before.tsx';
import { withheldOf } from './withheld.ts';

const COLUMNS = [
  'label',
  'revenue',
  'revenue_low',
  'revenue_high',
  'revenue_before',
  'conversions',
  'conversions_low',
  'conversions_high',
  'spend',
  'roas',
  'roas_low',
  'roas_high',
  'cpa',
  'cpa_low',
  'cpa_high',
  'margin',
  'margin_after_media',
];
const OF_SPEND = ['spend', 'roas', 'roas_low', 'roas_high', 'cpa', 'cpa_low', 'cpa_high'];

/** Every channel with all that is asked of it. */
export function ChannelTable({ channels }: { channels: Asked }) {
  const words = useWords(channelsWords);
  const language = useLanguage();
  const reason = (row: Row, column: string) =>
    term(withheldOf(row, column), language) || (OF_SPEND.includes(column) ? words.noneSpent : null);
  return (
    <Panel id="channels" title={words.table} lead={words.tableLead} asked={channels} height={480}>
      {(answer, rows) => (
        <KpiTable
          answer={answer}
          rows={rows}
          caption={words.table}
          columns={COLUMNS.filter((name) => rows.some((row) => row[name] != null))}
          cells={{ revenue_before: (row) => <Before row={row} /> }}
          reason={reason}
          sortedBy={{ column: 'revenue', descending: true }}
        />
      )}
    </Panel>
  );
}
