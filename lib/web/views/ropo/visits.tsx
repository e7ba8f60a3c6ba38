import type { KpiAnswer } from '../../../pipeline/kpi-answer.ts';
import { BarCell } from '../../charts/bar-cell.tsx';
import { type Row, useFigures } from '../../figures.ts';
import { KpiTable } from '../../parts/kpi-table.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Tile } from '../../parts/tile.tsx';
import { Value } from '../../parts/value.tsx';
import { useKpi } from '../../use-kpi.ts';
import { term } from '../../words/api-terms.ts';
import { columnWords } from '../../words/kpi-words.ts';
import { useLanguage, useWords } from '../../words/language.ts';
import { ropoWords } from '../../words/ropo.ts';
import { numberIn, textIn } from '../cells.ts';

/** A figure of the only row of an answer, with its interval, by the KPI's own words. */
export function FigureTile({ answer, row, name }: { answer: KpiAnswer; row: Row | undefined; name: string }) {
  const language = useLanguage();
  const column = answer.columns.find((one) => one.name === name);
  if (!column) return null;
  const { title, definition } = columnWords(answer.kpi, column, language);
  const before = row && `${name}_before` in row ? { before: numberIn(row, `${name}_before`) } : {};
  const remark = textIn(row, 'remark') || textIn(row, 'verdict');
  return (
    <Tile
      title={title}
      definition={definition}
      value={numberIn(row, name)}
      unit={column.unit}
      currency={textIn(row, 'currency') || null}
      low={numberIn(row, `${name}_low`)}
      high={numberIn(row, `${name}_high`)}
      better="neither"
      {...before}
      {...(remark ? { reason: term(remark, language) } : {})}
    />
  );
}

/** What online research was worth in stores for each unit of online revenue. */
export function OnlineToStorePanel({ level }: { level: string }) {
  const words = useWords(ropoWords);
  const figures = useFigures();
  const asked = useKpi('online-to-store', { by: 'all', filters: { level } });
  return (
    <Panel id="online-to-store" title={words.o2sTitle} asked={asked} height={150} width="half">
      {(answer, rows) => {
        const factor = numberIn(rows[0], 'o2s_factor');
        const money = (value: number) => figures.money(value, textIn(rows[0], 'currency') || null);
        return (
          <>
            {factor !== null && <p class="says">{words.o2s(money(1), money(factor))}</p>}
            <div class="tiles">
              {['o2s_factor', 'ropo_revenue', 'online_revenue'].map((name) => (
                <FigureTile key={name} answer={answer} row={rows[0]} name={name} />
              ))}
            </div>
          </>
        );
      }}
    </Panel>
  );
}

/** Looked at in a store, bought online. */
export function ShowroomingPanel() {
  const words = useWords(ropoWords);
  const asked = useKpi('showrooming', { by: 'all' });
  return (
    <Panel id="showrooming" title={words.showroomingTitle} asked={asked} height={150} width="half">
      {(answer, rows) => (
        <div class="tiles">
          {[
            'showrooming_share',
            'showrooming_share_naive',
            'showrooming_share_chance',
            'compared_orders',
          ].map((name) => (
            <FigureTile key={name} answer={answer} row={rows[0]} name={name} />
          ))}
        </div>
      )}
    </Panel>
  );
}

export function VisitsPanel() {
  const words = useWords(ropoWords);
  const language = useLanguage();
  const asked = useKpi('store-visits', { by: 'store', compare: false });
  const bar = (name: string) => (row: Row) => (
    <BarCell part={numberIn(row, name)}>
      <Value value={row[name]} unit="share" reason={term(textIn(row, 'remark'), language)} />
    </BarCell>
  );
  return (
    <Panel id="store-visits" title={words.visitsTitle} asked={asked} height={300}>
      {(answer, rows) => (
        <KpiTable
          answer={answer}
          rows={rows}
          caption={words.visitsTitle}
          columns={[
            'label',
            'visits',
            'known_visits',
            'research_rate_naive',
            'research_rate_chance',
            'research_rate',
            'research_rate_low',
            'research_rate_high',
            'in_aisle_rate',
            'purchase_rate',
          ]}
          cells={{ research_rate: bar('research_rate'), purchase_rate: bar('purchase_rate') }}
          reason={(row) => term(textIn(row, 'remark'), language)}
        />
      )}
    </Panel>
  );
}
