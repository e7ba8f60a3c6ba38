import { hrefOf } from '../../address.ts';
import type { Row } from '../../figures.ts';
import { KpiTable } from '../../parts/kpi-table.tsx';
import { Panel } from '../../parts/panel.tsx';
import type { Asked } from '../../use-kpi.ts';
import { term } from '../../words/api-terms.ts';
import { channelsWords } from '../../words/channels.ts';
import { useLanguage, useWords } from '../../words/language.ts';
import { withheldOf } from './withheld.ts';

const COLUMNS = [
  'label',
  'revenue',
  'revenue_low',
  'revenue_high',
  'revenue_before',
  'conversions',
  'spend',
  'roas',
  'roas_low',
  'roas_high',
  'cpa',
  'margin',
  'margin_after_media',
];
const OF_SPEND = ['spend', 'roas', 'roas_low', 'roas_high', 'cpa'];

/** Every channel with all that is asked of it. */
export function ChannelTable({ channels }: { channels: Asked }) {
  const words = useWords(channelsWords);
  const language = useLanguage();
  const reason = (row: Row, column: string) =>
    term(withheldOf(row, column), language) || (OF_SPEND.includes(column) ? words.noneSpent : null);
  return (
    <Panel id="channels" title={words.table} lead={words.tableLead} asked={channels} height={480}>
      {(answer, rows) => (
        <>
          {rows.every((row) => row.revenue_low == null) && (
            <p class="note">
              {words.intervalsOfAllTime}{' '}
              <a href={hrefOf({ period: 'all', from: null, to: null })}>{words.seeAllTime}</a>
            </p>
          )}
          <KpiTable
            answer={answer}
            rows={rows}
            caption={words.table}
            columns={COLUMNS.filter((name) => rows.some((row) => row[name] != null))}
            reason={reason}
            sortedBy={{ column: 'revenue', descending: true }}
          />
        </>
      )}
    </Panel>
  );
}
