import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Hono } from 'hono';
import { handle } from 'hono/aws-lambda';
import { comeAgain, Problem, problemResponse } from './problem.ts';

export interface GatewayLimits {
  /** How long a request is waited for: API Gateway gives up after 30 seconds and tells its reader nothing. */
  patienceMs: number;
  /** How much earlier than the end of the invocation, so that there is time to say so. */
  reserveMs: number;
  /** Bytes of an answer as JSON: Lambda passes no more than 6 MB on. */
  answerBytes: number;
  /** Seconds after which who was not waited for is told to ask again. */
  askAgain: number;
}

export const GATEWAY_LIMITS: GatewayLimits = {
  patienceMs: 25_000,
  reserveMs: 2000,
  answerBytes: 6_000_000,
  askAgain: 5,
};

/** An HTTP event of API Gateway (format 2.0), and its answer. */
export type GatewayHandler = (
  event: APIGatewayProxyEventV2,
  invocation?: { getRemainingTimeInMillis(): number },
) => Promise<APIGatewayProxyStructuredResultV2>;

/** Who asked, by the address that API Gateway saw; for ApiOptions.addressOf. */
export const gatewayAddress = (host: unknown): string =>
  (host as { requestContext?: { http?: { sourceIp?: string } } } | undefined)?.requestContext?.http
    ?.sourceIp ?? 'unknown';

/**
 * Serves an app behind API Gateway. A question that takes longer than its reader can be kept waiting is answered with 503
 * and a Retry-After, and goes on: whoever asks again gets the same answer, under way or done. An answer that Lambda
 * could not pass on is one that says how to ask for less.
 */
export function gatewayHandler(
  app: Pick<Hono, 'fetch'>,
  limits: Partial<GatewayLimits> = {},
): GatewayHandler {
  const { patienceMs, reserveMs, answerBytes, askAgain } = { ...GATEWAY_LIMITS, ...limits };
  const answer = handle(app as Hono) as unknown as GatewayHandler;
  return async (event, invocation) => {
    const left = invocation ? invocation.getRemainingTimeInMillis() - reserveMs : patienceMs;
    let timer: NodeJS.Timeout | undefined;
    const impatient = new Promise<null>((resolve) => {
      timer = setTimeout(() => resolve(null), Math.max(0, Math.min(patienceMs, left)));
    });
    const result = await Promise.race([answer(event), impatient]);
    clearTimeout(timer);
    if (result === null) return answerOf(comeAgain('still-working', askAgain));
    // API Gateway counts itself; of an answer to HEAD it would take the length for that of a body that is not there.
    const { 'content-length': _, ...headers } = result.headers ?? {};
    const bytes = bytesOf(result.body ?? '');
    return bytes > answerBytes ? answerOf(tooLarge(bytes, answerBytes)) : { ...result, headers };
  };
}

/** How much of an answer a body takes, as a text inside JSON. Small ones are not written out to know. */
const bytesOf = (body: string): number =>
  body.length < SURELY_SMALL ? body.length : Buffer.byteLength(JSON.stringify(body));
const SURELY_SMALL = 500_000;

const inMb = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
const tooLarge = (bytes: number, most: number) =>
  new Problem('answer-too-large', {
    detail:
      `This answer takes ${inMb(bytes)} and ${inMb(most)} can be sent at a time: ask for its rows in parts by limit ` +
      'and offset, for a shorter period, or packed with "Accept-Encoding: br"',
    field: 'limit',
  });

async function answerOf(problem: Problem): Promise<APIGatewayProxyStructuredResultV2> {
  const response = problemResponse(problem);
  const headers = Object.fromEntries(response.headers);
  return { statusCode: response.status, headers, body: await response.text(), isBase64Encoded: false };
}
