import type { Scene } from './browsing.ts';
import { DAY, MINUTE } from './calendar.ts';
import type { PlannedOrder, PlannedVisit, StoreLook } from './plan.ts';
import { drawTillTime } from './stores.ts';

const MEAN_DAYS_TO_LOOK = 1.8;

/**
 * In, a look, out again without buying, some days after `earliest`. Only the app notices it: of people without one
 * nobody learns. Null when the calendar ends before.
 */
export function lookInStore(
  { person, random, plan }: Scene,
  earliest: number,
  purpose: PlannedVisit['purpose'],
): StoreLook | null {
  const at = drawTillTime(random, person.store, earliest + random.exponential(MEAN_DAYS_TO_LOOK * DAY));
  if (at === null) return null;
  const leftAt = at + (4 + random.int(25)) * MINUTE;
  if (!person.app) return { leftAt, noticed: null };
  const noticed: PlannedVisit = {
    id: random.uuid(),
    at,
    leftAt,
    store: person.store,
    person,
    purpose,
    document: null,
  };
  plan.visits.push(noticed);
  return { leftAt, noticed };
}

/** Looked at in the store, ordered on the web. */
export function showroomed(order: PlannedOrder, look: StoreLook): void {
  order.showroom = look;
  if (look.noticed) Object.assign(look.noticed, { purpose: 'showroom', document: order });
}
