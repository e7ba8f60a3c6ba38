import { DAY } from '../../demo/calendar.ts';
import type { RopoTrails } from '../../demo/ropo-worlds/simulate-ropo.ts';
import { ROPO_START } from '../../demo/ropo-worlds/world.ts';
import { ITEM_OF, type RopoDefinition } from './truth.ts';

/**
 * The headline figures of ROPO counted straight from trails, person by person: every line against every view, and for
 * the own-basket placebo every line of every other receipt, none of them drawn. Slow and plain, to be compared with
 * what the SQL counts with windows and a few draws.
 */
export interface DirectFigures {
  persons: number;
  lines: number;
  researched: number;
  /** Lines expected to match by chance: of each, the part of other receipts' items that would have. */
  chance: number;
}

/** Figures by store. Lines before the window is whole, of non-members and of persons with one receipt are left out. */
export function directFigures(
  trails: RopoTrails,
  stores: number,
  { level, windowDays }: RopoDefinition,
): DirectFigures[] {
  const itemOf = ITEM_OF[level];
  const figures = Array.from({ length: stores }, () => ({ persons: 0, lines: 0, researched: 0, chance: 0 }));
  const viewsOf = rowsByPerson(trails.viewPerson);
  for (const [person, lines] of rowsByPerson(trails.linePerson)) {
    const own = lines.filter((line) => trails.lineIsMember[line] === 1);
    const views = viewsOf.get(person) ?? [];
    const isViewed = (sku: number, at: number) =>
      views.some((view) => {
        const before = at - trails.viewAt[view]!;
        return before > 0 && before <= windowDays * DAY && itemOf(trails.viewSku[view]!) === itemOf(sku);
      });
    let isCounted = false;
    for (const line of own) {
      const at = trails.lineAt[line]!;
      const others = own.filter((other) => trails.lineReceipt[other] !== trails.lineReceipt[line]);
      if (others.length === 0 || at < ROPO_START + windowDays * DAY) continue;
      const store = figures[trails.lineStore[line]!]!;
      store.lines++;
      if (isViewed(trails.lineSku[line]!, at)) store.researched++;
      store.chance += others.filter((other) => isViewed(trails.lineSku[other]!, at)).length / others.length;
      if (!isCounted) store.persons++;
      isCounted = true;
    }
  }
  return figures;
}

function rowsByPerson(persons: Int32Array): Map<number, number[]> {
  const rows = new Map<number, number[]>();
  for (const [row, person] of persons.entries()) {
    const own = rows.get(person);
    if (own) own.push(row);
    else rows.set(person, [row]);
  }
  return rows;
}
