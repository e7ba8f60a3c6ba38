import type { Unit } from '../../domain/kpi.ts';
import { type Manner, type Row, useFigures } from '../figures.ts';
import { useWords } from '../words/language.ts';
import { shellWords } from '../words/shell.ts';
import { Tip } from './tip.tsx';

/** A figure by its unit; where there is none, "n/a" with the reason. */
export function Value({
  value,
  unit,
  row,
  manner,
  reason,
}: {
  value: string | number | null | undefined;
  unit: Unit;
  row?: Row;
  manner?: Manner;
  reason?: string | null;
}) {
  const figures = useFigures();
  const words = useWords(shellWords);
  const text = figures.of(value, unit, row, manner);
  if (text !== null) return <>{text}</>;
  if (unit === 'text') return null;
  return reason ? (
    <Tip text={reason}>
      <span class="none">{words.noFigure}</span>
    </Tip>
  ) : (
    <span class="none">{words.noFigure}</span>
  );
}
