import type { Measure, Sensitive, Unit } from './kpi.ts';

/** A figure that is a sum of the query. */
export const sum = (name: string, unit: Unit, title: string, definition: string, of = name): Measure => ({
  name,
  title,
  unit,
  definition,
  of,
});
/** A figure that is a ratio of two sums. */
export const ratio = (
  name: string,
  unit: Unit,
  title: string,
  definition: string,
  over: string,
  under: string,
): Measure => ({
  name,
  title,
  unit,
  definition,
  of: { over, under },
});

/** A figure that not every reader may know. */
export const sensitive = (tells: Sensitive, measure: Measure): Measure => ({ ...measure, sensitive: tells });
