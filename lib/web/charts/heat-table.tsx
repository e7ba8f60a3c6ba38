import { ScrollTable } from '../parts/scroll-table.tsx';
import { Tip } from '../parts/tip.tsx';

export interface HeatCell {
  /** From nothing to the strongest, 0 to 1; null for a cell without a figure. */
  strength: number | null;
  text: string;
  tip: string;
  /** Outlined, for what must not be overlooked; the tip says why. */
  isMarked?: boolean;
}

/**
 * Figures by two names, each cell shaded by how much it is: a table, so that it reads without colour.
 * @param corner what rows are called
 */
export function HeatTable({
  caption,
  corner,
  columns,
  rows,
}: {
  caption: string;
  corner: string;
  columns: readonly string[];
  rows: readonly { name: string; cells: readonly (HeatCell | null)[] }[];
}) {
  return (
    <ScrollTable caption={caption}>
      <thead>
        <tr>
          <th scope="col" class="heat-head">
            {corner}
          </th>
          {columns.map((column) => (
            <th key={column} scope="col" class="number heat-head">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, cells }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            {cells.map((cell, at) => (
              <td
                key={at}
                class={cell?.isMarked ? 'number heat-cell marked' : 'number heat-cell'}
                style={{ '--heat': `${Math.round(45 * (cell?.strength ?? 0))}%` }}
              >
                {cell && (cell.tip === '' ? cell.text : <Tip text={cell.tip}>{cell.text}</Tip>)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}
