import type { ComponentChildren } from 'preact';
import type { Unit } from '../../domain/kpi.ts';
import { useAddress } from '../address.ts';
import { type Row, useFigures } from '../figures.ts';
import { useWords } from '../words/language.ts';
import { shellWords } from '../words/shell.ts';
import { Spark } from './spark.tsx';
import { Tip } from './tip.tsx';
import { Value } from './value.tsx';

export interface TileProps {
  title: string;
  /** What the figure is, in words; shown on hover and focus. */
  definition?: string | undefined;
  value: number | null | undefined;
  unit: Unit;
  currency?: string | null | undefined;
  /** The figure of the period that it is set beside; undefined where none was asked for. */
  before?: number | null | undefined;
  /** Whether more is better (the default), worse, or neither. */
  better?: 'more' | 'less' | 'neither';
  low?: number | null | undefined;
  high?: number | null | undefined;
  /** Why there is no figure. */
  reason?: string | null;
  /** Whether the figure is under way: it is not called absent then. */
  isLoading?: boolean;
  /** Figures in the order of time, for the line under it. */
  series?: readonly (number | null)[];
  note?: ComponentChildren;
}

/** One figure, large, with its interval, its change and how it went. */
export function Tile({
  title,
  definition,
  value,
  unit,
  currency,
  before,
  better = 'more',
  low,
  high,
  reason,
  isLoading = false,
  series,
  note,
}: TileProps) {
  const figures = useFigures();
  const words = useWords(shellWords);
  const row: Row = { currency: currency ?? null };
  const write = (one: number) => figures.of(one, unit, row, { short: true }) ?? '';
  return (
    <div class="tile">
      <div class="tile-title">{definition ? <Tip text={definition}>{title}</Tip> : title}</div>
      <div class="tile-value">
        {isLoading ? (
          <span class="none">
            <span aria-hidden="true">…</span>
            <span class="unseen">{words.loading}</span>
          </span>
        ) : (
          <Value
            value={value}
            unit={unit}
            row={row}
            manner={{ short: true }}
            {...(reason ? { reason } : {})}
          />
        )}
      </div>
      {low != null && high != null && (
        <div class="tile-interval">{words.interval(write(low), write(high))}</div>
      )}
      {value != null && before !== undefined && (
        <Change now={value} before={before} unit={unit} better={better} />
      )}
      {series && series.length > 1 && <Spark series={series} />}
      {note && <div class="tile-note">{note}</div>}
    </div>
  );
}

/** How a figure changed: shares by points, all else by percent of what it was. */
export function Change({
  now,
  before,
  unit,
  better = 'more',
}: {
  now: number;
  before: number | null;
  unit: Unit;
  better?: 'more' | 'less' | 'neither';
}) {
  const figures = useFigures();
  const words = useWords(shellWords);
  const { compare } = useAddress();
  if (before === null || (before === 0 && unit !== 'share'))
    return <div class="change">{words.noBefore}</div>;
  const difference = unit === 'share' ? now - before : (now - before) / Math.abs(before);
  const text =
    unit === 'share' ? words.points(figures.points(difference)) : figures.share(difference, { signed: true });
  const isUp = difference > 0;
  const tone = better === 'neither' || difference === 0 ? '' : isUp === (better === 'more') ? 'good' : 'bad';
  const against = words.against[compare === 'previous_year' ? 'previous_year' : 'previous_period'];
  return (
    <div class="change">
      <span class={tone}>
        <span aria-hidden="true">{difference === 0 ? '=' : isUp ? '▲' : '▼'}</span> {text}
        {tone !== '' && `, ${words.tone[tone]}`}
        <span class="unseen"> {words.change('', against).trim()}</span>
      </span>
    </div>
  );
}
