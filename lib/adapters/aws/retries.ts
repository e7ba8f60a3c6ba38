import { setTimeout as pause } from 'node:timers/promises';

/** How long something is tried again, and how the waits between are made. */
export interface RetryBudget {
  /** Milliseconds from the first attempt after which none begins any more. */
  forMs: number;
  /** Longest wait before the second attempt, in milliseconds; it doubles from there on. 50 unless told. */
  firstWaitMs?: number;
  /** Longest wait of all, in milliseconds; 2,000 unless told. */
  longestWaitMs?: number;
}

/** What an attempt left undone, and why. */
export interface Left<Item> {
  left: Item[];
  /** Error of one of them, as the service names it. */
  reason: string;
}

/** Thrown where the budget is spent and something is still left. */
export class RetriesSpent extends Error {
  /** How many were left. */
  readonly left: number;
  /** Why, as the service named it last. */
  readonly reason: string;
  constructor(what: string, left: number, attempts: number, ms: number, reason: string) {
    super(
      `${what}: ${left} left after ${attempts} attempts in ${Math.round(ms)} ms, the last ended with ${reason}; it is sent again later`,
    );
    this.left = left;
    this.reason = reason;
  }
}

/** Errors by which a service says that it is too busy, or failed by itself: the same may do well a moment later. */
const PASSING = new Set([
  'ProvisionedThroughputExceededException',
  'ThrottlingException',
  'ThrottledException',
  'Throttling',
  'RequestLimitExceeded',
  'LimitExceededException',
  'KMSThrottlingException',
  'TransactionConflictException',
  'ReplicatedWriteConflictException',
  'ServiceUnavailableException',
  'ServiceUnavailable',
  'SlowDown',
  'InternalFailure',
  'InternalServerError',
  'InternalError',
  'TimeoutError',
  'RequestTimeout',
  'ECONNRESET',
  'ECONNREFUSED',
  'EPIPE',
  'ETIMEDOUT',
  'EAI_AGAIN',
]);
const SERVER_ERRORS = 500;

/** The name of an error that passes by itself; null of any other. */
export function passingReason(error: unknown): string | null {
  const { name, code, $metadata } = (error ?? {}) as {
    name?: string;
    code?: unknown;
    $metadata?: { httpStatusCode?: number };
  };
  if (name !== undefined && PASSING.has(name)) return name;
  // Streams and sessions of HTTP/2 that break have codes of their own.
  if (typeof code === 'string' && (PASSING.has(code) || code.startsWith('ERR_HTTP2_'))) return code;
  return ($metadata?.httpStatusCode ?? 0) >= SERVER_ERRORS ? (name ?? 'ServerError') : null;
}

/**
 * Sends items until none is left, each time only what the time before left undone. Waits are of random length up to a
 * bound that doubles ("full jitter"), so that many that failed together do not come back together. Durations are by a
 * clock that nobody sets.
 * @param attempt sends some, and tells what was left; what it throws and does not pass ends it at once
 * @throws RetriesSpent when the budget is spent before all is done
 */
export async function untilNoneLeft<Item>(
  what: string,
  items: readonly Item[],
  attempt: (items: Item[]) => Promise<Left<Item>>,
  { forMs, firstWaitMs = 50, longestWaitMs = 2000 }: RetryBudget,
): Promise<void> {
  const began = performance.now();
  let left = [...items];
  for (let attempts = 1; left.length > 0; attempts++) {
    let reason: string;
    try {
      const came = await attempt(left);
      left = came.left;
      reason = came.reason;
    } catch (error) {
      const passing = passingReason(error);
      if (passing === null) throw error;
      reason = passing;
    }
    if (left.length === 0) return;
    const wait = Math.random() * Math.min(longestWaitMs, firstWaitMs * 2 ** (attempts - 1));
    const spent = performance.now() - began;
    if (spent + wait >= forMs) throw new RetriesSpent(what, left.length, attempts, spent, reason);
    await pause(wait);
  }
}

/** One request, sent again as long as what fails passes by itself. */
export async function untilDone<Output>(
  what: string,
  request: () => Promise<Output>,
  budget: RetryBudget,
): Promise<Output> {
  let output: Output | undefined;
  await untilNoneLeft(
    what,
    [null],
    async () => {
      output = await request();
      return { left: [], reason: '' };
    },
    budget,
  );
  return output as Output;
}

/** Does things with at most so many of them under way, and gives what came of them in their order. */
export async function atMost<Item, Output>(
  many: number,
  items: readonly Item[],
  work: (item: Item) => Promise<Output>,
): Promise<Output[]> {
  const outputs = new Array<Output>(items.length);
  let next = 0;
  let isFailed = false;
  const worker = async () => {
    while (next < items.length && !isFailed) {
      const at = next++;
      try {
        outputs[at] = await work(items[at]!);
      } catch (error) {
        isFailed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(many, items.length) }, worker));
  return outputs;
}

/** Items in runs of at most so many. */
export function partsOf<Item>(items: readonly Item[], most: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / most) }, (_, n) =>
    items.slice(n * most, (n + 1) * most),
  );
}

/** Lets at most so many go at once, the others after them in the order they came. */
export function createTurns(many: number): <Output>(work: () => Promise<Output>) => Promise<Output> {
  let going = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (going >= many) await new Promise<void>((resolve) => waiting.push(resolve));
    else going += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else going -= 1;
    }
  };
}
