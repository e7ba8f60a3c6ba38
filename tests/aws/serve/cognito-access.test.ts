import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { cognitoAccess } from '../../../lib/api/access/cognito-access.ts';
import { tokenClaims } from '../../../lib/api/access/token-claims.ts';
import { createApi } from '../../../lib/api/app.ts';
import { type AuthorizationServer, startAuthorizationServer } from './authorization-server.ts';

let server: AuthorizationServer;
beforeAll(async () => {
  server = await startAuthorizationServer();
  server.programs.set('loader', { secret: 's3', scope: 'ropo/marketer' });
});
afterAll(() => server.close());
beforeEach(() => {
  server.asked.length = 0;
});
afterEach(() => {
  vi.useRealTimers();
});

const apiOf = (access = cognitoAccess({ issuer: server.issuer, clients: [server.client, 'loader'] })) =>
  createApi({ published: async () => null, access, limits: { strangerRate: { perSecond: 1, burst: 1e6 } } });
const roleOf = async (token: string, api = apiOf()) => {
  const response = await api.request('/v1', { headers: { authorization: `Bearer ${token}` } });
  return response.status === 200 ? ((await response.json()) as { role: string }).role : response.status;
};
const keysAsked = () => server.asked.filter((one) => one.endsWith('jwks.json')).length;

describe('access tokens of a user pool', () => {
  test('open what the groups of their person may see', async () => {
    expect(await roleOf(await server.accessToken({ 'cognito:groups': ['partner'] }))).toBe('partner');
    expect(await roleOf(await server.accessToken({ 'cognito:groups': ['x', 'partner', 'marketer'] }))).toBe(
      'marketer',
    );
    expect(await roleOf(await server.accessToken({ 'cognito:groups': undefined }))).toBe(403);
  });

  test.each([
    ['of another client', { client_id: 'other' }],
    ['of no client', { client_id: undefined }],
    ['that tell who signed in', { token_use: 'id', aud: 'page-client' }],
    ['that say nothing of their use', { token_use: undefined }],
    ['of another pool', { iss: 'https://cognito-idp.eu-south-1.amazonaws.com/other' }],
    ['of no person', { sub: undefined }],
    ['that are over', { exp: Math.floor(Date.now() / 1000) - 31 }],
  ])('%s are refused', async (_, claims) => {
    expect(await roleOf(await server.accessToken(claims))).toBe(401);
  });

  test('of a program have the role of its scope, which no person gets by asking for it', async () => {
    const response = await fetch(`${server.url}/oauth2/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from('loader:s3').toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
    const { access_token } = (await response.json()) as { access_token: string };
    expect(await roleOf(access_token)).toBe('marketer');
    const greedy = { 'cognito:groups': ['partner'], scope: 'openid ropo/manager' };
    expect(await roleOf(await server.accessToken(greedy))).toBe('partner');
    expect(await roleOf(await server.accessToken({ ...greedy, 'cognito:groups': undefined }))).toBe(403);
    const foreign = { sub: 'loader', client_id: 'loader', 'cognito:groups': undefined };
    expect(await roleOf(await server.accessToken({ ...foreign, scope: 'other/manager manager' }))).toBe(403);
  });
});

describe('the keys of a user pool', () => {
  test('are asked for once, and anew when the pool signs with another', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
    const api = apiOf();
    const before = await server.accessToken();
    for (let times = 0; times < 3; times++) expect(await roleOf(before, api)).toBe('manager');
    expect(keysAsked()).toBe(1);
    await server.rotate();
    const after = await server.accessToken();
    // Whoever makes up keys does not have the pool asked each time.
    expect(await roleOf(after, api)).toBe(401);
    expect(keysAsked()).toBe(1);
    vi.setSystemTime(Date.now() + 31_000);
    expect(await roleOf(after, api)).toBe('manager');
    expect(keysAsked()).toBe(2);
    expect(await roleOf(before, api)).toBe(401);
  });

  test('that cannot be had are no fault of the token', async () => {
    const access = (fetch: () => Promise<Response>) =>
      cognitoAccess({ issuer: server.issuer, clients: [server.client], fetch });
    const token = await server.accessToken();
    const broken = apiOf(access(() => Promise.reject(new Error('no way there'))));
    expect(await roleOf(token, broken)).toBe(503);
    const failing = apiOf(access(async () => new Response('', { status: 500 })));
    expect(await roleOf(token, failing)).toBe(503);
  });

  test('come over https, but from this machine itself', () => {
    const keys = (at: string) => () => tokenClaims({ issuer: 'i', keys: new URL(at) });
    expect(keys('http://127.0.0.1:1/jwks.json')).not.toThrow();
    for (const at of [
      'http://id.shop.example/jwks.json',
      'http://127.0.0.1.evil.example/',
      'ftp://127.0.0.1/',
    ])
      expect(keys(at), at).toThrow('https');
    expect(() => cognitoAccess({ issuer: 'https://x', clients: [] })).toThrow('client');
  });
});
