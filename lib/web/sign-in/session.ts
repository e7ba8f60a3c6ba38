import { readPageSettings, type SignInSettings } from '../../domain/page-settings.ts';
import { readAddress } from '../address.ts';
import { createStore } from '../store.ts';
import { beginPending, challengeOf, takePending } from './pending.ts';
import { readTokens, type Session } from './tokens.ts';

/** Why nobody is signed in, where that is not by choice. */
export type SignInProblem = 'settings' | 'not-ours' | 'denied' | 'refused' | 'offline' | 'ended';

/** Where readers sign in; null where the page is served without that. */
export const signInSettings = createStore<SignInSettings | null>(null);
export const signInProblem = createStore<SignInProblem | null>(null);
/** Whether the page is one whose readers sign in, known before its settings are. */
export const hasSignIn = (): boolean => settingsAddress() !== null;
/** Who is signed in. */
export const session = createStore<Session | null>(null);

const KEY = 'ropo-session';
/** A token is renewed before it ends: it must still be good where it arrives. */
const EARLY_MS = 60_000;

const settingsAddress = () =>
  document.querySelector('meta[name="ropo-page-settings"]')?.getAttribute('content') ?? null;

function keep(next: Session | null): void {
  if (next === null) sessionStorage.removeItem(KEY);
  else sessionStorage.setItem(KEY, JSON.stringify(next));
  session.set(next);
}

/** Takes up the session of this tab, and ends a sign-in that brought the reader back. Before anything is drawn. */
export async function takeUpSession(): Promise<void> {
  const at = settingsAddress();
  if (at === null) return;
  try {
    const response = await fetch(at, { cache: 'no-cache' });
    signInSettings.set(readPageSettings(await response.text()).sign_in);
  } catch {
    signInProblem.set('settings');
    return;
  }
  try {
    const kept = sessionStorage.getItem(KEY);
    if (kept !== null) session.set(JSON.parse(kept) as Session);
  } catch {
    sessionStorage.removeItem(KEY);
  }
  const answer = new URLSearchParams(location.search);
  if (answer.has('state') && (answer.has('code') || answer.has('error'))) await endSignIn(answer);
}

/** Leads to the server that signs in, which leads back here. */
export async function startSignIn(language: string): Promise<void> {
  const settings = signInSettings.get();
  if (settings === null) return location.reload();
  const { state, nonce, verifier } = beginPending(location.pathname + location.search);
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: settings.client_id,
    redirect_uri: `${location.origin}/`,
    scope: settings.scopes.join(' '),
    state,
    nonce,
    code_challenge: await challengeOf(verifier),
    code_challenge_method: 'S256',
    lang: language,
  });
  location.assign(`${settings.hosted_ui}/oauth2/authorize?${query}`);
}

async function endSignIn(answer: URLSearchParams): Promise<void> {
  const pending = takePending();
  // What came in the address is not left there: it would be in the history and in copied links.
  history.replaceState(null, '', pending?.back ?? '/');
  readAddress();
  if (pending === null || answer.get('state') !== pending.state) {
    // Whoever is signed in already was sent here by somebody else, and stays who he is.
    if (session.get() === null) signInProblem.set('not-ours');
    return;
  }
  const code = answer.get('code');
  if (code === null) return signInProblem.set(answer.get('error') === 'access_denied' ? 'denied' : 'refused');
  const asked = await askTokens(
    {
      grant_type: 'authorization_code',
      code,
      code_verifier: pending.verifier,
      redirect_uri: `${location.origin}/`,
    },
    pending.nonce,
  );
  if (typeof asked === 'string') signInProblem.set(asked);
  else keep(asked);
}

async function askTokens(
  form: Record<string, string>,
  nonce: string | null,
): Promise<Session | 'refused' | 'offline'> {
  const { hosted_ui, client_id } = signInSettings.get()!;
  try {
    const response = await fetch(`${hosted_ui}/oauth2/token`, {
      method: 'POST',
      body: new URLSearchParams({ ...form, client_id }),
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
    });
    if (response.status >= 500) return 'offline';
    if (!response.ok) return 'refused';
    return (
      readTokens(await response.json(), { client: client_id, nonce, before: session.get() }) ?? 'refused'
    );
  } catch {
    return 'offline';
  }
}

let renewing: Promise<'renewed' | 'ended' | 'offline'> | null = null;

/** A new token for the one of the session, once for all who ask; where there is none any more the session has ended. */
export function renew(): Promise<'renewed' | 'ended' | 'offline'> {
  renewing ??= (async () => {
    const refresh = session.get()?.refresh;
    const asked = refresh
      ? await askTokens({ grant_type: 'refresh_token', refresh_token: refresh }, null)
      : 'refused';
    if (asked === 'offline') return 'offline';
    if (asked !== 'refused') {
      keep(asked);
      return 'renewed';
    }
    if (session.get() !== null) signInProblem.set('ended');
    keep(null);
    return 'ended';
  })().finally(() => {
    renewing = null;
  });
  return renewing;
}

/** The access token of the session, renewed where it is about to end; null where nobody is signed in. */
export async function accessToken(): Promise<string | null> {
  const held = session.get();
  if (held === null) return null;
  // One that cannot be renewed for now may still be good for its last seconds.
  if (held.until - Date.now() < EARLY_MS) await renew();
  return session.get()?.access ?? null;
}

/** Ends the session here and where it was begun. */
export async function signOut(): Promise<void> {
  const settings = signInSettings.get();
  const refresh = session.get()?.refresh;
  keep(null);
  if (settings === null) return;
  if (refresh)
    await fetch(`${settings.hosted_ui}/oauth2/revoke`, {
      method: 'POST',
      body: new URLSearchParams({ token: refresh, client_id: settings.client_id }),
      credentials: 'omit',
      keepalive: true,
    }).catch(() => {});
  const query = new URLSearchParams({ client_id: settings.client_id, logout_uri: `${location.origin}/` });
  location.assign(`${settings.hosted_ui}/logout?${query}`);
}
