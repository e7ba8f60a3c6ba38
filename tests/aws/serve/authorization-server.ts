import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

export interface User {
  password: string;
  groups: readonly string[];
}

/** A server that signs in as a user pool of Cognito with a hosted UI does, in what the page and the API see of it. */
export interface AuthorizationServer {
  /** Origin of its pages. */
  url: string;
  issuer: string;
  /** The page's client. */
  client: string;
  /** Addresses that it may lead back to. */
  callbacks: string[];
  users: Map<string, User>;
  /** Programs: their secret, and the scope that they may have. */
  programs: Map<string, { secret: string; scope: string }>;
  /** Seconds that access tokens hold. */
  lifetime: number;
  /** What it was asked, as `POST /oauth2/token authorization_code`. */
  asked: string[];
  /** Answered to requests for tokens instead, while set. */
  failure: number | null;
  /** Signs with a new key from now on, and publishes it alone. */
  rotate(): Promise<void>;
  /** Ends all sessions. */
  revokeAll(): void;
  /** An access token as it gives them, with other claims where told. */
  accessToken(claims?: Record<string, unknown>): Promise<string>;
  close(): Promise<void>;
}

interface Grant {
  client: string;
  redirect: string;
  challenge: string;
  nonce: string | null;
  email: string;
  scope: string;
}

const CORS = { 'access-control-allow-origin': '*', 'access-control-allow-headers': '*' };

export async function startAuthorizationServer(): Promise<AuthorizationServer> {
  const codes = new Map<string, Grant>();
  const sessions = new Map<string, Grant>();
  const newKey = async () => {
    const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
    return {
      privateKey,
      jwk: { ...(await exportJWK(publicKey)), kid: randomUUID(), alg: 'RS256', use: 'sig' },
    };
  };
  let key = await newKey();

  const sign = (claims: Record<string, unknown>) => {
    const now = Math.floor(Date.now() / 1000);
    return new SignJWT({ iss: it.issuer, iat: now, exp: now + it.lifetime, jti: randomUUID(), ...claims })
      .setProtectedHeader({ alg: 'RS256', kid: key.jwk.kid })
      .sign(key.privateKey);
  };
  const tokensOf = async ({ email, client, scope, nonce }: Grant) => {
    const groups = it.users.get(email)!.groups;
    const its = { sub: `sub-of-${email}`, ...(groups.length > 0 ? { 'cognito:groups': groups } : {}) };
    return {
      access_token: await sign({ ...its, token_use: 'access', client_id: client, scope }),
      id_token: await sign({ ...its, token_use: 'id', aud: client, email, ...(nonce ? { nonce } : {}) }),
      expires_in: it.lifetime,
      token_type: 'Bearer',
    };
  };

  const token = async (form: URLSearchParams, request: IncomingMessage): Promise<[number, object]> => {
    const no = (error: string): [number, object] => [400, { error }];
    const kind = form.get('grant_type');
    if (kind === 'client_credentials') {
      const basic = Buffer.from(String(request.headers.authorization ?? '').replace(/^Basic /, ''), 'base64');
      const [client = '', secret] = basic.toString().split(':');
      const program = it.programs.get(client);
      if (!program || program.secret !== secret) return no('invalid_client');
      if (form.get('scope') !== null && form.get('scope') !== program.scope) return no('invalid_scope');
      const access_token = await sign({
        sub: client,
        client_id: client,
        token_use: 'access',
        scope: program.scope,
      });
      return [200, { access_token, expires_in: it.lifetime, token_type: 'Bearer' }];
    }
    if (form.get('client_id') !== it.client) return no('invalid_client');
    if (kind === 'refresh_token') {
      const held = sessions.get(form.get('refresh_token') ?? '');
      return held ? [200, await tokensOf({ ...held, nonce: null })] : no('invalid_grant');
    }
    if (kind !== 'authorization_code') return no('unsupported_grant_type');
    const code = form.get('code') ?? '';
    const grant = codes.get(code);
    codes.delete(code);
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    if (!grant || grant.redirect !== form.get('redirect_uri') || grant.challenge !== challenge)
      return no('invalid_grant');
    const refresh_token = randomUUID();
    sessions.set(refresh_token, grant);
    return [200, { ...(await tokensOf(grant)), refresh_token }];
  };

  const routes: Record<
    string,
    (url: URL, form: URLSearchParams, request: IncomingMessage, response: ServerResponse) => unknown
  > = {
    'GET /oauth2/authorize': ({ searchParams: asked }, _form, _request, response) => {
      const wrong = [
        asked.get('client_id') !== it.client && 'client_id',
        !it.callbacks.includes(asked.get('redirect_uri') ?? '') && 'redirect_uri',
        asked.get('response_type') !== 'code' && 'response_type',
        asked.get('code_challenge_method') !== 'S256' && 'code_challenge_method',
        !/^[\w-]{43}$/.test(asked.get('code_challenge') ?? '') && 'code_challenge',
        !/^[\w-]{20,}$/.test(asked.get('state') ?? '') && 'state',
      ].filter(Boolean);
      if (wrong.length > 0) return response.writeHead(400).end(`bad ${wrong.join(', ')}`);
      const page = `<!doctype html><html lang="en"><title>Sign in</title><link rel="icon" href="data:,">
        <form method="post" action="/login?${asked.toString().replaceAll('&', '&amp;')}">
        <label>Email <input name="email"></label><label>Password <input name="password" type="password"></label>
        <button name="do" value="yes">Enter</button><button name="do" value="no">Cancel</button></form></html>`;
      return response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page);
    },
    'POST /login': ({ searchParams: asked }, form, _request, response) => {
      const back = new URL(asked.get('redirect_uri')!);
      const email = form.get('email') ?? '';
      if (form.get('do') === 'no') back.searchParams.set('error', 'access_denied');
      else if (it.users.get(email)?.password !== form.get('password'))
        return response.writeHead(403).end('Wrong email or password');
      else {
        const code = randomUUID();
        codes.set(code, {
          client: asked.get('client_id')!,
          redirect: asked.get('redirect_uri')!,
          challenge: asked.get('code_challenge')!,
          nonce: asked.get('nonce'),
          email,
          scope: asked.get('scope') ?? '',
        });
        back.searchParams.set('code', code);
      }
      back.searchParams.set('state', asked.get('state')!);
      return response.writeHead(302, { location: back.href }).end();
    },
    'POST /oauth2/token': async (_url, form, request, response) => {
      const [status, body] = it.failure === null ? await token(form, request) : [it.failure, {}];
      response.writeHead(status, { ...CORS, 'content-type': 'application/json' }).end(JSON.stringify(body));
    },
    'POST /oauth2/revoke': (_url, form, _request, response) => {
      sessions.delete(form.get('token') ?? '');
      response.writeHead(200, CORS).end();
    },
    'GET /logout': ({ searchParams: asked }, _form, _request, response) => {
      const to = asked.get('logout_uri') ?? '';
      const isKnown = asked.get('client_id') === it.client && it.callbacks.includes(to);
      return isKnown
        ? response.writeHead(302, { location: to }).end()
        : response.writeHead(400).end('bad logout_uri');
    },
    'GET /pool/.well-known/jwks.json': (_url, _form, _request, response) =>
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ keys: [key.jwk] })),
  };

  const server = createServer(async (request, response) => {
    const url = new URL(request.url!, 'http://server');
    const body: Buffer[] = [];
    for await (const piece of request) body.push(piece);
    const form = new URLSearchParams(Buffer.concat(body).toString());
    const name = `${request.method} ${url.pathname}`;
    it.asked.push(form.has('grant_type') ? `${name} ${form.get('grant_type')}` : name);
    const route = routes[name];
    if (route) await route(url, form, request, response);
    else response.writeHead(request.method === 'OPTIONS' ? 204 : 404, CORS).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const it: AuthorizationServer = {
    url,
    issuer: `${url}/pool`,
    client: 'page-client',
    callbacks: [],
    users: new Map(),
    programs: new Map(),
    lifetime: 3600,
    asked: [],
    failure: null,
    async rotate() {
      key = await newKey();
    },
    revokeAll: () => sessions.clear(),
    accessToken: (claims = {}) =>
      sign({
        sub: 'sub-1',
        token_use: 'access',
        client_id: it.client,
        'cognito:groups': ['manager'],
        ...claims,
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return it;
}
