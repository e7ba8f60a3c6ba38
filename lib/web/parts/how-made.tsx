import { useEffect, useId, useRef } from 'preact/hooks';
import type { KpiAnswer } from '../../pipeline/kpi-answer.ts';
import { addressOf } from '../ask.ts';
import { useFigures } from '../figures.ts';
import { useShop } from '../shop.ts';
import type { Asked } from '../use-kpi.ts';
import { columnWords, kpiWords } from '../words/kpi-words.ts';
import { useLanguage, useWords } from '../words/language.ts';
import { madeWords } from '../words/made.ts';
import { modelWords } from '../words/models.ts';
import { shellWords } from '../words/shell.ts';
import { Why } from './why.tsx';

/** Everything about how the figures of a panel came to be, as a dialog. */
export function HowMade({
  asked,
  answer,
  title,
  onClose,
}: {
  asked: Asked;
  answer: KpiAnswer;
  title: string;
  onClose: () => void;
}) {
  const words = useWords(shellWords);
  const { made } = useWords(madeWords);
  const models = useWords(modelWords);
  const language = useLanguage();
  const figures = useFigures();
  const { catalogue } = useShop();
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => dialog.current?.showModal(), []);
  const kpi = catalogue.get(answer.kpi);
  const own = kpiWords(answer, language);
  const { from, to, zone } = answer.period;
  const filters = Object.entries(answer.filters).filter(([, value]) => value !== null);
  const measures = new Map(kpi?.measures.map((measure) => [measure.name, measure]));
  const facts: [string, string | null | undefined][] = [
    [
      made.period,
      from === null && to === null
        ? made.allTime
        : [from, to].map((day) => (day === null ? '…' : figures.day(day))).join(' – '),
    ],
    [made.zone, zone],
    [made.model, answer.model && (models[answer.model] ?? answer.model)],
    [made.modelHash, answer.model_hash],
    [made.filters, filters.map(([name, value]) => `${name}: ${value}`).join(', ') || made.nothing],
    [made.sources, kpi?.sources.join(', ')],
    [made.complete, answer.data_complete_through && figures.day(answer.data_complete_through)],
    [
      made.identified,
      answer.identification?.purchases != null
        ? [
            figures.share(answer.identification.purchases),
            answer.identification.revenue === null
              ? null
              : made.ofRevenue(figures.share(answer.identification.revenue)),
          ]
            .filter(Boolean)
            .join(', ')
        : null,
    ],
    [made.people, made.peopleOf(answer.min_persons)],
    [made.suppressed, figures.count(answer.suppressed_rows)],
    [made.built, figures.instant(answer.built_at)],
    [made.build, answer.build_id],
    [made.graph, answer.identity && `${answer.identity.graph_version} (${answer.identity.stitching})`],
    [made.settings, answer.settings_hash],
  ];
  return (
    <dialog ref={dialog} class="how" aria-labelledby={heading} onClose={onClose}>
      <header>
        <h2 id={heading}>{title}</h2>
        <button type="button" class="quiet" onClick={() => dialog.current?.close()}>
          {words.close}
        </button>
      </header>
      <p>{own.definition}</p>
      {own.caveat && (
        <p class="caveat">
          {made.caveat}: {own.caveat}
        </p>
      )}
      <dl class="measures">
        {answer.columns
          .filter(({ unit }) => unit !== 'text')
          .map((column) => {
            const { title: name, definition } = columnWords(answer.kpi, column, language);
            const measure = measures.get(column.name);
            return (
              <div key={column.name}>
                <dt>{name}</dt>
                <dd>
                  {definition}
                  {measure && <code>{measure.formula}</code>}
                </dd>
              </div>
            );
          })}
      </dl>
      <dl class="facts">
        {facts.map(
          ([name, value]) =>
            value && (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ),
        )}
        <div>
          <dt>{made.address}</dt>
          <dd>
            <a href={addressOf(asked.question)}>{addressOf(asked.question)}</a>
          </dd>
        </div>
      </dl>
      {/* Statements and what was left out stay in the company. */}
      {answer.audience !== 'outside' && <Why question={asked.question} />}
    </dialog>
  );
}
