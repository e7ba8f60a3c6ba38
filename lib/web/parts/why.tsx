import { useState } from 'preact/hooks';
import type { FigureExplanation } from '../../pipeline/explain-figure.ts';
import { addressOf, askJson, ProblemError, type Question } from '../ask.ts';
import { useFigures } from '../figures.ts';
import { useWords } from '../words/language.ts';
import { madeWords } from '../words/made.ts';
import { qualityWords, termOf } from '../words/quality.ts';

type Loaded = { why: FigureExplanation } | { problem: string } | null;

/** The statement behind figures, the tables that it reads, and what was left out on the way; asked for when it is opened. */
export function Why({ question }: { question: Question }) {
  const { why: words } = useWords(madeWords);
  const [loaded, setLoaded] = useState<Loaded>(null);
  const load = async () => {
    const { compare: _, limit: __, offset: ___, ...asked } = question;
    const [path, query] = addressOf(asked).split('?');
    try {
      setLoaded({ why: await askJson<FigureExplanation>(`${path}/why${query ? `?${query}` : ''}`) });
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      setLoaded({ problem: error.problem.title });
    }
  };
  return (
    <details
      class="why"
      onToggle={({ currentTarget }) => currentTarget.open && loaded === null && void load()}
    >
      <summary>{words.title}</summary>
      {loaded === null && <p class="faint">{words.loading}</p>}
      {loaded && 'problem' in loaded && <p role="alert">{loaded.problem}</p>}
      {loaded && 'why' in loaded && <Explained why={loaded.why} />}
    </details>
  );
}

function Explained({ why }: { why: FigureExplanation }) {
  const { why: words } = useWords(madeWords);
  const { reasons, buckets } = useWords(qualityWords);
  const figures = useFigures();
  return (
    <>
      <h3>{words.excluded}</h3>
      <ul>
        {why.excluded.map(({ of, bucket, reason, records, revenue, currency }) => (
          <li key={`${of}|${bucket}|${reason}|${currency}`}>
            {termOf(buckets, bucket)}: {termOf(reasons, reason)},{' '}
            {words.records(figures.count(records), records)}
            {revenue !== null && `, ${figures.money(revenue, currency)}`}
          </li>
        ))}
      </ul>
      <h3>{words.tables}</h3>
      <ul>
        {why.tables.map(({ name, grain, rows }) => (
          <li key={name}>
            <code>{name}</code> {rows !== null && `(${figures.count(rows)})`} {grain}
          </li>
        ))}
      </ul>
      <h3>{words.sql}</h3>
      <p class="faint">
        {why.parameters
          .filter(({ value }) => value !== null)
          .map(({ name, value }) => `${name} = ${value}`)
          .join(', ')}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must scroll by keyboard */}
      <pre tabIndex={0}>{why.sql}</pre>
    </>
  );
}
