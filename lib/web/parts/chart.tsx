import type { ComponentChildren } from 'preact';
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useStore } from '../store.ts';
import { useWords } from '../words/language.ts';
import { shellWords } from '../words/shell.ts';
import { onPaper, PAPER_WIDTH } from './paper.ts';
import { isDark } from './theme.ts';

/** What a drawing goes by. */
export interface Look {
  /** Room that there is, in pixels. */
  width: number;
  isDark: boolean;
}

export interface ChartProps {
  /** Said by screen readers: what is drawn. */
  title: string;
  /** What one sees in it, in a sentence or two. */
  description: string;
  /** Kept free for it, so that nothing moves when it is drawn. */
  height: number;
  /** Draws with a chart library; what it gives is put in place. Called again when the room or the theme changes. */
  draw?: (look: Look) => SVGSVGElement | HTMLElement;
  /** Or draws with elements: one <svg>, which gets its role and title here. */
  children?: (look: Look) => ComponentChildren;
  /** What `draw` reads: it is drawn again when one of these changes. */
  reads: readonly unknown[];
  /** The same as a table, for those who cannot or do not want to see it. */
  table?: ComponentChildren;
}

/** A picture with what makes it accessible: role, title, description, and its figures as a table instead. */
export function Chart({ title, description, height, draw, children, reads, table }: ChartProps) {
  const words = useWords(shellWords);
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const dark = useStore(isDark);
  const [width, setWidth] = useState(0);
  const [isTable, setTable] = useState(false);
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    setWidth(Math.floor(element.clientWidth));
    const observer = new ResizeObserver(() => setWidth(Math.floor(element.clientWidth)));
    observer.observe(element);
    return () => observer.disconnect();
  }, [isTable]);
  useEffect(() => {
    if (isTable) return;
    put({ width, isDark: dark });
    return onPaper((isPaper) =>
      put(isPaper ? { width: PAPER_WIDTH, isDark: false } : { width, isDark: dark }),
    );
  }, [width, dark, isTable, ...reads]);
  useEffect(() => {
    if (children && box.current !== null) name(box.current);
  });

  function put(look: Look) {
    if (!draw || look.width === 0 || box.current === null) return;
    const drawn = draw(look);
    // The page's policy forbids style elements; what they say is in the page's own style sheet.
    for (const style of drawn.querySelectorAll('style')) style.remove();
    box.current.replaceChildren(drawn);
    name(box.current);
  }

  /** Gives the picture its name; what is inside is said by the table. */
  function name(element: HTMLElement) {
    const svg = element.querySelector('svg');
    if (!svg) return;
    svg.setAttribute('role', 'img');
    svg.setAttribute('aria-label', title);
    svg.setAttribute('aria-describedby', `${id}-what`);
  }
  return (
    <div class="chart">
      {isTable ? (
        table
      ) : (
        <div ref={box} class="drawing" style={{ '--least': `${height}px` }}>
          {children && width > 0 ? children({ width, isDark: dark }) : null}
        </div>
      )}
      <p id={`${id}-what`} class="unseen">
        {description}
      </p>
      {table && (
        <button type="button" class="quiet toggle" aria-pressed={isTable} onClick={() => setTable(!isTable)}>
          {isTable ? words.asPicture : words.asTable}
          <span class="unseen">: {title}</span>
        </button>
      )}
    </div>
  );
}
