import type { ComponentChildren } from 'preact';

/** A figure of a table with a bar behind it: its part of the largest, 0 to 1; below zero it is hatched. */
export function BarCell({ part, children }: { part: number | null; children: ComponentChildren }) {
  const size = Math.min(1, Math.abs(part ?? 0));
  return (
    <span class={(part ?? 0) < 0 ? 'bar-cell below' : 'bar-cell'}>
      <span class="bar" style={{ width: `${(100 * size).toFixed(1)}%` }} aria-hidden="true" />
      <span class="figure">{children}</span>
    </span>
  );
}
