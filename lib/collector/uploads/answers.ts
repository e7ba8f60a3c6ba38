import { problemResponse, Refused } from '../problem.ts';
import { UnreadableBody } from '../read-body.ts';

/** The one answer to whoever cannot show a good signature: it does not tell the key that is missing from the one that is wrong. */
export function notSigned(): Refused {
  return new Refused(
    401,
    'The request is not signed by a key of this shop; see docs/collector.md for how to sign',
    { code: 'not_signed' },
  );
}

/** What went wrong as an answer; what is no fault of the request is thrown on. */
export function uploadProblem(error: unknown): Response {
  if (error instanceof Refused) return problemResponse(error);
  if (error instanceof UnreadableBody) {
    const [code = 'unreadable'] = error.message.split(':');
    return problemResponse(new Refused(400, error.message, { code, field: 'body' }));
  }
  throw error;
}
