import type { KpiAnswer } from '../../pipeline/kpi-answer.ts';
import { hrefOf } from '../address.ts';
import { useFigures } from '../figures.ts';
import { useShop } from '../shop.ts';
import type { Asked } from '../use-kpi.ts';
import { useWords } from '../words/language.ts';
import { shellWords } from '../words/shell.ts';

/** Stands where figures will be, in about their size. */
export function Skeleton({ height = 160 }: { height?: number }) {
  return <div class="skeleton" aria-hidden="true" style={{ height: `${height}px` }} />;
}

/** The beginning of the first month with purchases; null where there is none. */
const firstDayOf = ({ rows }: KpiAnswer): string | null => {
  const [first] = rows
    .map(({ label }) => String(label))
    .filter((label) => /^\d{4}-\d{2}$/.test(label))
    .toSorted();
  return first === undefined ? null : `${first}-01`;
};

/** What stands in the place of figures that are not there; null where they are. */
export function Instead({ asked, height }: { asked: Asked; height?: number }) {
  const words = useWords(shellWords);
  const figures = useFigures();
  const { lastDay, facts } = useShop();
  if (asked.state === 'empty') {
    const { from, to } = asked.answer?.period ?? { from: null, to: null };
    const first = firstDayOf(facts);
    const isOutside =
      first !== null &&
      lastDay !== null &&
      ((to !== null && to < first) || (from !== null && from > lastDay));
    return (
      <div class="instead">
        <p>{words.empty}</p>
        <p class="faint">
          {isOutside ? words.emptyDays(figures.day(first), figures.day(lastDay)) : words.emptyHelp}
        </p>
        {isOutside && <a href={hrefOf({ from: null, to: null, period: null })}>{words.showLast}</a>}
      </div>
    );
  }
  if (asked.state === 'error') {
    const { status, title, detail } = asked.problem ?? { status: 0, title: '', detail: undefined };
    if (status === 404)
      return (
        <div class="instead">
          <p>{words.absent}</p>
        </div>
      );
    return (
      <div class="instead" role="alert">
        <p>{words.failed}</p>
        <p class="faint">{status === 0 ? words.offline : (detail ?? title)}</p>
        <button type="button" onClick={asked.retry}>
          {words.again}
        </button>
      </div>
    );
  }
  if (asked.answer === null) return <Skeleton {...(height === undefined ? {} : { height })} />;
  return null;
}

/** Whether what was put together has no figure either: even all of them are too few people. */
const isAllHidden = ({ rows }: KpiAnswer): boolean =>
  rows.every((row) => Object.values(row).every((value) => typeof value !== 'number'));

/** What a reader must know of figures that are there: cut, merged, old, or not narrowed down as the page is. */
export function Notes({
  asked,
  also,
  hasOwnPeriod,
}: {
  asked: Asked;
  also: readonly Asked[];
  hasOwnPeriod: boolean;
}) {
  const words = useWords(shellWords);
  const figures = useFigures();
  const { lastDay } = useShop();
  const { answer, state, leftOut } = asked;
  if (answer === null || state === 'error') return null;
  const stale = [asked, ...also].filter((one) => one.state === 'stale');
  const notes: string[] = [];
  if (answer.period?.to != null && lastDay !== null && answer.period.to > lastDay)
    notes.push(words.partialDays(figures.day(lastDay)));
  if (answer.suppressed_rows > 0)
    notes.push(
      isAllHidden(answer)
        ? words.tooFew(answer.min_persons)
        : words.suppressed(answer.suppressed_rows, answer.min_persons),
    );
  if (leftOut.includes('period') && !hasOwnPeriod) notes.push(words.ofAllTime);
  const names = leftOut
    .filter((one) => one !== 'period')
    .map((one) => (words.filter as Record<string, string>)[one] ?? one);
  if (names.length > 0) notes.push(words.notFiltered(names.join(', ')));
  return (
    <>
      {stale.length > 0 && (
        <p class="note warn" role="status">
          {words.stale}{' '}
          <button
            type="button"
            class="link"
            onClick={() => {
              for (const one of stale) one.retry();
            }}
          >
            {words.again}
          </button>
        </p>
      )}
      {notes.length > 0 && (
        <ul class="notes">
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
    </>
  );
}
