import { hrefOf } from '../../address.ts';
import { type Row, useFigures } from '../../figures.ts';
import { Panel } from '../../parts/panel.tsx';
import { type Asked, useKpi } from '../../use-kpi.ts';
import { useWords } from '../../words/language.ts';
import { overviewWords } from '../../words/overview.ts';
import { shellWords } from '../../words/shell.ts';
import { unaccounted } from '../quality/reconciled.ts';
import { ranked } from './sentences.ts';

/** What the figures of the page can bear: who is known, whether all adds up, what model and chance decide. */
export function CertaintyPanel({ purchases, channels }: { purchases: Asked; channels: Asked }) {
  const words = useWords(overviewWords);
  const shell = useWords(shellWords);
  const figures = useFigures();
  const reconciliation = useKpi('reconciliation', { by: 'all' });
  const spread = useKpi('model-comparison', { by: 'channel' });
  return (
    <Panel
      id="certainty"
      title={words.sure}
      asked={purchases}
      also={[reconciliation]}
      width="third"
      height={380}
    >
      {(_answer, rows) => {
        const identified = rows[0]?.identification_rate as number | null | undefined;
        const rest = unaccounted(reconciliation.rows);
        const currency = rows[0]?.currency as string | undefined;
        const widest = widestOf(spread.rows);
        const first = ranked(channels.rows)[0];
        const money = (value: unknown) => figures.money(Number(value), currency, { short: true });
        return (
          <>
            <dl class="sure">
              <div>
                <dt>{words.identified}</dt>
                <dd>
                  <strong>{identified == null ? shell.noFigure : figures.share(identified)}</strong>
                  <small>{words.identifiedNote}</small>
                </dd>
              </div>
              <div>
                <dt>
                  <span class={rest === 0 ? 'badge good' : 'badge bad'}>
                    <span aria-hidden="true">{rest === 0 ? '✓' : '!'}</span>{' '}
                    {rest === 0 ? words.adds : words.addsNot(figures.money(rest, currency))}
                  </span>
                </dt>
                <dd>
                  <small>{words.addsNote}</small>
                </dd>
              </div>
              {first && typeof first.revenue_low === 'number' && typeof first.revenue_high === 'number' ? (
                <div>
                  <dt>{words.chance}</dt>
                  <dd>
                    {words.chanceNote(
                      String(first.label),
                      money(first.revenue_low),
                      money(first.revenue_high),
                    )}
                  </dd>
                </div>
              ) : (
                <div>
                  <dt>{words.chance}</dt>
                  <dd>{words.noInterval}</dd>
                </div>
              )}
              {widest && (
                <div>
                  <dt>{words.model}</dt>
                  <dd>
                    {words.modelNote(
                      String(widest.label),
                      figures.share(Number(widest.share_least)),
                      figures.share(Number(widest.share_most)),
                    )}
                  </dd>
                </div>
              )}
            </dl>
            <p class="more">
              <a href={hrefOf({ view: 'quality' })}>{words.moreOn(shell.view.quality)}</a>
            </p>
          </>
        );
      }}
    </Panel>
  );
}

const widestOf = (rows: readonly Row[]): Row | undefined =>
  rows
    .filter(({ spread }) => typeof spread === 'number')
    .toSorted((a, b) => Number(b.spread) - Number(a.spread))[0];
