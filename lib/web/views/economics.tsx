import { cascade } from '../charts/cascade.ts';
import { intervalBars } from '../charts/interval-bars.ts';
import { type Row, useFigures } from '../figures.ts';
import { Chart } from '../parts/chart.tsx';
import { KpiTable } from '../parts/kpi-table.tsx';
import { Panel } from '../parts/panel.tsx';
import type { Asked } from '../use-kpi.ts';
import { useKpi } from '../use-kpi.ts';
import { term } from '../words/api-terms.ts';
import { economicsWords } from '../words/economics.ts';
import { useLanguage, useWords } from '../words/language.ts';
import { numberIn, textIn } from './cells.ts';
import { type Option, Select, useChoice } from './choice.tsx';
import { MARGIN_STEPS, marginSteps, turnsAt } from './economics/margin-steps.ts';

const ALL = '';
/** Rates before "show more". */
const MOST_RATES = 12;

/** What is left of each channel's revenue when every cost is on it. */
export default function Economics() {
  const channels = useKpi('channel-economics', { by: 'channel', compare: false });
  return (
    <div class="grid">
      <VerdictPanel asked={channels} />
      <CascadePanel channels={channels} />
      <MarginsPanel asked={channels} />
      <AssumptionsPanel />
    </div>
  );
}

/** The result of each channel, and where those that lose money turn. */
function VerdictPanel({ asked }: { asked: Asked }) {
  const words = useWords(economicsWords);
  const language = useLanguage();
  const figures = useFigures();
  return (
    <Panel
      id="channel-results"
      title={words.verdictTitle}
      lead={words.verdictHint}
      asked={asked}
      height={300}
      width="half"
    >
      {(answer, rows) => {
        const ranked = rows.toSorted(
          (a, b) =>
            Number(isNobodys(a)) - Number(isNobodys(b)) ||
            (numberIn(b, 'result') ?? 0) - (numberIn(a, 'result') ?? 0),
        );
        const bars = ranked.map((row) => {
          const value = numberIn(row, 'result');
          const money =
            value === null
              ? textIn(row, 'withheld')
              : figures.money(value, textIn(row, 'currency'), { short: true });
          const loss = turnWords(row, words);
          const turn = loss === '' ? '' : `, ${loss}`;
          const name = term(textIn(row, 'label'), language);
          return { name, value, end: `${money}${turn}`, short: money, tip: `${name}: ${money}${turn}` };
        });
        return (
          <>
            <p class="says">{verdict(rows, words)}</p>
            <Withheld rows={rows} />
            <Chart
              title={words.verdictTitle}
              description={bars.map(({ tip }) => tip).join('; ')}
              height={30 * bars.length}
              reads={[rows, figures]}
              draw={(look) => intervalBars(look, bars)}
              table={
                <KpiTable
                  answer={answer}
                  rows={ranked}
                  caption={words.verdictTitle}
                  columns={['label', 'net_revenue', 'result', 'result_share', 'turns']}
                  cells={{
                    label: (row) => term(textIn(row, 'label'), language),
                    turns: (row) => <span class="economics-turn">{turnWords(row, words)}</span>,
                  }}
                />
              }
            />
          </>
        );
      }}
    </Panel>
  );
}

/** Revenue that no channel is credited with: not a channel, so not ranked among them. */
const isNobodys = (row: Row) => textIn(row, 'label').startsWith('(');

function turnWords(row: Row, words: (typeof economicsWords)['en']): string {
  const step = turnsAt(row);
  return step === null ? '' : words.lossFrom(words.steps[step] ?? step);
}

/** What is not known of some cost, so that margins come out too high. */
function Withheld({ rows }: { rows: readonly Row[] }) {
  const language = useLanguage();
  const texts = [...new Set(rows.map((row) => textIn(row, 'withheld')))].filter((text) => text !== '');
  return texts.map((text) => (
    <p key={text} class="note warn">
      {term(text, language)}
    </p>
  ));
}

/** Which channels turn from profit to loss, and where, in words. */
function verdict(rows: readonly Row[], words: (typeof economicsWords)['en']): string {
  const byStep = new Map<string, string[]>();
  for (const row of rows) {
    const step = turnsAt(row);
    if (step !== null) byStep.set(step, [...(byStep.get(step) ?? []), textIn(row, 'label')]);
  }
  if (byStep.size === 0) return words.noneTurns;
  return [...byStep]
    .map(([step, names]) => words.turns(names.join(', '), words.after[step] ?? step))
    .join(' ');
}

/** The margin cascade of one channel or of all, of one persona or of all. */
function CascadePanel({ channels }: { channels: Asked }) {
  const words = useWords(economicsWords);
  const language = useLanguage();
  const figures = useFigures();
  const personas = useKpi('channel-economics', {
    by: 'persona',
    filters: { persona: null, channel: null },
    compare: false,
  });
  const whole = useKpi('channel-economics', { by: 'all', compare: false });
  const named = (asked: Asked): Option[] => [
    { value: ALL, title: words.all },
    ...asked.rows
      .map((row) => textIn(row, 'label'))
      .map((name) => ({ value: name, title: term(name, language) })),
  ];
  const channel = useChoice('of', named(channels));
  const asked = channel === ALL ? whole : channels;
  const title = words.cascadeTitle(channel === ALL ? words.all : channel);
  return (
    <Panel id="margin-cascade" title={title} asked={asked} also={[channels]} height={400} width="half">
      {(answer, rows) => {
        const row = channel === ALL ? rows[0] : rows.find((one) => one.label === channel);
        const steps = row ? marginSteps(row, words, figures) : [];
        return (
          <>
            <Select name="of" label={words.channel} options={named(channels)} />
            <Select name="persona" label={words.persona} options={named(personas)} />
            <Chart
              title={title}
              description={steps.map(({ tip }) => tip).join('; ')}
              height={30 * steps.length}
              reads={[row, figures]}
              draw={(look) => cascade(look, steps)}
              table={<KpiTable answer={answer} rows={row ? [row] : []} caption={title} />}
            />
          </>
        );
      }}
    </Panel>
  );
}

/** What a rate holds for; said only where some rate does not hold for all. */
const told = (rows: readonly Row[]) =>
  ['channel', 'category'].filter((name) => rows.some((row) => row[name] !== 'all'));

/** Rates that the figures rest on. */
function AssumptionsPanel() {
  const words = useWords(economicsWords);
  const language = useLanguage();
  const asked = useKpi('cost-assumptions');
  const allOr = (row: Row, name: string) => (row[name] === 'all' ? words.all : textIn(row, name));
  return (
    <Panel
      id="cost-assumptions"
      title={words.assumptionsTitle}
      lead={words.assumptionsHint}
      asked={asked}
      height={240}
    >
      {(answer, rows) => (
        <KpiTable
          answer={answer}
          rows={rows}
          caption={words.assumptionsTitle}
          columns={['label', 'value', ...told(rows), 'note']}
          most={MOST_RATES}
          cells={{
            label: (row) =>
              `${words.costs[textIn(row, 'stage')] ?? textIn(row, 'stage')}: ${term(textIn(row, 'label'), language).replaceAll('_', ' ')}`,
            channel: (row) => allOr(row, 'channel'),
            category: (row) => allOr(row, 'category'),
            note: (row) => term(textIn(row, 'note'), language),
          }}
        />
      )}
    </Panel>
  );
}

function MarginsPanel({ asked }: { asked: Asked }) {
  const words = useWords(economicsWords);
  const language = useLanguage();
  return (
    <Panel id="channel-margins" title={words.tableTitle} asked={asked} height={300}>
      {(answer, rows) => (
        <KpiTable
          answer={answer}
          rows={rows}
          caption={words.tableTitle}
          columns={['label', ...MARGIN_STEPS.map(({ name }) => name), 'result_share', 'turns']}
          titles={words.steps}
          cells={{
            label: (row) => term(textIn(row, 'label'), language),
            turns: (row) => <span class="economics-turn">{turnWords(row, words)}</span>,
          }}
          reason={(row) => term(textIn(row, 'withheld'), language)}
        />
      )}
    </Panel>
  );
}
