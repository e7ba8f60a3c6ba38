import type { LocalRows } from './local-rows.ts';
import { type Share, shareOf } from './part-reader.ts';
import { PathRows } from './path-rows.ts';
import { endHelpers, type SharedPaths, sharedPaths, startHelper } from './shared-work.ts';
import { addJourneys } from './touch-journeys.ts';
import { bucketAt, type TouchBuckets } from './touch-pages.ts';

export interface TouchTask {
  buckets: TouchBuckets;
  channels: string[];
  decimals: number;
}

/** Buckets from which on a thread more pays: half a million touches. */
const WORTH_A_THREAD = 5;

/** Makes paths of the touches of all buckets, which the threads take one by one. */
export async function shareTouches(task: TouchTask, threads: number): Promise<SharedPaths> {
  const shared = new Int32Array(new SharedArrayBuffer(4));
  const most = Math.min(threads, Math.max(1, Math.floor(task.buckets.pages.length / WORTH_A_THREAD)));
  const helpers = Array.from({ length: most - 1 }, () =>
    startHelper('./touch-worker.mjs', { task, shared, threads: most }),
  );
  const close = () => endHelpers(helpers);
  try {
    return await sharedPaths(takeBuckets(task, shared, most), helpers, close);
  } catch (error) {
    await close();
    throw error;
  }
}

/** Takes buckets until none is left. */
export function takeBuckets(
  { buckets, channels, decimals }: TouchTask,
  shared: Int32Array,
  threads: number,
): Share {
  const count = buckets.pages.length;
  const paths = new PathRows();
  let taken = 0;
  for (let bucket = Atomics.add(shared, 0, 1); bucket < count; bucket = Atomics.add(shared, 0, 1)) {
    addJourneys(bucketAt(buckets, bucket), paths);
    // Buckets are alike: what the first one needs says what all will.
    const all = (count / threads) * 1.1;
    if (taken++ === 0) paths.reserve(Math.ceil(paths.rows * all), Math.ceil(paths.length * all));
  }
  const { rows, length, steps, starts, conversions, nulls, values } = paths;
  const local: LocalRows = {
    names: channels,
    rows,
    length,
    steps,
    starts,
    conversions,
    nulls,
    values,
    decimals,
    rounded: 0,
    persons: null,
    problems: { first: [], count: 0 },
  };
  return shareOf(local);
}
