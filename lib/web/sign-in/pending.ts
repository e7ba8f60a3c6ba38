/** A sign-in that was begun in this tab and is not over: what its end is checked against. */
export interface PendingSignIn {
  /** Ties the answer to this tab: an answer to another question is none. */
  state: string;
  /** Ties the identity token to this sign-in. */
  nonce: string;
  /** What only this tab knows until it takes the tokens (RFC 7636). */
  verifier: string;
  /** Address of the page to go on with. */
  back: string;
}

const KEY = 'ropo-sign-in';

export const base64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');

const random = () => base64url(crypto.getRandomValues(new Uint8Array(32)));

export function beginPending(back: string): PendingSignIn {
  const pending = { state: random(), nonce: random(), verifier: random(), back };
  sessionStorage.setItem(KEY, JSON.stringify(pending));
  return pending;
}

/** The sign-in that is under way, once: whoever comes back twice has none. */
export function takePending(): PendingSignIn | null {
  const text = sessionStorage.getItem(KEY);
  sessionStorage.removeItem(KEY);
  try {
    return text === null ? null : (JSON.parse(text) as PendingSignIn);
  } catch {
    return null;
  }
}

/** S256 of RFC 7636. */
export async function challengeOf(verifier: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
  return base64url(new Uint8Array(digest));
}
