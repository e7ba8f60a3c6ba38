import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { writePageFolder } from '../../bin/page-folder.ts';
import type { PageContents } from '../../lib/adapters/aws/page-files.ts';
import { cognitoAccess } from '../../lib/api/access/cognito-access.ts';
import { createApi } from '../../lib/api/app.ts';
import { type GatewayHandler, gatewayHandler } from '../../lib/api/gateway.ts';
import { pagePolicy } from '../../lib/domain/page-policy.ts';
import { type ShopWithApi, shopWithApi } from '../api/shop-with-api.ts';
import { type AuthorizationServer, startAuthorizationServer } from '../aws/serve/authorization-server.ts';
import { type EdgeFile, startEdge } from '../aws/serve/edge.ts';
import { screenshotFolder, settled, type WatchedPage, watchedPage } from './page-shop.ts';
import { startChromium } from './shop-pages.ts';

/** The page as it is deployed: static files, an API that takes tokens, and a server elsewhere that signs in. */
let browser: Browser;
let shop: ShopWithApi;
let folder: string;
let server: AuthorizationServer;
let edge: Awaited<ReturnType<typeof startEdge>>;
let it: WatchedPage;
let settings: string | null;
let answerAsUsual: GatewayHandler;
/** Answers questions in the place of the API, while set. */
let instead: GatewayHandler | null = null;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ropo-page-'));
  [browser, shop] = await Promise.all([startChromium(), shopWithApi(), writePageFolder(folder)]);
  const { files } = JSON.parse(readFileSync(join(folder, 'contents.json'), 'utf8')) as PageContents;
  server = await startAuthorizationServer();
  server.users.set('anna@shop.example', { password: 'right', groups: ['manager'] });
  server.users.set('guest@shop.example', { password: 'right', groups: [] });
  const access = cognitoAccess({ issuer: server.issuer, clients: [server.client] });
  const file = (key: string): EdgeFile | null => {
    if (key === 'page-settings.json')
      return settings === null
        ? null
        : { body: Buffer.from(settings), headers: { 'content-type': 'application/json' } };
    const found = files.find((one) => one.key === key);
    return found
      ? { body: readFileSync(join(folder, key)), headers: { 'content-type': found.media_type } }
      : null;
  };
  const api = gatewayHandler(createApi({ published: shop.published, access }));
  answerAsUsual = api;
  edge = await startEdge({
    file,
    api: (event) => (instead ?? api)(event),
    headers: () => ({
      'content-security-policy': pagePolicy([server.url]),
      'referrer-policy': 'no-referrer',
    }),
  });
  server.callbacks.push(`${edge.url}/`);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await edge?.close();
  await server?.close();
  shop?.remove();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  server.lifetime = 3600;
  server.failure = null;
  instead = null;
  server.asked.length = 0;
  settings = JSON.stringify({
    sign_in: { hosted_ui: server.url, client_id: server.client, scopes: ['openid', 'email'] },
  });
  it = await watchedPage(browser);
});
afterEach(() => it.page.context().close());

const kept = (): Promise<string> => it.page.evaluate('JSON.stringify({...sessionStorage})');
const alert = () => it.page.locator('[role=alert]').first().textContent();
const signInButton = () => it.page.getByRole('button', { name: 'Sign in', exact: true });

async function enter(page: Page, email = 'anna@shop.example'): Promise<void> {
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password').fill('right');
  await page.getByRole('button', { name: 'Enter' }).click();
}
async function signedIn(path = '/'): Promise<void> {
  await it.page.goto(`${edge.url}${path}`);
  await signInButton().click();
  await enter(it.page);
  await settled(it.page);
}

describe('signing in', () => {
  test('leads to the server and back to where the reader was, with figures, and no token in any address', async () => {
    const addresses: string[] = [];
    const framed: string[] = [];
    it.page.on('framenavigated', (frame) => addresses.push(frame.url()));
    it.page.on('request', (request) => {
      if (request.url().includes('/v1/')) framed.push(request.headers().authorization ?? 'none');
    });
    await signedIn('/?view=channels&period=all');
    expect(new URL(it.page.url()).search).toBe('?view=channels&period=all');
    expect(await it.page.locator('#channels tbody th').count()).toBeGreaterThan(0);
    expect(framed.length).toBeGreaterThan(3);
    expect(framed.filter((one) => !/^Bearer \w+\.\w+/.test(one.replaceAll('-', '_')))).toEqual([]);
    const { access, refresh } = JSON.parse(JSON.parse(await kept())['ropo-session']);
    for (const address of addresses) {
      expect(address).not.toContain(access);
      expect(address).not.toContain(refresh);
    }
    expect(await it.page.evaluate('localStorage.length')).toBe(0);
    expect(JSON.parse(await kept())).not.toHaveProperty('ropo-sign-in');
    expect(await it.page.evaluate('document.cookie')).toBe('');
    expect(it.complaints).toEqual([]);
    // The code is not behind "back" either.
    await it.page.goBack();
    expect(it.page.url()).toContain('/oauth2/authorize');
  });

  test('asks nothing of the API before, and survives a reload in its tab only', async () => {
    const asked: string[] = [];
    it.page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await it.page.goto(edge.url);
    await signInButton().waitFor();
    expect(asked.filter((path) => path.startsWith('/v1'))).toEqual([]);
    await signInButton().click();
    await enter(it.page);
    await settled(it.page);
    await it.page.reload();
    await settled(it.page);
    const other = await it.page.context().newPage();
    await other.goto(edge.url);
    await other.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
  });

  test('is done by keyboard alone, and read aloud', async () => {
    await it.page.goto(edge.url);
    await signInButton().waitFor();
    await it.page.evaluate(axe.source);
    const found = (await it.page.evaluate(
      'axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21aa"] }).then(({ violations }) => violations.map(({ id }) => id))',
    )) as string[];
    expect(found).toEqual([]);
    for (let presses = 0; presses < 30; presses++) {
      await it.page.keyboard.press('Tab');
      if ((await it.page.evaluate('document.activeElement.textContent')) === 'Sign in') break;
    }
    await it.page.keyboard.press('Enter');
    await it.page.getByLabel('Email').waitFor();
  });

  test('speaks Italian to who reads Italian', async () => {
    await it.page.goto(`${edge.url}/?lang=it`);
    await it.page.getByRole('button', { name: 'Accedi', exact: true }).click();
    await it.page.getByRole('button', { name: 'Cancel' }).click();
    await it.page.getByRole('button', { name: 'Accedi', exact: true }).waitFor();
    expect(await alert()).toContain('L’accesso è stato rifiutato');
    expect(new URL(it.page.url()).search).toBe('?lang=it');
  });
});

describe('a sign-in that does not succeed', () => {
  test('because the reader said no', async () => {
    await it.page.goto(edge.url);
    await signInButton().click();
    await it.page.getByRole('button', { name: 'Cancel' }).click();
    await signInButton().waitFor();
    expect(await alert()).toContain('The sign-in was refused');
    expect(it.page.url()).toBe(`${edge.url}/`);
    expect(server.asked.filter((one) => one.includes('token'))).toEqual([]);
  });

  test('because it was begun elsewhere: no token is asked for', async () => {
    // Somebody else signs in and sends the answer to this reader, who would then see another's account.
    const asked = new URLSearchParams({
      client_id: server.client,
      redirect_uri: `${edge.url}/`,
      code_challenge: 'c'.repeat(43),
      state: 's'.repeat(43),
    });
    const { headers } = await fetch(`${server.url}/login?${asked}`, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({ email: 'anna@shop.example', password: 'right', do: 'yes' }),
    });
    const answer = headers.get('location')!;
    expect(answer).toContain('code=');
    await it.page.goto(answer);
    await signInButton().waitFor();
    expect(await alert()).toContain('was not begun in this tab');
    expect(it.page.url()).toBe(`${edge.url}/`);
    // The same with a sign-in of its own under way.
    await signInButton().click();
    await it.page.getByLabel('Email').waitFor();
    await it.page.goto(answer);
    await signInButton().waitFor();
    expect(await alert()).toContain('was not begun in this tab');
    expect(server.asked.filter((one) => one.includes('/oauth2/token'))).toEqual([]);
  });

  test.each([
    ['verifier', 'another verifier than it was begun with'],
    ['nonce', 'another nonce than it was begun with'],
  ])('because of %s', async (part) => {
    await it.page.goto(edge.url);
    await signInButton().waitFor();
    // The page on its way back finds something else than it kept.
    await it.page.addInitScript(`{
      const text = sessionStorage.getItem('ropo-sign-in');
      if (text && location.search.includes('code='))
        sessionStorage.setItem('ropo-sign-in', JSON.stringify({ ...JSON.parse(text), ${part}: 'x'.repeat(43) }));
    }`);
    await signInButton().click();
    await enter(it.page);
    await signInButton().waitFor();
    expect(await alert()).toContain('did not succeed');
    expect(server.asked.filter((one) => one === 'POST /oauth2/token authorization_code')).toHaveLength(1);
    expect(JSON.parse(await kept())).toEqual({});
  });

  test('because the server does not answer, or the page does not know it', async () => {
    server.failure = 503;
    await it.page.goto(edge.url);
    await signInButton().click();
    await enter(it.page);
    await signInButton().waitFor();
    expect(await alert()).toContain('does not answer');
    settings = null;
    await it.page.goto(edge.url);
    await signInButton().waitFor();
    expect(await alert()).toContain('settings could not be loaded');
  });

  test('with an account that may see nothing says whom to ask', async () => {
    await it.page.goto(edge.url);
    await signInButton().click();
    await enter(it.page, 'guest@shop.example');
    await it.page.getByText('may see none of these figures').waitFor();
    expect(await it.page.getByRole('button', { name: 'Sign out' }).count()).toBe(1);
  });
});

describe('a session', () => {
  test('goes on with new tokens when one is about to end, asked for once', async () => {
    // Shorter than how early a token is renewed: each question finds it about to end.
    server.lifetime = 2;
    await signedIn();
    const renewals = () => server.asked.filter((one) => one.endsWith('refresh_token')).length;
    expect(renewals()).toBeGreaterThan(0);
    server.lifetime = 3600;
    await it.page.getByRole('link', { name: 'Channels', exact: true }).click();
    await settled(it.page);
    const before = renewals();
    await it.page.getByRole('link', { name: 'Data quality', exact: true }).click();
    await settled(it.page);
    expect(renewals()).toBe(before);
  });

  test('goes on with new tokens where the API does not take the old ones any more', async () => {
    await signedIn();
    const session = JSON.parse(JSON.parse(await kept())['ropo-session']);
    const spoilt = JSON.stringify(
      JSON.stringify({ ...session, access: `${session.access.slice(0, -4)}AAAA` }),
    );
    await it.page.evaluate(`sessionStorage.setItem('ropo-session', ${spoilt})`);
    await it.page.reload();
    await settled(it.page);
    expect(server.asked.filter((one) => one.endsWith('refresh_token')).length).toBeGreaterThan(0);
  });

  test('that was ended elsewhere says so, and goes on after another sign-in', async () => {
    server.lifetime = 2;
    await signedIn();
    server.revokeAll();
    await it.page.getByRole('link', { name: 'Channels', exact: true }).click();
    await signInButton().waitFor();
    expect(await alert()).toContain('Your session has ended');
    expect(JSON.parse(await kept())).toEqual({});
    server.lifetime = 3600;
    await signInButton().click();
    await enter(it.page);
    await settled(it.page);
    expect(new URL(it.page.url()).search).toBe('?view=channels');
  });

  test('ends with a sign-out, here and at the server', async () => {
    await signedIn();
    const { refresh } = JSON.parse(JSON.parse(await kept())['ropo-session']);
    await it.page.getByRole('button', { name: 'Sign out (anna@shop.example)' }).click();
    await signInButton().waitFor();
    expect(server.asked).toContain('GET /logout');
    expect(JSON.parse(await kept())).toEqual({});
    const again = await fetch(`${server.url}/oauth2/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'refresh_token',
        refresh_token: refresh,
        client_id: server.client,
      }),
    });
    expect(again.status).toBe(400);
  });
});

describe('the page behind API Gateway', () => {
  test('asks again for what takes longer than an answer may, and then shows it', async () => {
    const early = new Set<string>();
    instead = async (event) => {
      if (event.rawPath !== '/v1/kpis/attribution' || early.has(event.rawQueryString))
        return answerAsUsual(event);
      early.add(event.rawQueryString);
      const problem = { type: 'urn:ropo:problem:still-working', title: 'It takes longer', status: 503 };
      return { statusCode: 503, headers: { 'retry-after': '1' }, body: JSON.stringify(problem) };
    };
    await signedIn('/?view=channels&period=all');
    expect(early.size).toBeGreaterThan(0);
    expect(await it.page.locator('#channels tbody th').count()).toBeGreaterThan(0);
    expect(await it.page.getByText('could not be loaded').count()).toBe(0);
  });

  test('is no wider than a phone, with the words for signing out in Italian', async () => {
    await it.page.setViewportSize({ width: 360, height: 740 });
    await it.page.goto(`${edge.url}/?lang=it`);
    await it.page.getByRole('button', { name: 'Accedi', exact: true }).click();
    await enter(it.page);
    await settled(it.page);
    expect(await it.page.getByRole('button', { name: 'Esci' }).isVisible()).toBe(true);
    expect(await it.page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
    await it.page.screenshot({ path: join(screenshotFolder(), 'signed-in-phone.png') });
  });
});
