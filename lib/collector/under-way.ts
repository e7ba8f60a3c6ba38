import type { CollectorLimits } from './limits.ts';
import { tooMany } from './problem.ts';

/** Does work when it is its turn: only so much of it runs at once, the rest waits in the order it came. */
export type Turns = <T>(work: () => Promise<T>) => Promise<T>;

/** Memory that requests share. */
interface Room {
  bytes: number;
  readonly limit: number;
  readonly unpacking: Turns;
}

/** What requests hold in memory, from all routes. Strangers have a room of their own: they take none from clients. */
export interface UnderWay {
  /** Of requests whose headers or address name a key of the shop. */
  known: Room;
  /** Of requests whose key, if there is one, stands in the body. */
  strangers: Room;
}

/** What one request holds. */
export interface Share {
  /**
   * Counts more bytes, until the request ends.
   * @throws Refused 429 where all requests together hold too many
   */
  take(bytes: number): void;
  /** Unpacks a body when it is its turn. */
  unpacking: Turns;
}

/** Bodies unpacked at once. They and the log's writes share four threads, of which one stays free. */
const UNPACKED_AT_ONCE = { known: 2, strangers: 1 };

/** Room for the requests of one collector. */
export function underWay(limits: Pick<CollectorLimits, 'underWayBytes' | 'strangersBytes'>): UnderWay {
  return {
    known: { bytes: 0, limit: limits.underWayBytes, unpacking: turns(UNPACKED_AT_ONCE.known) },
    strangers: { bytes: 0, limit: limits.strangersBytes, unpacking: turns(UNPACKED_AT_ONCE.strangers) },
  };
}

/** Does all of a request's work; what it took of the room is given back at its end, however it ends. */
export async function sharing<T>(room: Room, work: (share: Share) => Promise<T>): Promise<T> {
  let taken = 0;
  const take = (bytes: number) => {
    taken += bytes;
    room.bytes += bytes;
    if (room.bytes > room.limit) throw tooMany('Too much is being sent at once', 2);
  };
  try {
    return await work({ take, unpacking: room.unpacking });
  } finally {
    room.bytes -= taken;
  }
}

/** Turns of which so many run at once. */
export function turns(most: number): Turns {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (running < most) running += 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      // The next one takes over this turn, so that nobody comes between.
      if (next) next();
      else running -= 1;
    }
  };
}
