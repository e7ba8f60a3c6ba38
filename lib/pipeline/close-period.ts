import { isDay } from '../domain/instant.ts';
import type { BuildManifest, ClosedPeriods, Closing } from '../ports.ts';

/** Why a period cannot be closed, in words for who asked. */
export class CannotClose extends Error {}

const HOUR = 3_600_000;

/** A day is over everywhere when it is over twelve hours west of Greenwich. */
const overEverywhere = (day: string) => Date.parse(`${day}T00:00:00Z`) + 36 * HOUR;

export interface CloseRequest {
  periods: ClosedPeriods;
  /** The published build; null before the first. */
  build: BuildManifest | null;
  /** The last day to close, as 2025-03-31. */
  through: string;
  /** Epoch milliseconds. */
  now: number;
}

/**
 * Closes all days up to one: every later build reports them as the published build does, and books what would change
 * them on the first open day. A closed period is not opened again.
 * @throws CannotClose when there is no such day, it is not over, it is closed already, or the build is older than its end
 */
export async function closePeriod({
  periods,
  build,
  through,
  now,
}: CloseRequest): Promise<Closing & { figures: number }> {
  if (!isDay(through))
    throw new CannotClose(`"${through}" is no day of the calendar; give one such as 2025-03-31`);
  if (build === null)
    throw new CannotClose(`Nothing has been built yet, so there is nothing to keep. Run: npx ropo build`);
  const last = (await periods.list()).at(-1);
  if (last && last.closed_through >= through) {
    const closed = `${last.closed_through} was closed on ${last.closed_at.slice(0, 10)}`;
    throw new CannotClose(
      `${through} is closed already: all up to ${closed}. Closed periods are not opened again`,
    );
  }
  if (now < overEverywhere(through))
    throw new CannotClose(
      `${through} cannot be closed: it is not over yet everywhere. Close it from ${new Date(overEverywhere(through)).toISOString()} on`,
    );
  if (Date.parse(build.built_at) < overEverywhere(through))
    throw new CannotClose(
      `${through} cannot be closed on build ${build.build_id}: it was made on ${build.built_at.slice(0, 10)}, before that day was over everywhere. Run: npx ropo build, and then close`,
    );
  if (!build.tables.some(({ name }) => name === 'ledger'))
    throw new CannotClose(
      `${through} cannot be closed: build ${build.build_id} was made by a version that knew no closings. Run: npx ropo build`,
    );
  const closing: Closing = {
    closed_through: through,
    closed_at: new Date(now).toISOString(),
    build_id: build.build_id,
  };
  return { ...closing, figures: await periods.keep(closing) };
}
