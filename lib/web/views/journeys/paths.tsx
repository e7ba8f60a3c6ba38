import { BarCell } from '../../charts/bar-cell.tsx';
import { columns } from '../../charts/columns.ts';
import { type Row, useFigures } from '../../figures.ts';
import { Chart } from '../../parts/chart.tsx';
import { KpiTable } from '../../parts/kpi-table.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Value } from '../../parts/value.tsx';
import { useKpi } from '../../use-kpi.ts';
import { term } from '../../words/api-terms.ts';
import { journeysWords } from '../../words/journeys.ts';
import { useLanguage, useWords } from '../../words/language.ts';
import { largest, numberIn, textIn } from '../cells.ts';

const bars =
  (rows: readonly Row[], name: string, among: readonly string[] = [name]) =>
  (row: Row) => {
    const most = Math.max(...among.map((one) => largest(rows, one)));
    const value = numberIn(row, name);
    return (
      <BarCell part={value === null ? null : value / most}>
        <Value value={value} unit="count" />
      </BarCell>
    );
  };

const isTogether = (row: Row) => textIn(row, 'label').startsWith('(');

/** The most frequent paths. */
export function PathsPanel() {
  const words = useWords(journeysWords);
  const figures = useFigures();
  const language = useLanguage();
  const asked = useKpi('paths', { compare: false, limit: 200 });
  return (
    <Panel id="paths" title={words.pathsTitle} asked={asked} height={360}>
      {(answer, all) => {
        // What is told together, since rare or of few people, is no path: it stands below.
        const rows = all.filter((row) => !isTogether(row));
        return (
          <>
            <KpiTable
              answer={answer}
              rows={rows}
              caption={words.pathsTitle}
              columns={['label', 'purchases', 'sold', 'journeys_without_purchase']}
              cells={{
                label: (row) => (
                  <ol class="journeys-path">
                    {textIn(row, 'label')
                      .split(' > ')
                      .map((channel, at) => (
                        <li key={at}>{term(channel, language)}</li>
                      ))}
                  </ol>
                ),
                purchases: bars(rows, 'purchases'),
              }}
              most={10}
              sortedBy={{ column: 'purchases', descending: true }}
            />
            {all
              .filter((row) => isTogether(row) && numberIn(row, 'purchases') !== 0)
              .map((row) => (
                <p key={textIn(row, 'label')} class="faint">
                  {words.together(
                    term(textIn(row, 'label'), language),
                    figures.count(numberIn(row, 'purchases') ?? 0),
                  )}
                </p>
              ))}
          </>
        );
      }}
    </Panel>
  );
}

/** How many touchpoints, or how many days, purchases took. */
export function LengthsPanel({ by }: { by: 'touchpoints' | 'days_to_purchase' }) {
  const words = useWords(journeysWords);
  const figures = useFigures();
  const language = useLanguage();
  const asked = useKpi('path-lengths', { by, compare: false });
  const [title, axis] =
    by === 'touchpoints' ? [words.lengthTitle, words.lengthAxis] : [words.timeTitle, words.timeAxis];
  return (
    <Panel id={`path-lengths-${by}`} title={title} asked={asked} height={260} width="half">
      {(answer, rows) => {
        const bars = rows.map((row) => {
          const value = numberIn(row, 'purchases');
          const part = numberIn(row, 'share');
          const name = term(textIn(row, 'label'), language);
          const end = part === null ? '' : figures.share(part);
          const purchases = value === null ? '' : figures.count(value);
          return { name, value, end, tip: `${name}: ${words.purchases(purchases, end)}` };
        });
        return (
          <Chart
            title={title}
            description={bars.map(({ tip }) => tip).join('; ')}
            height={260}
            reads={[rows, figures]}
            draw={(look) => columns(look, bars, axis)}
            table={
              <KpiTable
                answer={answer}
                rows={rows}
                caption={title}
                columns={['label', 'purchases', 'share', 'sold']}
                titles={{ label: axis }}
              />
            }
          />
        );
      }}
    </Panel>
  );
}

const ROLES = ['first', 'assist', 'last', 'only'] as const;

/** Whether a channel opens, helps or closes. */
export function RolesPanel() {
  const words = useWords(journeysWords);
  const language = useLanguage();
  const asked = useKpi('channel-roles', { compare: false });
  return (
    <Panel id="channel-roles" title={words.rolesTitle} lead={words.rolesHint} asked={asked} height={300}>
      {(answer, rows) => (
        <KpiTable
          answer={answer}
          rows={rows}
          caption={words.rolesTitle}
          columns={['label', ...ROLES, 'purchases', 'assist_ratio']}
          cells={{
            label: (row) => term(textIn(row, 'label'), language),
            ...Object.fromEntries(ROLES.map((role) => [role, bars(rows, role, ROLES)])),
          }}
        />
      )}
    </Panel>
  );
}
