import { SAFE_HEADERS } from './safe-headers.ts';

/** Every way in which a request is not answered: the last part of its type, its status and its title, which do not change. */
export const PROBLEMS = {
  'bad-parameter': { status: 400, title: 'A parameter has a value that it cannot have' },
  'unknown-parameter': { status: 400, title: 'There is no such parameter here' },
  'not-signed-in': { status: 401, title: 'A good bearer token is needed' },
  'not-permitted': { status: 403, title: 'Your role may not see this' },
  elsewhere: { status: 403, title: 'This is answered on this machine only' },
  'not-found': { status: 404, title: 'Nothing is here' },
  'method-not-allowed': { status: 405, title: 'This can only be read' },
  'impossible-question': { status: 422, title: 'These parameters do not go together' },
  'answer-too-large': { status: 422, title: 'The answer is larger than can be sent' },
  'too-many-requests': { status: 429, title: 'Too many requests' },
  failed: { status: 500, title: 'The question could not be answered' },
  'nothing-built': { status: 503, title: 'Nothing has been built yet; run ropo build' },
  'old-build': { status: 503, title: 'The published build is of an earlier version; run ropo build' },
  busy: { status: 503, title: 'Too many questions at once' },
  'still-working': { status: 503, title: 'The question takes longer than an answer may' },
} as const;
export type ProblemName = keyof typeof PROBLEMS;
export type ProblemStatus = (typeof PROBLEMS)[ProblemName]['status'];

/** What a problem says besides. Values are what the request itself said, cut to 200 characters. */
export interface ProblemFacts {
  /** One sentence about this request. */
  detail?: string;
  /** The parameter, header or part of the address that is wrong. */
  field?: string;
  value?: string;
  /** What it can be. */
  allowed?: readonly string[];
  /** The reader's role, and those that would do. */
  role?: string;
  roles_allowed?: readonly string[];
}

/** A request that is answered with a problem in the words of RFC 9457. */
export class Problem extends Error {
  readonly kind: ProblemName;
  readonly facts: ProblemFacts;
  readonly headers: Readonly<Record<string, string>>;
  constructor(kind: ProblemName, facts: ProblemFacts = {}, headers: Readonly<Record<string, string>> = {}) {
    super(facts.detail ?? PROBLEMS[kind].title);
    this.kind = kind;
    this.facts = facts;
    this.headers = headers;
  }
}

const LONGEST_VALUE = 200;
export const PROBLEM_TYPE = 'urn:ropo:problem:';

/** The answer that says a problem. */
export function problemResponse({ kind, facts, headers }: Problem): Response {
  const { status, title } = PROBLEMS[kind];
  const value = facts.value === undefined ? {} : { value: facts.value.slice(0, LONGEST_VALUE) };
  return new Response(JSON.stringify({ type: `${PROBLEM_TYPE}${kind}`, title, status, ...facts, ...value }), {
    status,
    headers: { ...SAFE_HEADERS, 'content-type': 'application/problem+json', ...headers },
  });
}

/** A 429 or 503 that says when to come again. */
export const comeAgain = (kind: 'too-many-requests' | 'busy' | 'still-working', seconds: number): Problem =>
  new Problem(
    kind,
    { detail: `${PROBLEMS[kind].title}; come back in ${seconds} second${seconds === 1 ? '' : 's'}` },
    { 'retry-after': String(seconds) },
  );
