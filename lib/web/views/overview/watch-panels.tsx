import type { Unit } from '../../../domain/kpi.ts';
import { type Figures, type Row, useFigures } from '../../figures.ts';
import { Panel } from '../../parts/panel.tsx';
import { useKpi } from '../../use-kpi.ts';
import { term } from '../../words/api-terms.ts';
import { useLanguage, useWords } from '../../words/language.ts';
import { modelWords } from '../../words/models.ts';
import { type OverviewWords, overviewWords } from '../../words/overview.ts';

/** What needs somebody's eyes: figures out of their band, data that stopped arriving. */
export function AlertsPanel() {
  const words = useWords(overviewWords);
  const language = useLanguage();
  const figures = useFigures();
  const alerts = useKpi('alerts');
  const none = alerts.answer !== null && alerts.answer.rows.length === 0;
  return (
    <Panel
      id="alerts"
      title={words.alerts}
      asked={none ? { ...alerts, state: 'ready' } : alerts}
      hasOwnPeriod
      width="half"
      height={120}
    >
      {(_answer, rows) =>
        rows.length === 0 ? (
          <p class="good">
            <span aria-hidden="true">✓</span> {words.noAlerts}
          </p>
        ) : (
          <ul class="alerts">
            {rows.map((row, index) => (
              <li key={`${row.subject}|${row.label}|${index}`}>
                <span class={row.severity === 'critical' ? 'badge bad' : 'badge warn'}>
                  {words.severity[String(row.severity)] ?? row.severity}
                </span>{' '}
                {term(row.label, language)}{' '}
                {row.since != null && (
                  <small class="faint">{words.since(figures.day(String(row.since)))}</small>
                )}
              </li>
            ))}
          </ul>
        )
      }
    </Panel>
  );
}

/** Where each target of the quarter stands, and where it is going. */
export function TargetsPanel() {
  const words = useWords(overviewWords);
  const figures = useFigures();
  const targets = useKpi('targets');
  const none = targets.answer !== null && targets.answer.rows.length === 0;
  return (
    <Panel
      id="targets"
      title={words.targets}
      {...(none ? {} : { lead: words.targetsLead })}
      asked={none ? { ...targets, state: 'ready' } : targets}
      hasOwnPeriod
      width="half"
      height={180}
    >
      {(_answer, rows) =>
        rows.length === 0 ? (
          <p class="faint">{words.noTargets}</p>
        ) : (
          <ul class="targets">
            {runningFirst(rows).map((row) => (
              <Target key={`${row.quarter}|${row.label}`} row={row} figures={figures} words={words} />
            ))}
          </ul>
        )
      }
    </Panel>
  );
}

const isClosed = ({ status }: Row) => status === 'met' || status === 'missed';

/** The quarter under way and those to come, then those that are over. */
const runningFirst = (rows: readonly Row[]): Row[] =>
  rows.toSorted((a, b) => Number(isClosed(a)) - Number(isClosed(b)));

function Target({ row, figures, words }: { row: Row; figures: Figures; words: OverviewWords }) {
  const language = useLanguage();
  const models = useWords(modelWords);
  // What it is a target of: a sum, and where it is of a part, a channel or store and a model.
  const name = String(row.label)
    .split(', ')
    .map((part) => models[part] ?? term(part, language))
    .join(', ');
  const write = (measure: string) => figures.of(row[measure], 'by_row' as Unit, row, { short: true });
  const most = Math.max(...['target', 'actual', 'forecast_high'].map((name) => Number(row[name] ?? 0)));
  const at = (name: string) => (most > 0 ? (Number(row[name] ?? 0) / most) * 100 : 0);
  const status = String(row.status ?? '');
  // More spent than planned is no success, and less no failure.
  const isSpend = /^Spend\b/.test(String(row.label));
  const look = isSpend ? 'badge' : status === 'behind' || status === 'missed' ? 'badge bad' : 'badge good';
  const said = (isSpend ? words.spendStatus : words.status)[status] ?? status;
  const isOver = isClosed(row);
  return (
    <li>
      <div class="target-head">
        <span>
          {name} <small class="faint">{row.quarter}</small>
        </span>
        {said !== '' && <span class={look}>{said}</span>}
      </div>
      <svg class="target-bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
        <rect class="track" x="0" y="2" width="100" height="4" />
        {row.forecast_low != null && row.forecast_high != null && (
          <rect
            class="band"
            x={at('forecast_low')}
            y="1"
            width={Math.max(0.5, at('forecast_high') - at('forecast_low'))}
            height="6"
          />
        )}
        <rect class="actual" x="0" y="2" width={at('actual')} height="4" />
        <rect class="mark" x={Math.max(0, at('target') - 0.5)} y="0" width="0.8" height="8" />
      </svg>
      <small class="faint">
        {isOver ? words.closed : words.actual} {write('actual')}
        {!isOver && Number(row.pace ?? 0) > 0 && ` (${words.pace} ${write('pace')})`} · {words.target}{' '}
        {write('target')}
        {!isOver && row.forecast != null && ` · ${words.forecast} ${write('forecast')}`}
        {row.forecast_low != null &&
          row.forecast_high != null &&
          ` (${write('forecast_low')} – ${write('forecast_high')})`}
        {row.note ? ` · ${term(row.note, language)}` : ''}
      </small>
    </li>
  );
}
