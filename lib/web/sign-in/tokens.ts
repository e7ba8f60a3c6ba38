/** Who is signed in, in this tab. */
export interface Session {
  access: string;
  refresh: string | null;
  /** When the access token ends, in milliseconds since 1970 UTC by the clock of this machine. */
  until: number;
  /** What the reader is called. */
  name: string | null;
}

interface Expected {
  client: string;
  /** Null where tokens are renewed: the identity is the one before. */
  nonce: string | null;
  before: Session | null;
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

/**
 * What a server gave for a code or for the token of a session; null where it is not for this page or this sign-in. The
 * API checks signatures; here the tokens come from the server itself, which TLS vouches for.
 */
export function readTokens(given: unknown, { client, nonce, before }: Expected): Session | null {
  const { access_token, refresh_token, id_token, expires_in } = (given ?? {}) as Record<string, unknown>;
  if (!isText(access_token)) return null;
  const identity = isText(id_token) ? claimsOf(id_token) : null;
  if (nonce !== null && (identity === null || identity.nonce !== nonce || identity.aud !== client))
    return null;
  const seconds = typeof expires_in === 'number' && expires_in > 0 ? expires_in : 300;
  const name = [identity?.email, identity?.['cognito:username']].find(isText);
  return {
    access: access_token,
    refresh: isText(refresh_token) ? refresh_token : (before?.refresh ?? null),
    until: Date.now() + seconds * 1000,
    name: name ?? before?.name ?? null,
  };
}

function claimsOf(token: string): Record<string, unknown> | null {
  try {
    const text = atob((token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/'));
    return JSON.parse(new TextDecoder().decode(Uint8Array.from(text, (letter) => letter.charCodeAt(0))));
  } catch {
    return null;
  }
}
