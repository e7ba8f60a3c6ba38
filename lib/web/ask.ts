import type { KpiAnswer } from '../pipeline/kpi-answer.ts';
import { accessToken, hasSignIn, renew } from './sign-in/session.ts';
import { createStore } from './store.ts';

/** A problem as the API says it (RFC 9457); status 0 where no answer came. */
export interface Problem {
  title: string;
  status: number;
  /** Which problem it is; absent where no answer came. */
  type?: string;
  detail?: string;
  field?: string;
  value?: string;
  allowed?: readonly string[];
}

export class ProblemError extends Error {
  readonly problem: Problem;
  /** Seconds after which to ask again; null where the server did not say. */
  readonly retryAfter: number | null;
  constructor(problem: Problem, retryAfter: number | null = null) {
    super(problem.title);
    this.problem = problem;
    this.retryAfter = retryAfter;
  }
}

/** A question to the API; what is undefined is not asked. */
export interface Question {
  kpi: string;
  by?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
  model?: string | undefined;
  compare?: string | undefined;
  limit?: number | undefined;
  offset?: number | undefined;
  filters?: Readonly<Record<string, string>> | undefined;
}

/** The address of a question in the API. */
export function addressOf({ kpi, filters = {}, ...rest }: Question, format?: 'csv'): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...rest, ...filters, format }))
    if (value !== undefined) query.set(name, String(value));
  const text = query.toString();
  return `/v1/kpis/${encodeURIComponent(kpi)}${text === '' ? '' : `?${text}`}`;
}

/** Set while the API wants a token that it was not given. */
export const wantsToken = createStore(false);
const TOKEN = 'ropo-token';

export function giveToken(token: string): void {
  sessionStorage.setItem(TOKEN, token);
  wantsToken.set(false);
  newest();
}

/** A question that the server goes on with after it had to answer: asking again joins it. */
const STILL_WORKING = 'urn:ropo:problem:still-working';
/** How often the page asks for the same again, each time after as long as it is told. */
const MOST_AGAIN = 24;

/** The one way in which the page asks its server. */
export async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  for (let times = 0; ; times++) {
    try {
      return await askOnce(path, init);
    } catch (error) {
      const isUnderWay = error instanceof ProblemError && error.problem.type === STILL_WORKING;
      if (!isUnderWay || times === MOST_AGAIN) throw error;
      await pause((error.retryAfter ?? 5) * 1000, init.signal);
    }
  }
}

/** @throws DOMException as fetch does when the request is ended */
const pause = (ms: number, signal: AbortSignal | null | undefined) =>
  new Promise<void>((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      reject(new DOMException('The request was ended', 'AbortError'));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', end);
      resolve();
    }, ms);
    if (signal?.aborted) end();
    else signal?.addEventListener('abort', end, { once: true });
  });

async function askOnce(path: string, init: RequestInit): Promise<Response> {
  const token = hasSignIn() ? await accessToken() : sessionStorage.getItem(TOKEN);
  // Who is not signed in is not answered: that need not be asked.
  if (hasSignIn() && token === null) throw notSignedIn();
  let response = await sent(path, init, token);
  if (response.status === 401 && hasSignIn()) {
    const renewed = await renew();
    if (renewed === 'ended') throw notSignedIn();
    if (renewed === 'offline') throw new ProblemError({ title: '', status: 0 });
    response = await sent(path, init, await accessToken());
  }
  if (response.status === 401) wantsToken.set(true);
  if (!response.ok && response.status !== 304) {
    const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
    throw new ProblemError(await problemOf(response), Number.isFinite(seconds) ? seconds : null);
  }
  return response;
}

async function sent(path: string, init: RequestInit, token: string | null): Promise<Response> {
  const headers = new Headers(init.headers);
  if (token !== null) headers.set('authorization', `Bearer ${token}`);
  try {
    return await fetch(path, { ...init, headers });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ProblemError({ title: '', status: 0 });
  }
}

function notSignedIn(): ProblemError {
  wantsToken.set(true);
  return new ProblemError({ title: '', status: 401 });
}

async function problemOf(response: Response): Promise<Problem> {
  try {
    return { ...((await response.json()) as Problem), status: response.status };
  } catch {
    return { title: response.statusText, status: response.status };
  }
}

export const askJson = async <T>(path: string, init?: RequestInit): Promise<T> =>
  (await (await ask(path, init)).json()) as T;

/** Answers of the build that is shown, and those under way, by address. */
const answers = new Map<string, KpiAnswer>();
const underWay = new Map<string, { answer: Promise<KpiAnswer>; listeners: number; abort: AbortController }>();

/** Grows when all figures are to be asked again. */
export const generation = createStore(0);
/** The build whose figures are shown. */
export const shownBuild = createStore<string | null>(null);
/** A build that was published since, which the reader may want. */
export const newerBuild = createStore<string | null>(null);

export const answered = (path: string): KpiAnswer | undefined => answers.get(path);

/** Asks for an answer once, however many parts of the page want it; ends the request when none wants it any more. */
export function wantAnswer(path: string): { answer: Promise<KpiAnswer>; leave(): void } {
  let one = underWay.get(path);
  if (!one) {
    const abort = new AbortController();
    const answer = askJson<KpiAnswer>(path, { signal: abort.signal })
      .then(take(path))
      .finally(() => underWay.delete(path));
    answer.catch(() => {});
    one = { answer, listeners: 0, abort };
    underWay.set(path, one);
  }
  const held = one;
  held.listeners += 1;
  return {
    answer: held.answer,
    leave() {
      held.listeners -= 1;
      if (held.listeners > 0 || underWay.get(path) !== held) return;
      underWay.delete(path);
      held.abort.abort();
    },
  };
}

const take = (path: string) => (answer: KpiAnswer) => {
  const shown = shownBuild.get();
  // Figures of two builds do not stand side by side: the first of a newer one brings all others along.
  if (shown !== null && shown !== answer.build_id) newest();
  shownBuild.set(answer.build_id);
  answers.set(path, answer);
  return answer;
};

/** Shows the figures of the newest build. */
export function newest(): void {
  answers.clear();
  newerBuild.set(null);
  shownBuild.set(null);
  generation.set(generation.get() + 1);
}

/** Looks now and then whether a new build was published; ends when the function that it gives is called. */
export function watchBuild(everyMs = 30_000): () => void {
  let etag: string | null = null;
  const look = async () => {
    if (document.hidden) return;
    try {
      const response = await ask('/v1/build', { headers: etag === null ? {} : { 'if-none-match': etag } });
      if (response.status === 304) return;
      etag = response.headers.get('etag');
      const { build_id } = (await response.json()) as { build_id: string };
      const shown = shownBuild.get();
      if (shown !== null && build_id !== shown) newerBuild.set(build_id);
    } catch {
      // The next look may succeed; what is shown says itself when asking fails.
    }
  };
  const timer = setInterval(look, everyMs);
  document.addEventListener('visibilitychange', look);
  return () => {
    clearInterval(timer);
    document.removeEventListener('visibilitychange', look);
  };
}
