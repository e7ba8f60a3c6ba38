/**
 * Cells of one line of CSV (RFC 4180): commas between them, quotes around a cell that holds commas, doubled quotes
 * inside. A cell ends where its line ends. Null when a quote is not closed, or something follows the closing one.
 */
export function parseCells(line: string): string[] | null {
  const cells: string[] = [];
  for (let at = 0; ; ) {
    if (line[at] === '"') {
      let cell = '';
      for (at += 1; ; at += 2) {
        const end = line.indexOf('"', at);
        if (end < 0) return null;
        cell += line.slice(at, end);
        if (line[end + 1] !== '"') {
          at = end + 1;
          break;
        }
        cell += '"';
        at = end;
      }
      cells.push(cell);
      if (at < line.length && line[at] !== ',') return null;
    } else {
      const comma = line.indexOf(',', at);
      const end = comma < 0 ? line.length : comma;
      cells.push(line.slice(at, end));
      at = end;
    }
    if (at >= line.length) return cells;
    at += 1;
  }
}
