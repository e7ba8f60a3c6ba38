import type { Arrivals, World } from '../../lib/demo/worlds/world.ts';
import type { Rule } from '../../lib/validate/rule-credits.ts';
import type { WorldJourneys } from '../../lib/validate/world-journeys.ts';

/**
 * Few persons with many orders, and newsletters that some have and most have not: what one person does again and again
 * must not look like many. All channels are alike but for how many are listed.
 */
export function regularsWorld(name: string, listed: readonly number[]): World {
  const touches = (part: number): Arrivals => ({
    steady: 0.4,
    mailing: { everyDays: 10, listed: part, noticed: 0.6 },
  });
  return {
    name,
    works: 'every channel',
    harvests: 'nothing',
    trap: 'purchases of one person count as many',
    baseline: { steady: 2.5, bursts: 0, burstDays: 0, perBurst: 0, activityShape: 1, activeBuyMore: true },
    memoryDays: 30,
    channels: listed.map((part, number) => ({
      name: `Letter ${number + 1}`,
      source: 'letter',
      medium: 'email',
      touchType: 'email_click',
      touchCost: 5,
      isVisit: true,
      touches: touches(part),
      effect: { orders: 0.03, halfLifeDays: 3 },
    })),
  };
}

/** Every journey, and every credited amount, is a person of its own: what a bootstrap of journeys would draw. */
export function purchasesAsPersons({ dimensions, rows, credited, ...rest }: WorldJourneys): WorldJourneys {
  const alone = <T extends { person: Int32Array }>(table: T): T => ({
    ...table,
    person: table.person.map((_, row) => row),
  });
  const rules = Object.entries(credited).map(([rule, table]) => [rule, alone(table)] as const);
  const persons = Math.max(rows.person.length, ...rules.map(([, { person }]) => person.length));
  return {
    ...rest,
    dimensions: { ...dimensions, persons },
    rows: alone(rows),
    credited: Object.fromEntries(rules) as Record<Rule, (typeof credited)[Rule]>,
  };
}
