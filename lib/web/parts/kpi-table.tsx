import type { ComponentChildren } from 'preact';
import { useId, useState } from 'preact/hooks';
import type { KpiAnswer } from '../../pipeline/kpi-answer.ts';
import type { Row } from '../figures.ts';
import { term } from '../words/api-terms.ts';
import { type Column, columnWords } from '../words/kpi-words.ts';
import { useLanguage, useWords } from '../words/language.ts';
import { shellWords } from '../words/shell.ts';
import { ScrollTable } from './scroll-table.tsx';
import { tipOf } from './tip.tsx';
import { Value } from './value.tsx';

export interface KpiTableProps {
  answer: KpiAnswer;
  rows: readonly Row[];
  caption: string;
  /** Names of the columns in their order; without it all that are not details. The first names the row. */
  columns?: readonly string[];
  /** Titles other than those of the KPI, by column. */
  titles?: Readonly<Record<string, string>>;
  /** Cells drawn in a way of their own, by column. */
  cells?: Readonly<Record<string, (row: Row) => ComponentChildren>>;
  /** Why a figure of a row is not there. */
  reason?: (row: Row, column: string) => string | null | undefined;
  /** Rows before "show more". */
  most?: number;
  sortedBy?: { column: string; descending: boolean };
}

/** Rows of an answer as a table that can be sorted; on a narrow screen it scrolls by itself. */
export function KpiTable(props: KpiTableProps) {
  const { answer, rows, caption, titles = {}, cells = {}, reason, most = 25 } = props;
  const words = useWords(shellWords);
  const language = useLanguage();
  const captionId = useId();
  const [sort, setSort] = useState(props.sortedBy ?? null);
  const [isWhole, setWhole] = useState(false);
  const columns = columnsOf(props);
  const sorted = sort === null ? rows : inOrder(rows, sort);
  const shown = isWhole ? sorted : sorted.slice(0, most);
  const press = (column: string) =>
    setSort({ column, descending: sort?.column === column ? !sort.descending : isNumeric(answer, column) });
  return (
    <ScrollTable
      caption={caption}
      isTall={isWhole}
      after={
        rows.length > shown.length && (
          <>
            <button type="button" class="quiet" onClick={() => setWhole(true)}>
              {words.more(rows.length - shown.length)}
            </button>
            <p class="only-on-paper">{words.notPrinted(rows.length - shown.length)}</p>
          </>
        )
      }
    >
      <thead>
        <tr>
          {columns.map((column) => {
            const own = columnWords(answer.kpi, column, language);
            const title = titles[column.name] ?? own.title;
            const direction =
              sort?.column !== column.name ? undefined : sort.descending ? 'descending' : 'ascending';
            return (
              <th
                key={column.name}
                scope="col"
                class={isNumeric(answer, column.name) ? 'number' : ''}
                {...(direction ? { 'aria-sort': direction } : {})}
              >
                <button
                  type="button"
                  aria-describedby={`${captionId}-${column.name}`}
                  onClick={() => press(column.name)}
                  {...tipOf(own.definition)}
                >
                  {title}
                </button>
                <span id={`${captionId}-${column.name}`} hidden>
                  {own.definition}
                </span>
              </th>
            );
          })}
        </tr>
      </thead>
      <tbody>
        {shown.map((row, index) => (
          <tr key={keyOf(row, index)}>
            {columns.map((column, place) => {
              const content = cells[column.name]?.(row) ?? (
                <Value
                  value={isSaid(column.name, row) ? term(row[column.name], language) : row[column.name]}
                  unit={column.unit}
                  row={row}
                  {...(reason ? { reason: reason(row, column.name) ?? null } : {})}
                />
              );
              return place === 0 ? (
                <th key={column.name} scope="row">
                  {content}
                </th>
              ) : (
                <td key={column.name} class={column.unit === 'text' ? '' : 'number'}>
                  {content}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}

const REMARKS = new Set(['note', 'remark', 'verdict', 'withheld']);
/** Whether a text is ropo's and not a name that a shop gave: a remark, or a label such as "(unattributed)". */
const isSaid = (column: string, row: Row) => REMARKS.has(column) || String(row[column] ?? '').startsWith('(');

const isNumeric = (answer: KpiAnswer, name: string) =>
  answer.columns.some((column) => column.name === name && column.unit !== 'text');

function columnsOf({ answer, rows, columns }: KpiTableProps): Column[] {
  const known = new Map(answer.columns.map((column) => [column.name, column]));
  if (columns) return columns.flatMap((name) => known.get(name) ?? []);
  const hasOneModel = new Set(rows.map((row) => row.model)).size < 2;
  const left = new Set(['currency', ...(hasOneModel ? ['model'] : [])]);
  return answer.columns.filter(({ name, is_detail }) => !is_detail && !left.has(name));
}

/** Rows without a figure come last either way. */
function inOrder(
  rows: readonly Row[],
  { column, descending }: { column: string; descending: boolean },
): Row[] {
  const sign = descending ? -1 : 1;
  return rows.toSorted((one, other) => {
    const a = one[column] ?? null;
    const b = other[column] ?? null;
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    if (typeof a === 'number' && typeof b === 'number') return sign * (a - b);
    return sign * String(a).localeCompare(String(b));
  });
}

const keyOf = (row: Row, index: number) => `${row.model ?? ''}|${row.label ?? ''}|${index}`;
