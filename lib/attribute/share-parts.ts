import type { Columns } from './columns.ts';
import { type FileParts, partCount } from './file-parts.ts';
import { readShare } from './part-reader.ts';
import { endHelpers, type SharedPaths, sharedPaths, startHelper } from './shared-work.ts';

/** Places of the shared counter: the next part that nobody has read, and the workers that have begun. */
const NEXT = 0;
export const STARTED = 1;

export const nextPart = (shared: Int32Array) => () => Atomics.add(shared, NEXT, 1);

/** Bytes from which on a thread more pays. */
const WORTH_A_THREAD = 1 << 23;

/**
 * Reads a plain file on several threads. This one begins at once; the others take parts as soon as they are there, so
 * that a small file does not wait for them. Who reads which part changes nothing in what is summed.
 * @param worth Bytes from which on a thread more is started.
 */
export async function readShared(
  columns: Columns,
  parts: FileParts,
  threads: number,
  worth = WORTH_A_THREAD,
): Promise<SharedPaths> {
  const shared = new Int32Array(new SharedArrayBuffer(8));
  const bytes = parts.bytes - parts.start;
  const most = Math.min(threads, partCount(parts), Math.max(1, Math.floor(bytes / worth)));
  const helpers = Array.from({ length: most - 1 }, () =>
    startHelper('./read-worker.mjs', { columns, parts, shared, threads: most }),
  );
  const close = () => endHelpers(helpers);
  try {
    const own = readShare(columns, parts, nextPart(shared), most);
    // A worker that has not begun by now has read nothing, and will not.
    return await sharedPaths(own, Atomics.load(shared, STARTED) > 0 ? helpers : [], close);
  } catch (error) {
    await close();
    throw error;
  }
}
