import type { ComponentChildren } from 'preact';
import { useId, useRef, useState } from 'preact/hooks';
import type { KpiAnswer } from '../../pipeline/kpi-answer.ts';
import { currentAddress, hrefOf } from '../address.ts';
import { type Row, useFigures } from '../figures.ts';
import { useShop } from '../shop.ts';
import type { Asked } from '../use-kpi.ts';
import { firstClauses } from '../words/clauses.ts';
import { kpiWords } from '../words/kpi-words.ts';
import { useLanguage, useWords } from '../words/language.ts';
import { modelWords } from '../words/models.ts';
import { shellWords } from '../words/shell.ts';
import { fileName, saveCsv, savePng } from './export.ts';
import { HowMade } from './how-made.tsx';
import { Instead, Notes } from './states.tsx';
import { Tip } from './tip.tsx';

export interface PanelProps {
  /** Its place in links: `#ropo-waterfall`. */
  id: string;
  title: string;
  /** One sentence under the title: what is seen here. */
  lead?: ComponentChildren;
  /** The question whose answer it shows, exports and explains. */
  asked: Asked;
  /** Further questions that it cannot be drawn without. */
  also?: readonly Asked[];
  /** Height of what comes, in pixels, so that nothing moves when it does. */
  height?: number;
  /** Whether it is of a period of its own, so that there is nothing to say about the page's. */
  hasOwnPeriod?: boolean;
  /** A measure without which there is nothing to show; not every role has it. */
  needs?: string;
  /** As wide as the page, or half or a third of it. */
  width?: 'full' | 'half' | 'third' | 'two-thirds';
  /** Drawn once there is an answer, with its rows in the currency of the page. */
  children: (answer: KpiAnswer, rows: readonly Row[]) => ComponentChildren;
}

/** A figure or several of one KPI, with what makes them usable: definition, states, notes, export, link, provenance. */
export function Panel({
  id,
  title,
  lead,
  asked,
  also = [],
  height,
  width = 'full',
  hasOwnPeriod = false,
  needs,
  children,
}: PanelProps) {
  const language = useLanguage();
  const heading = useId();
  const body = useRef<HTMLDivElement>(null);
  const [isOpen, setOpen] = useState(false);
  const words = useWords(shellWords);
  const { catalogue } = useShop();
  // What is not for the reader's role is not there; who follows a link to it is told so.
  const kpi = catalogue.get(asked.question.kpi);
  if (!kpi || (needs !== undefined && !kpi.measures.some(({ name }) => name === needs)))
    return location.hash === `#${id}` ? (
      <section class={`panel ${width}`} id={id} aria-labelledby={heading}>
        <h2 id={heading}>{title}</h2>
        <p class="faint">{words.panelNotForRole}</p>
      </section>
    ) : null;
  const waiting = [asked, ...also].find((one) => one.answer === null || one.state === 'error');
  const isEmpty = asked.state === 'empty';
  const { answer } = asked;
  const own = answer && kpiWords(answer, language);
  return (
    <section
      class={`panel ${width}`}
      id={id}
      aria-labelledby={heading}
      aria-busy={[asked, ...also].some((one) => one.state === 'loading')}
    >
      <header>
        <h2>
          {own ? (
            <Tip text={own.definition}>
              <span id={heading}>{title}</span>
            </Tip>
          ) : (
            <span id={heading}>{title}</span>
          )}
        </h2>
        <Actions asked={asked} id={id} body={body} title={title} onHow={() => setOpen(true)} />
      </header>
      {lead && <p class="lead">{lead}</p>}
      <div class="body" ref={body}>
        {isEmpty || waiting ? (
          <Instead asked={isEmpty ? asked : waiting!} {...(height === undefined ? {} : { height })} />
        ) : (
          children(answer!, asked.rows)
        )}
      </div>
      <Notes asked={asked} also={also} hasOwnPeriod={hasOwnPeriod} />
      {own?.caveat && <Caveat text={own.caveat} onMore={() => setOpen(true)} />}
      {isOpen && answer && (
        <HowMade asked={asked} answer={answer} title={title} onClose={() => setOpen(false)} />
      )}
    </section>
  );
}

/** The first clauses of what a reader must know; the rest is in the dialog, and on paper. */
function Caveat({ text, onMore }: { text: string; onMore: () => void }) {
  const words = useWords(shellWords);
  const first = firstClauses(text);
  if (first === text) return <p class="caveat">{text}</p>;
  return (
    <p class="caveat">
      <span class="not-on-paper">
        {first.replace(/[.;:]$/, '')}…{' '}
        <button type="button" class="link" onClick={onMore}>
          {words.moreCaveat}
        </button>
      </span>
      <span class="only-on-paper">{text}</span>
    </p>
  );
}

function Actions({
  asked,
  id,
  title,
  body,
  onHow,
}: {
  asked: Asked;
  id: string;
  title: string;
  body: { current: HTMLDivElement | null };
  onHow: () => void;
}) {
  const words = useWords(shellWords);
  const models = useWords(modelWords);
  const figures = useFigures();
  const [said, setSaid] = useState('');
  const { answer } = asked;
  if (answer === null) return null;
  const copy = async () => {
    await navigator.clipboard.writeText(`${location.origin}${hrefOf({}, currentAddress())}#${id}`);
    say(words.copied);
  };
  const say = (text: string) => {
    setSaid(text);
    setTimeout(() => setSaid(''), 4000);
  };
  const refuse = () => say(words.notDone);
  const png = () => {
    const svg = body.current?.querySelector('svg');
    const { from, to } = answer.period;
    const days = from && to ? `${figures.day(from)} – ${figures.day(to)}` : null;
    const model = answer.model && (models[answer.model] ?? answer.model);
    const caption = [title, days, model, answer.data_label, answer.build_id].filter(Boolean).join(' · ');
    if (svg) void savePng(svg, fileName(asked.question), caption).catch(refuse);
  };
  return (
    <div class="actions">
      <button
        type="button"
        class="quiet"
        onClick={onHow}
        aria-label={`${words.howMade} ${title}`}
        title={words.howMade}
      >
        ?
      </button>
      <button
        type="button"
        class="quiet"
        onClick={() => void saveCsv(asked.question).catch(refuse)}
        aria-label={`${words.exportCsvHelp}: ${title}`}
        title={words.exportCsvHelp}
      >
        {words.exportCsv}
      </button>
      <button
        type="button"
        class="quiet png"
        onClick={png}
        aria-label={`${words.exportPngHelp}: ${title}`}
        title={words.exportPngHelp}
      >
        {words.exportPng}
      </button>
      <button
        type="button"
        class="quiet"
        onClick={() => void copy()}
        aria-label={`${words.copyLinkHelp}: ${title}`}
        title={words.copyLinkHelp}
      >
        {said === words.copied ? said : words.copyLink}
      </button>
      <span class={said === words.notDone ? 'failed' : 'unseen'} role="status">
        {said}
      </span>
    </div>
  );
}
