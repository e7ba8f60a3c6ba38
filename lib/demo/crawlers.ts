import { CALENDAR_DAYS, CALENDAR_START, DAY, SECOND } from './calendar.ts';
import { type Catalogue, drawSku } from './catalogue.ts';
import type { Session, Step } from './plan.ts';
import type { Random } from './random.ts';
import { CRAWLER_AGENTS } from './user-agents.ts';
import { DIRECT } from './visit-campaigns.ts';

const VISITS_PER_PERSON = 0.03;

/** Visits of search engines, price watchers and the like: page after page, a new browser every time. */
export function crawl(random: Random, catalogue: Catalogue, persons: number): Session[] {
  const visits = Math.max(2, Math.round(persons * VISITS_PER_PERSON));
  return Array.from({ length: visits }, (_, number): Session => {
    let at = CALENDAR_START + random.int((CALENDAR_DAYS - 1) * DAY);
    const steps: Step[] = [];
    for (let pages = 12 + random.int(14); pages > 0; pages--) {
      const category = random.pick(catalogue.categories);
      if (random.chance(0.2)) steps.push({ at, kind: 'list', category });
      else steps.push({ at, kind: 'product', sku: drawSku(random, category) });
      at += (1 + random.int(4)) * SECOND;
    }
    const anonymousId = random.uuid();
    return {
      id: random.hex(28),
      person: null,
      device: {
        kind: 'laptop',
        userAgent: CRAWLER_AGENTS[number % CRAWLER_AGENTS.length]!,
        ids: [{ from: 0, id: anonymousId }],
        consent: null,
      },
      anonymousId,
      entry: DIRECT,
      tagging: 'context',
      loginAt: null,
      steps,
      isLate: false,
    };
  });
}
