import { comeAgain } from '../problem.ts';

export interface TurnstileLimits {
  /** How many questions run at a time. */
  atOnce: number;
  /** How many of one reader run or wait. */
  ofOneReader: number;
  /** How many run or wait in all. */
  inAll: number;
}

/**
 * Lets questions that need the engine through, a few at a time: first those of whom the fewest run, then in the order they
 * came, so that who asks much waits for himself and not the others for him.
 */
export interface Turnstile {
  /** @throws Problem (429, 503) where too many are waiting */
  through<Answer>(reader: string, ask: () => Promise<Answer>): Promise<Answer>;
  /** What nobody waits for: one at a time, and only while no reader's question runs. */
  behind<Answer>(ask: () => Promise<Answer>): Promise<Answer>;
}

export function turnstile({ atOnce, ofOneReader, inAll }: TurnstileLimits): Turnstile {
  const ofReader = new Map<string, number>();
  const waiting: { reader: string; enter: () => void }[] = [];
  const behind: (() => void)[] = [];
  const runningOf = new Map<string, number>();
  let running = 0;
  let isOneBehind = false;
  let present = 0;

  const count = (reader: string, by: number) => {
    const now = (ofReader.get(reader) ?? 0) + by;
    if (now > 0) ofReader.set(reader, now);
    else ofReader.delete(reader);
    present += by;
  };

  const run = (reader: string, by: number) => {
    const now = (runningOf.get(reader) ?? 0) + by;
    if (now > 0) runningOf.set(reader, now);
    else runningOf.delete(reader);
  };
  const nextToEnter = () => {
    const runs = waiting.map(({ reader }) => runningOf.get(reader) ?? 0);
    return waiting.splice(runs.indexOf(Math.min(...runs)), 1)[0];
  };

  const leave = () => {
    const next = nextToEnter();
    if (next) {
      run(next.reader, 1);
      next.enter();
      return;
    }
    running -= 1;
    letOneBehind();
  };
  const letOneBehind = () => {
    if (running > 0 || isOneBehind) return;
    const enter = behind.shift();
    isOneBehind = enter !== undefined;
    enter?.();
  };

  return {
    async through(reader, ask) {
      if ((ofReader.get(reader) ?? 0) >= ofOneReader) throw comeAgain('too-many-requests', 1);
      if (present >= inAll) throw comeAgain('busy', 1);
      count(reader, 1);
      try {
        // Who leaves hands the place on, so that nobody who comes in between takes it.
        if (running >= atOnce) await new Promise<void>((enter) => waiting.push({ reader, enter }));
        else {
          running += 1;
          run(reader, 1);
        }
        try {
          return await ask();
        } finally {
          run(reader, -1);
          leave();
        }
      } finally {
        count(reader, -1);
      }
    },
    async behind(ask) {
      await new Promise<void>((enter) => {
        behind.push(enter);
        letOneBehind();
      });
      try {
        return await ask();
      } finally {
        isOneBehind = false;
        letOneBehind();
      }
    },
  };
}
