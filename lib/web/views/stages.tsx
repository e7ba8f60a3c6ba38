import { hrefOf } from '../address.ts';
import { type Figures, type Row, useFigures } from '../figures.ts';
import { KpiTable } from '../parts/kpi-table.tsx';
import { Panel } from '../parts/panel.tsx';
import { Tip } from '../parts/tip.tsx';
import { useShop } from '../shop.ts';
import { useKpi } from '../use-kpi.ts';
import { term } from '../words/api-terms.ts';
import { useLanguage, useWords } from '../words/language.ts';
import { shellWords } from '../words/shell.ts';
import { stagesWords } from '../words/stages.ts';
import { numberIn, textIn } from './cells.ts';
import { type Option, Select, Tabs, useChoice } from './choice.tsx';
import { viewsFor } from './registry.ts';

const STAGES = ['awareness', 'consideration', 'decision', 'service', 'loyalty'] as const;
const PLACES = ['online', 'store', 'across'] as const;
const ALL = '(all channels)';

/** Of each figure the row of the channel, else that of all channels: not every figure is split by channel. */
export function figuresOf(rows: readonly Row[], channel: string): Row[] {
  const byFigure = new Map<string, Row>();
  for (const row of rows) {
    const figure = textIn(row, 'figure');
    if (row.label === channel || (row.label === ALL && !byFigure.has(figure))) byFigure.set(figure, row);
  }
  return [...byFigure.values()];
}

/** One figure of a cell: its value, or what would have to be supplied for it. */
function Figure({ row, channel, customers }: { row: Row; channel: string; customers: Row | undefined }) {
  const words = useWords(stagesWords);
  const figures = useFigures();
  const language = useLanguage();
  const { figure: italian } = words;
  const value = figures.of(numberIn(row, 'value'), 'by_row', row);
  const [over, under] = [numberIn(row, 'numerator'), numberIn(row, 'denominator')];
  const name = italian[textIn(row, 'figure')] ?? textIn(row, 'figure_title');
  const isOfAll = channel !== ALL && row.label === ALL;
  const isElsewhere = viewWith(textIn(row, 'note')) !== null;
  const note = isElsewhere ? '' : term(textIn(row, 'note'), language);
  const counts =
    over === null || under === null ? '' : words.ofCounts(figures.count(over), figures.count(under));
  const formula = term(textIn(row, 'formula'), language);
  const tip = [formula, counts, note, isOfAll ? words.allChannels : ''].filter(Boolean).join('; ');
  const known = customerFigure(textIn(row, 'note'), customers, figures);
  return (
    <div class="stages-figure">
      <dt>
        {name}
        {isOfAll && <span class="faint"> ({words.allChannels})</span>}
      </dt>
      {value === null && known !== null ? (
        <dd>
          <a href={hrefOf({ view: 'customers', of: null, level: null })}>{known}</a>{' '}
          <small class="faint">{words.ofCustomers}</small>
        </dd>
      ) : value === null ? (
        <dd class="missing">
          {isElsewhere ? <Elsewhere note={textIn(row, 'note')} /> : note || words.missing}
        </dd>
      ) : (
        <dd>{tip === '' ? value : <Tip text={tip}>{value}</Tip>}</dd>
      )}
    </div>
  );
}

/** A figure that the view of customers has, of all of them and all time; null where it has none either. */
function customerFigure(note: string, customers: Row | undefined, figures: Figures): string | null {
  const measure = /: it is (\w+) of customers$/.exec(note)?.[1];
  if (measure === undefined || customers === undefined) return null;
  return measure === 'clv_12m'
    ? figures.of(customers.clv_12m_per_customer, 'money', customers)
    : figures.of(customers[measure], 'share', customers);
}

/** The view that has a figure of which a note says that another KPI tells it. */
const viewWith = (note: string): 'customers' | 'economics' | null =>
  / of customers$/.test(note) ? 'customers' : / of channel-economics$/.test(note) ? 'economics' : null;

/** Where a figure is that another view has; only said where the reader's role may not open that. */
function Elsewhere({ note }: { note: string }) {
  const { view: titles } = useWords(shellWords);
  const words = useWords(stagesWords);
  const { catalogue } = useShop();
  const view = viewWith(note);
  if (view === null) return null;
  if (!viewsFor(catalogue).includes(view)) return <>{words.notForRole}</>;
  return (
    <>
      {words.elsewhere} <a href={hrefOf({ view, of: null, level: null })}>{titles[view]}</a>
    </>
  );
}

/** The omnichannel KPI model: five stages by three places, one level at a time. */
export default function Stages() {
  const words = useWords(stagesWords);
  const language = useLanguage();
  const whole = useKpi('stages', { by: 'all', filters: { channel: null }, compare: false, limit: 1000 });
  const split = useKpi('stages', { by: 'channel', filters: { channel: null }, compare: false, limit: 1000 });
  const customers = useKpi('customers', { by: 'all', compare: false });
  const levels: Option[] = Object.entries(words.level).map(([value, title]) => ({ value, title }));
  const level = useChoice('level', levels);
  const names = [...new Set(split.rows.map((row) => textIn(row, 'label')))].filter((name) => name !== ALL);
  const channels: Option[] = [ALL, ...names.sort()].map((name) => ({
    value: name,
    title: term(name, language),
  }));
  const channel = useChoice('of', channels);
  const asked = channel === ALL ? whole : split;
  return (
    <div class="grid">
      <Panel id="stages" title={words.title} lead={words.hint} asked={asked} also={[whole]} height={560}>
        {(answer, rows) => {
          const all = channel === ALL ? rows : [...whole.rows, ...rows];
          const shown = figuresOf(
            all.filter((row) => row.level === level),
            channel,
          );
          return (
            <>
              <div class="choices-row">
                <Tabs name="level" label={words.levels} options={levels} />
                <Select name="of" label={words.channel} options={channels} />
              </div>
              <Matrix rows={shown} channel={channel} customers={customers.rows[0]} />
              <details>
                <summary>{words.asTable}</summary>
                <KpiTable
                  answer={answer}
                  rows={shown}
                  caption={words.title}
                  columns={[
                    'figure_title',
                    'stage',
                    'place',
                    'label',
                    'value',
                    'numerator',
                    'denominator',
                    'people',
                    'note',
                  ]}
                  cells={{
                    figure_title: (row) => words.figure[textIn(row, 'figure')] ?? textIn(row, 'figure_title'),
                    label: (row) => term(textIn(row, 'label'), language),
                    note: (row) => term(textIn(row, 'note'), language),
                    stage: (row) => words.stage[textIn(row, 'stage') as keyof typeof words.stage],
                    place: (row) => words.place[textIn(row, 'place') as keyof typeof words.place],
                  }}
                />
              </details>
            </>
          );
        }}
      </Panel>
    </div>
  );
}

function Matrix({
  rows,
  channel,
  customers,
}: {
  rows: readonly Row[];
  channel: string;
  customers: Row | undefined;
}) {
  const words = useWords(stagesWords);
  // Who may not know rates of cost is not told every figure of a level.
  const knowsCosts = useShop().catalogue.has('cost-assumptions');
  return (
    <table class="stages-matrix">
      <caption class="unseen">{words.title}</caption>
      <thead>
        <tr>
          <th scope="col">{words.stageHead}</th>
          {PLACES.map((place) => (
            <th key={place} scope="col">
              {words.place[place]}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {STAGES.map((stage) => (
          <tr key={stage}>
            <th scope="row">{words.stage[stage]}</th>
            {PLACES.map((place) => {
              const its = rows.filter((row) => row.stage === stage && row.place === place);
              return (
                <td key={place} data-place={words.place[place]}>
                  {its.length === 0 ? (
                    <p class="missing">{knowsCosts ? words.nothing : words.nothingForRole}</p>
                  ) : (
                    <dl>
                      {its.map((row) => (
                        <Figure
                          key={textIn(row, 'figure')}
                          row={row}
                          channel={channel}
                          customers={customers}
                        />
                      ))}
                    </dl>
                  )}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
