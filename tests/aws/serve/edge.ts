import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';

export interface Asked {
  method?: string;
  /** Path with its query. */
  path: string;
  headers?: Readonly<Record<string, string>>;
}

/** A request as API Gateway gives it to a function: an HTTP event of format 2.0. */
export function httpEvent({ method = 'GET', path, headers = {} }: Asked): APIGatewayProxyEventV2 {
  const [rawPath = '/', rawQueryString = ''] = path.split(/\?(.*)/s);
  return {
    version: '2.0',
    routeKey: 'ANY /v1/{proxy+}',
    rawPath,
    rawQueryString,
    headers: {
      host: 'abc.execute-api.eu-south-1.amazonaws.com',
      ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    },
    requestContext: {
      accountId: '123456789012',
      apiId: 'abc',
      domainName: 'abc.execute-api.eu-south-1.amazonaws.com',
      domainPrefix: 'abc',
      http: { method, path: rawPath, protocol: 'HTTP/1.1', sourceIp: '192.0.2.7', userAgent: 'test' },
      requestId: 'r1',
      routeKey: 'ANY /v1/{proxy+}',
      stage: '$default',
      time: '01/Jan/2026:00:00:00 +0000',
      timeEpoch: 1_767_225_600_000,
    },
    isBase64Encoded: false,
  };
}

/** The bytes of a function's answer. */
export const bodyOf = ({ body = '', isBase64Encoded }: APIGatewayProxyStructuredResultV2): Buffer =>
  Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');

export interface EdgeFile {
  body: Uint8Array;
  headers: Record<string, string>;
}

/** What stands before the page and the API: files of a bucket, and `/v1` through a function. */
export async function startEdge(options: {
  file: (key: string) => EdgeFile | null;
  api: (event: APIGatewayProxyEventV2) => Promise<APIGatewayProxyStructuredResultV2>;
  headers: () => Record<string, string>;
}): Promise<{ url: string; close(): Promise<void> }> {
  const headersOf = ({ headers }: IncomingMessage) =>
    Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
  const server = createServer(async (request, response) => {
    const path = request.url!;
    if (path === '/v1' || path.startsWith('/v1/')) {
      const event = httpEvent({ method: request.method!, path, headers: headersOf(request) });
      // Only JSON passes between API Gateway and a function.
      const answer = JSON.parse(JSON.stringify(await options.api(JSON.parse(JSON.stringify(event)))));
      response.writeHead(answer.statusCode, answer.headers).end(bodyOf(answer));
      return;
    }
    const { pathname } = new URL(path, 'http://edge');
    const found = options.file(pathname === '/' ? 'index.html' : pathname.slice(1));
    if (found) response.writeHead(200, { ...options.headers(), ...found.headers }).end(found.body);
    else response.writeHead(404, options.headers()).end('Nothing is here');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
