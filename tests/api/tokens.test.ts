import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type KeyFile, newToken, openKeyFile } from '../../lib/adapters/embedded/key-file.ts';
import { openShopDirectory } from '../../lib/adapters/embedded/shop-directory.ts';
import type { Access } from '../../lib/api/access/access.ts';
import { jwtAccess } from '../../lib/api/access/jwt-access.ts';
import { tokenAccess, tokenHash } from '../../lib/api/access/token-access.ts';
import { createApi } from '../../lib/api/app.ts';

const roleOf = async (access: Access, authorization?: string) => {
  const api = createApi({
    published: async () => null,
    access,
    limits: { strangerRate: { perSecond: 1, burst: 1e6 } },
  });
  const response = await api.request('/v1', {
    headers: authorization === undefined ? {} : { authorization },
  });
  const said = (await response.json()) as { role?: string; type?: string };
  if (response.status === 401)
    expect(response.headers.get('www-authenticate')).toMatch(/^Bearer realm="ropo"/);
  return response.status === 200 ? said.role : response.status;
};

describe("readers' tokens", () => {
  let root: string;
  let keys: KeyFile;
  let token: string;
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'ropo-test-'));
    keys = openKeyFile(openShopDirectory(root));
    token = newToken();
    keys.add({
      kind: 'reader',
      name: 'agency',
      role: 'partner',
      secrets: [tokenHash(token)],
      created_at: '2026-01-01T00:00:00Z',
    });
  });
  afterAll(() => rmSync(root, { recursive: true }));

  test('are kept as a hash, open what their role may see, and end at once when revoked', async () => {
    expect(readFileSync(join(root, 'keys.json'), 'utf8')).not.toContain(token.slice(8));
    // Another process reads the same file.
    const access = tokenAccess(openKeyFile(openShopDirectory(root)).reader);
    expect(await roleOf(access, `Bearer ${token}`)).toBe('partner');
    expect(await roleOf(access, `bearer ${token}`)).toBe('partner');
    for (const other of [
      undefined,
      '',
      token,
      'Bearer',
      'Bearer ',
      `Bearer ${token}x`,
      `Basic ${token}`,
      `Bearer ${tokenHash(token)}`,
      `Bearer ${keys.list()[0]!.id}`,
    ])
      expect(await roleOf(access, other), other).toBe(401);
    keys.change('agency', () => ({ revoked_at: '2026-01-02T00:00:00Z', secrets: [] }));
    expect(await roleOf(access, `Bearer ${token}`)).toBe(401);
  });

  test('bring nothing in: the collector does not know them', () => {
    keys.add({
      kind: 'reader',
      name: 'boss',
      role: 'manager',
      secrets: ['00'],
      created_at: '2026-01-01T00:00:00Z',
    });
    const reader = keys.list().find(({ name }) => name === 'boss')!;
    expect(keys.find(reader.id)).toBeUndefined();
    expect(keys.all()).not.toContainEqual(reader);
  });

  test('with a role that is not known open nothing', async () => {
    const access = tokenAccess(() => ({ id: 'x', name: 'x', role: 'toString' }));
    expect(await roleOf(access, 'Bearer abc')).toBe(401);
  });
});

describe('JSON Web Tokens', () => {
  const issuer = 'https://id.shop.example';
  const audience = 'ropo';
  const now = new Date('2026-01-15T12:00:00Z');
  const at = (seconds: number) => Math.floor(now.getTime() / 1000) + seconds;
  let access: Access;
  let rsa: Awaited<ReturnType<typeof generateKeyPair>>;
  let ec: typeof rsa;
  let stranger: typeof rsa;
  let rsaPublic: string;
  beforeAll(async () => {
    [rsa, ec, stranger] = await Promise.all([
      generateKeyPair('RS256', { extractable: true }),
      generateKeyPair('ES256'),
      generateKeyPair('RS256'),
    ]);
    const jwk = await exportJWK(rsa.publicKey);
    rsaPublic = JSON.stringify(jwk);
    const keys = {
      keys: [
        { ...jwk, kid: 'rsa', alg: 'RS256', use: 'sig' },
        { ...(await exportJWK(ec.publicKey)), kid: 'ec', alg: 'ES256', use: 'sig' },
      ],
    };
    access = jwtAccess({ issuer, audience, keys, roleClaim: 'cognito:groups', now: () => now });
  });

  interface Made {
    claims?: Record<string, unknown>;
    header?: { alg: string; kid?: string };
    key?: Parameters<SignJWT['sign']>[0];
  }
  const made = ({ claims = {}, header = { alg: 'RS256', kid: 'rsa' }, key = rsa.privateKey }: Made = {}) =>
    new SignJWT({
      iss: issuer,
      aud: audience,
      sub: 'u1',
      exp: at(300),
      nbf: at(-10),
      'cognito:groups': ['marketer'],
      ...claims,
    })
      .setProtectedHeader(header)
      .sign(key);
  const status = async (token: string) => roleOf(access, `Bearer ${token}`);

  test('of the issuer open what their role may see; the most able of several counts', async () => {
    expect(await status(await made())).toBe('marketer');
    expect(await status(await made({ header: { alg: 'ES256', kid: 'ec' }, key: ec.privateKey }))).toBe(
      'marketer',
    );
    expect(await status(await made({ claims: { 'cognito:groups': ['partner', 'staff', 'manager'] } }))).toBe(
      'manager',
    );
    expect(await status(await made({ claims: { 'cognito:groups': 'partner' } }))).toBe('partner');
    expect(await status(await made({ claims: { aud: ['other', audience] } }))).toBe('marketer');
  });

  test('without a role that is known are told which there are', async () => {
    for (const groups of [undefined, [], 'boss', ['toString'], { manager: true }])
      expect(await status(await made({ claims: { 'cognito:groups': groups } }))).toBe(403);
  });

  test('may be as far off as clocks are, and no further', async () => {
    expect(await status(await made({ claims: { exp: at(-29) } }))).toBe('marketer');
    expect(await status(await made({ claims: { exp: at(-31) } }))).toBe(401);
    expect(await status(await made({ claims: { nbf: at(29) } }))).toBe('marketer');
    expect(await status(await made({ claims: { nbf: at(31) } }))).toBe(401);
    expect(() =>
      jwtAccess({ issuer, audience, keys: { keys: [] }, roleClaim: 'r', clockTolerance: 3600 }),
    ).toThrow('clockTolerance');
  });

  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const bad: [string, () => Promise<string>][] = [
    ['of another issuer', () => made({ claims: { iss: 'https://id.shop.example.evil' } })],
    ['for another audience', () => made({ claims: { aud: 'other' } })],
    ['for nobody', () => made({ claims: { aud: undefined } })],
    ['without an end', () => made({ claims: { exp: undefined } })],
    ['of no person', () => made({ claims: { sub: undefined } })],
    ['of a person without a name', () => made({ claims: { sub: '' } })],
    ['of a person who is no text', () => made({ claims: { sub: { id: 'u1' } } })],
    ['signed by somebody else', () => made({ key: stranger.privateKey })],
    ['with a key that is not known', () => made({ header: { alg: 'RS256', kid: 'other' } })],
    ['with the key of another algorithm', () => made({ header: { alg: 'RS256', kid: 'ec' } })],
    ['of a longer hash', () => made({ header: { alg: 'RS512', kid: 'rsa' }, key: stranger.privateKey })],
    [
      'signed with the public key as a secret',
      () => made({ header: { alg: 'HS256', kid: 'rsa' }, key: new TextEncoder().encode(rsaPublic) }),
    ],
    [
      'without a signature',
      async () => {
        const [, claims] = (await made()).split('.');
        return `${part({ alg: 'none', kid: 'rsa' })}.${claims}.`;
      },
    ],
    [
      'whose claims were changed',
      async () => {
        const [header, claims, signature] = (await made()).split('.');
        const changed = {
          ...JSON.parse(Buffer.from(claims!, 'base64url').toString()),
          'cognito:groups': ['manager'],
        };
        return `${header}.${part(changed)}.${signature}`;
      },
    ],
    ['that are none', async () => 'a.b.c'],
    ['that are too long', async () => 'a'.repeat(9000)],
  ];
  test.each(bad)('%s are refused', async (_, token) => {
    const text = await token().catch(() => 'x.y.z');
    expect(await status(text)).toBe(401);
  });

  test('take keys over https alone', () => {
    const options = { issuer, audience, roleClaim: 'r' };
    expect(() => jwtAccess({ ...options, keys: new URL('http://id.shop.example/jwks.json') })).toThrow(
      'https',
    );
    expect(() => jwtAccess({ ...options, issuer: '', keys: { keys: [] } })).toThrow('issuer');
  });
});
