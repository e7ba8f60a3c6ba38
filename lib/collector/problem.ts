export type ProblemStatus = 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 429 | 500 | 503;

/** What else a problem says: a code that does not change, and what is wrong with which field. Never personal data. */
export interface ProblemFacts {
  code: string;
  field?: string;
  value?: string | number;
  limit?: string | number;
  [name: string]: unknown;
}

/** A request that is answered with a problem; nothing of it was taken in. */
export class Refused extends Error {
  readonly status: ProblemStatus;
  readonly facts: ProblemFacts;
  readonly headers: Record<string, string>;
  constructor(
    status: ProblemStatus,
    title: string,
    facts: ProblemFacts,
    headers: Record<string, string> = {},
  ) {
    super(title);
    this.status = status;
    this.facts = facts;
    this.headers = headers;
  }
}

/** Too much at once, of whatever the title says: a 429 that says when to come again. */
export function tooMany(title: string, seconds: number): Refused {
  return new Refused(
    429,
    `${title}; come back in ${seconds} seconds`,
    { code: 'too_many', value: seconds },
    { 'retry-after': String(seconds) },
  );
}

/** The 404 for a path that is no route. */
export const nothingAt = (path: string) =>
  new Refused(404, 'Nothing is at this address', { code: 'not_found', value: path });

/** A problem in the words of RFC 9457. */
export function problemResponse({ status, message, facts, headers }: Refused): Response {
  return new Response(JSON.stringify({ type: 'about:blank', title: message, status, ...facts }), {
    status,
    headers: { 'content-type': 'application/problem+json', ...headers },
  });
}
