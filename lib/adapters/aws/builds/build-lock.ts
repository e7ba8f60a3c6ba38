import { type JsonObjects, WrittenMeanwhile } from './json-objects.ts';

/** Who may change raw tables and publish; at most one at any time. */
export interface BuildLock {
  /** Name of the execution that holds it; equal for each try of the same. */
  holder: string;
  build_id: string;
  taken_at: string;
  /** From then on anybody may take it over: whoever held it is gone. */
  expires_at: string;
}

const KEY = 'builds/lock.json';

/**
 * A holder that is alive renews it with each thing that it does; the longest of these is a query or a function, neither
 * of which takes an hour.
 */
const MINUTES = 90;

/** A build that lost its lock to another stops: what it made is cleared away by the other. */
export class LockLost extends Error {
  override name = 'LockLost';
}

/**
 * Takes the lock, or tells who has it. The same holder gets it again, with the build that it began with; one that was not
 * renewed in time is taken over. Of two that come at once S3 lets one write.
 */
export async function takeLock(
  objects: JsonObjects,
  asked: { holder: string; buildId: string; now: number },
): Promise<{ lock: BuildLock; isMine: boolean }> {
  const found = await objects.read<BuildLock>(KEY);
  if (found && Date.parse(found.value.expires_at) > asked.now && found.value.holder !== asked.holder)
    return { lock: found.value, isMine: false };
  const isAgain = found?.value.holder === asked.holder && Date.parse(found.value.expires_at) > asked.now;
  const lock: BuildLock = isAgain
    ? { ...found.value, expires_at: expiry(asked.now) }
    : {
        holder: asked.holder,
        build_id: asked.buildId,
        taken_at: new Date(asked.now).toISOString(),
        expires_at: expiry(asked.now),
      };
  try {
    await objects.write(KEY, lock, found);
    return { lock, isMine: true };
  } catch (error) {
    if (!(error instanceof WrittenMeanwhile)) throw error;
    const other = await objects.read<BuildLock>(KEY);
    if (!other) throw error;
    return { lock: other.value, isMine: other.value.holder === asked.holder };
  }
}

/**
 * Says that a build is alive. Writes only when a third of the time has passed, so that many tables at once cost little.
 * @throws LockLost when another holds it now
 */
export async function renewLock(objects: JsonObjects, buildId: string, now: number): Promise<void> {
  const found = await objects.read<BuildLock>(KEY);
  if (found?.value.build_id !== buildId || Date.parse(found.value.expires_at) <= now)
    throw new LockLost(
      `Build ${buildId} does not hold the lock any more: ${found && Date.parse(found.value.expires_at) > now ? `build ${found.value.build_id} does` : 'it was not renewed in time'}. Start another build`,
    );
  if (Date.parse(found.value.expires_at) - now > (MINUTES * 60_000 * 2) / 3) return;
  try {
    await objects.write(KEY, { ...found.value, expires_at: expiry(now) }, found);
  } catch (error) {
    // A table of the same build renewed it at the same moment; if it was another's, the next look shows that.
    if (!(error instanceof WrittenMeanwhile)) throw error;
  }
}

/** The lock of an execution while it holds it; null once it has none. */
export async function lockOf(objects: JsonObjects, holder: string): Promise<BuildLock | null> {
  const found = await objects.read<BuildLock>(KEY);
  return found?.value.holder === holder ? found.value : null;
}

/** Lets go. Whoever does not hold it changes nothing. */
export async function releaseLock(objects: JsonObjects, buildId: string): Promise<void> {
  const found = await objects.read<BuildLock>(KEY);
  if (found?.value.build_id !== buildId) return;
  try {
    await objects.write(KEY, { ...found.value, expires_at: new Date(0).toISOString() }, found);
  } catch (error) {
    if (!(error instanceof WrittenMeanwhile)) throw error;
  }
}

const expiry = (now: number) => new Date(now + MINUTES * 60_000).toISOString();
