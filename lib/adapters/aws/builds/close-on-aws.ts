import { randomUUID } from 'node:crypto';
import { CannotClose, closePeriod } from '../../../pipeline/close-period.ts';
import type { Closing } from '../../../ports.ts';
import { createAthenaClosedPeriods } from '../athena/closed-periods.ts';
import { readPointer } from '../athena/pointer.ts';
import { releaseLock, takeLock } from './build-lock.ts';
import { type BuildWorld, findManifest } from './build-state.ts';
import { beginRawChange } from './raw-versions.ts';

/**
 * Closes all days up to one on the published build. No build runs meanwhile.
 * @param through the last day to close, as 2025-03-31
 * @throws CannotClose when that cannot be, or a build is under way
 */
export async function closeOnAws(world: BuildWorld, through: string): Promise<Closing & { figures: number }> {
  const id = `close-${randomUUID()}`;
  const { lock, isMine } = await takeLock(world.objects, { holder: id, buildId: id, now: world.now() });
  if (!isMine)
    throw new CannotClose(
      `${through} cannot be closed now: build ${lock.build_id} is under way since ${lock.taken_at}. Close when it is done`,
    );
  try {
    const { pointer } = await readPointer(world.s3, world.bucket);
    const build = pointer && (await findManifest(world, pointer.build_id));
    const periods = createAthenaClosedPeriods(world);
    return await closePeriod({
      periods: {
        list: () => periods.list(),
        async keep(closing) {
          await beginRawChange(world.objects, 'raw_closings');
          return await periods.keep(closing);
        },
      },
      build,
      through,
      now: world.now(),
    });
  } finally {
    await releaseLock(world.objects, id);
  }
}
