/** Width of what is printed, in pixels of the page: A4 and letter, upright, have room for it between their margins. */
export const PAPER_WIDTH = 680;

const listeners = new Set<(isPaper: boolean) => void>();

/** Calls back when the page is about to be printed, and afterwards; what it gives ends that. */
export function onPaper(listener: (isPaper: boolean) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/**
 * Makes the page ready for paper whenever it is printed: pictures are drawn as wide as paper, and tables that are wider
 * are made smaller, for paper does not scroll. Ends when the function that it gives is called.
 */
export function watchPaper(): () => void {
  const set = (isPaper: boolean) => {
    for (const listener of [...listeners]) listener(isPaper);
    for (const table of document.querySelectorAll<HTMLTableElement>('.table > table'))
      table.style.setProperty('zoom', isPaper ? String(scaleOf(table)) : '');
  };
  const before = () => set(true);
  const after = () => set(false);
  // Some browsers tell of paper only one way, some both: twice is as once.
  const medium = matchMedia('print');
  const change = ({ matches }: MediaQueryListEvent) => set(matches);
  addEventListener('beforeprint', before);
  addEventListener('afterprint', after);
  medium.addEventListener('change', change);
  return () => {
    removeEventListener('beforeprint', before);
    removeEventListener('afterprint', after);
    medium.removeEventListener('change', change);
  };
}

/** By how much a table is made smaller so that its narrowest form fits on paper. */
function scaleOf(table: HTMLTableElement): number {
  table.style.setProperty('zoom', '1');
  table.style.setProperty('width', 'min-content');
  const least = table.offsetWidth;
  table.style.removeProperty('width');
  return least > PAPER_WIDTH ? PAPER_WIDTH / least : 1;
}
