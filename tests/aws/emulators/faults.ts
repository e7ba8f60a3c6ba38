/** What a call comes to instead of its answer. */
export interface Fault {
  /** Name of the error, as the service writes it; `Dropped` breaks the connection without an answer. */
  code: string;
  /** HTTP status; 400 unless told. */
  status?: number;
  message?: string;
  /** Whether the call is carried out all the same, and only its answer is lost. */
  isDone?: boolean;
}

/** An error that a service answers with. */
export class ServiceError extends Error {
  readonly status: number;
  readonly code: string;
  constructor(code: string, message: string, status = 400) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

type Decide = (request: unknown, call: number) => Fault | null;
type DecideEntry = (place: number, call: number, entry: unknown) => Fault | null;

/** What goes wrong at an emulator, and how often it was called. */
export interface Faults {
  /** Calls by action, those that failed too, since the start or the last `forget`. */
  calls: Record<string, number>;
  /** Called with each request as it comes, before it is carried out. */
  onCall: ((action: string, request: unknown) => void) | null;
  /** The next calls of an action fail: one unless told. */
  fail(action: string, fault: Fault, times?: number): void;
  /** Calls of an action fail as is decided of each, until what is returned is called. */
  failWhile(action: string, decide: Decide): () => void;
  /** Single entries of the calls of an action fail, where it takes several, until what is returned is called. */
  failEntries(action: string, decide: DecideEntry): () => void;
  /** Ends all faults and counts calls from none. */
  forget(): void;
  /** Counts a call and tells what it comes to; null where it is carried out. */
  ofCall(action: string, request: unknown): Fault | null;
  /** What an entry of the call counted last comes to. */
  ofEntry(action: string, place: number, entry: unknown): Fault | null;
}

export function createFaults(): Faults {
  const deciding = new Map<string, Set<Decide>>();
  const entries = new Map<string, Set<DecideEntry>>();
  const keep = <D>(all: Map<string, Set<D>>, action: string, decide: D) => {
    const some = all.get(action) ?? new Set();
    all.set(action, some.add(decide));
    return () => {
      some.delete(decide);
    };
  };
  const faults: Faults = {
    calls: {},
    onCall: null,
    fail(action, fault, times = 1) {
      let left = times;
      const end = keep(deciding, action, () => {
        left -= 1;
        if (left <= 0) end();
        return fault;
      });
    },
    failWhile: (action, decide) => keep(deciding, action, decide),
    failEntries: (action, decide) => keep(entries, action, decide),
    forget() {
      deciding.clear();
      entries.clear();
      faults.calls = {};
    },
    ofCall(action, request) {
      const call = (faults.calls[action] ?? 0) + 1;
      faults.calls[action] = call;
      faults.onCall?.(action, request);
      for (const decide of deciding.get(action) ?? []) {
        const fault = decide(request, call);
        if (fault) return fault;
      }
      return null;
    },
    ofEntry(action, place, entry) {
      for (const decide of entries.get(action) ?? []) {
        const fault = decide(place, faults.calls[action] ?? 0, entry);
        if (fault) return fault;
      }
      return null;
    },
  };
  return faults;
}
