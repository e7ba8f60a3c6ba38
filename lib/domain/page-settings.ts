/** What the page must know that is not the same everywhere: where its readers sign in. */
export interface PageSettings {
  sign_in: SignInSettings;
}

/** A server that signs readers in by OAuth 2.0: authorization code with PKCE, for a public client. */
export interface SignInSettings {
  /** Origin of the server's pages, as https://shop.auth.eu-south-1.amazoncognito.com. */
  hosted_ui: string;
  /** The page's own client id; it is no secret. */
  client_id: string;
  /** What the page asks to know of its reader. */
  scopes: readonly string[];
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

/**
 * Reads page settings.
 * @throws Error naming what is missing or not as it must be
 */
export function readPageSettings(text: string): PageSettings {
  let given: { sign_in?: Partial<Record<keyof SignInSettings, unknown>> } | null;
  try {
    given = JSON.parse(text);
  } catch {
    throw new Error('The page settings are no JSON');
  }
  const { hosted_ui, client_id, scopes } = given?.sign_in ?? {};
  if (!isText(client_id)) throw new Error('The page settings lack sign_in.client_id');
  if (!isText(hosted_ui) || !isSafeOrigin(hosted_ui))
    throw new Error(
      `sign_in.hosted_ui of the page settings is "${hosted_ui}"; it must be an origin such as https://sign-in.shop.example`,
    );
  if (!Array.isArray(scopes) || !scopes.every(isText) || !scopes.includes('openid'))
    throw new Error('sign_in.scopes of the page settings must be a list with openid');
  return { sign_in: { hosted_ui, client_id, scopes } };
}

/** Tokens travel over https, or stay on this machine. */
function isSafeOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { origin, protocol, hostname } = new URL(text);
  return origin === text && (protocol === 'https:' || hostname === '127.0.0.1' || hostname === 'localhost');
}
