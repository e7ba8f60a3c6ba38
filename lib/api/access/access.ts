import { Problem } from '../problem.ts';
import type { RoleName } from '../roles.ts';

/** Who asks. */
export interface ApiReader {
  role: RoleName;
  /** Whose requests are counted together. */
  name: string;
}

/** Who may read the API, and as what. */
export interface Access {
  /** Whether a request must bring a bearer token; documented as such. */
  bearer: { description: string; format?: string } | null;
  /** @throws Problem for a request that is not answered */
  readerOf(request: Request): ApiReader | Promise<ApiReader>;
}

const LONGEST_TOKEN = 8192;

/**
 * The token of an Authorization header.
 * @throws Problem where there is none
 */
export function bearerToken(request: Request): string {
  const token = /^Bearer +([A-Za-z0-9._~+/=-]+) *$/i.exec(request.headers.get('authorization') ?? '')?.[1];
  if (token === undefined || token.length > LONGEST_TOKEN)
    throw new Problem(
      'not-signed-in',
      { detail: 'Send "Authorization: Bearer TOKEN"', field: 'authorization' },
      { 'www-authenticate': 'Bearer realm="ropo"' },
    );
  return token;
}

/** A token that is not good; why is not said. */
export const badToken = () =>
  new Problem(
    'not-signed-in',
    { detail: 'This token is not good, or not any more', field: 'authorization' },
    { 'www-authenticate': 'Bearer realm="ropo", error="invalid_token"' },
  );
