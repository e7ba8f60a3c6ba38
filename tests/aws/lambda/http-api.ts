import { randomUUID } from 'node:crypto';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { FunctionError, type LocalLambda } from './local-lambda.ts';

/** Body types that an HTTP API hands on as text; all others come as base64. */
const TEXT = /^(?:text\/|application\/(?:json|javascript|xml|x-www-form-urlencoded)|[^;]+\+(?:json|xml))/;
const MOST_BYTES = 10 * 1_048_576;

/** An HTTP API in front of a function: payload format 2.0, one stage, every route. */
export function httpApi(lambda: LocalLambda, claims?: Record<string, string>) {
  return async (input: string | Request, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init);
    const body = Buffer.from(await request.arrayBuffer());
    if (body.length > MOST_BYTES)
      return new Response('{"message":"Request Entity Too Large"}', { status: 413 });
    let result: APIGatewayProxyStructuredResultV2;
    try {
      result = (await lambda.invoke(eventOf(request, body, claims))) as APIGatewayProxyStructuredResultV2;
    } catch (error) {
      if (!(error instanceof FunctionError)) throw error;
      const isTooLarge = error.errorType === 'RequestTooLarge';
      return isTooLarge
        ? new Response('{"message":"Request Entity Too Large"}', { status: 413 })
        : new Response('{"message":"Internal Server Error"}', { status: 500 });
    }
    const headers = new Headers();
    for (const [name, value] of Object.entries(result.headers ?? {})) headers.set(name, String(value));
    for (const cookie of result.cookies ?? []) headers.append('set-cookie', cookie);
    const status = result.statusCode ?? 200;
    const text = Buffer.from(result.body ?? '', result.isBase64Encoded ? 'base64' : 'utf8');
    return new Response([101, 204, 205, 304].includes(status) ? null : text, { status, headers });
  };
}

function eventOf(request: Request, body: Buffer, claims?: Record<string, string>): APIGatewayProxyEventV2 {
  const url = new URL(request.url);
  const headers = Object.fromEntries(request.headers);
  headers.host ??= url.host;
  headers['x-forwarded-for'] ??= '203.0.113.7';
  headers['x-forwarded-proto'] ??= 'https';
  if (body.length > 0) headers['content-length'] = String(body.length);
  const isText = TEXT.test(headers['content-type'] ?? '') && headers['content-encoding'] === undefined;
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: url.pathname,
    rawQueryString: url.search.slice(1),
    headers,
    ...(url.search ? { queryStringParameters: Object.fromEntries(url.searchParams) } : {}),
    ...(body.length > 0 ? { body: body.toString(isText ? 'utf8' : 'base64') } : {}),
    isBase64Encoded: body.length > 0 && !isText,
    requestContext: {
      accountId: '111111111111',
      apiId: 'local',
      domainName: url.host,
      domainPrefix: 'local',
      http: {
        method: request.method,
        path: url.pathname,
        protocol: 'HTTP/1.1',
        sourceIp: '203.0.113.7',
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: randomUUID(),
      routeKey: '$default',
      stage: '$default',
      time: new Date().toISOString(),
      timeEpoch: Date.now(),
      ...(claims ? { authorizer: { jwt: { claims, scopes: null as unknown as string[] } } } : {}),
    } as APIGatewayProxyEventV2['requestContext'],
  };
}
