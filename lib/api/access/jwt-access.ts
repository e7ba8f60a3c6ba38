import { createLocalJWKSet, createRemoteJWKSet, errors, type JSONWebKeySet, jwtVerify } from 'jose';
import { comeAgain, Problem } from '../problem.ts';
import { ROLE_NAMES, type RoleName } from '../roles.ts';
import { type Access, badToken, bearerToken } from './access.ts';

export interface JwtOptions {
  /** Who must have issued a token, exactly. */
  issuer: string;
  /** Whom it must be for. */
  audience: string;
  /** The public keys, or the https address where the issuer publishes them; they are kept and asked for anew by `kid`. */
  keys: JSONWebKeySet | URL;
  /** The claim that names the role: one text, or a list of which the most able counts. Cognito's is cognito:groups. */
  roleClaim: string;
  /** How far clocks may be apart, in seconds: 30 unless it says otherwise, at most 120. */
  clockTolerance?: number;
  now?: () => Date;
}

/** Signatures by a private key of the issuer alone: neither none, nor a secret that a public key would pass for. */
const ALGORITHMS = ['RS256', 'ES256'];
const MOST_TOLERANCE = 120;

/**
 * Who brings a JSON Web Token of an issuer reads what its role may. Signature, issuer, audience, exp and nbf are checked
 * (RFC 7519, RFC 8725), and there must be exp and sub.
 */
export function jwtAccess({
  issuer,
  audience,
  keys,
  roleClaim,
  clockTolerance = 30,
  now = () => new Date(),
}: JwtOptions): Access {
  if (!issuer || !audience || !roleClaim) throw new Error('jwtAccess needs issuer, audience and roleClaim');
  if (!(clockTolerance >= 0 && clockTolerance <= MOST_TOLERANCE))
    throw new Error(`clockTolerance ${clockTolerance} is not from 0 to ${MOST_TOLERANCE} seconds`);
  if (keys instanceof URL && keys.protocol !== 'https:')
    throw new Error(`Keys must come over https, not from ${keys.href}`);
  const keySet = keys instanceof URL ? createRemoteJWKSet(keys) : createLocalJWKSet(keys);

  const claimsOf = async (token: string) => {
    try {
      const { payload } = await jwtVerify(token, keySet, {
        issuer,
        audience,
        algorithms: ALGORITHMS,
        clockTolerance,
        currentDate: now(),
        requiredClaims: ['exp', 'sub'],
      });
      return payload;
    } catch (error) {
      if (!isOfToken(error)) throw comeAgain('busy', 5);
      throw badToken();
    }
  };

  return {
    bearer: { description: `A token of ${issuer} for ${audience}`, format: 'JWT' },
    async readerOf(request) {
      const claims = await claimsOf(bearerToken(request));
      // Whose requests are counted together: a text, or many would be one.
      if (typeof claims.sub !== 'string' || claims.sub === '') throw badToken();
      const role = roleIn(claims[roleClaim]);
      if (role === null)
        throw new Problem('not-permitted', {
          detail: 'The token names no role that is known here',
          field: roleClaim,
          allowed: ROLE_NAMES,
        });
      return { role, name: `sub ${claims.sub}` };
    },
  };
}

/** Whether the token is at fault, and not the way to the issuer's keys. */
const isOfToken = (error: unknown) =>
  error instanceof errors.JOSEError &&
  !(error instanceof errors.JWKSTimeout) &&
  !(error instanceof errors.JWKSInvalid) &&
  error.code !== 'ERR_JOSE_GENERIC';

function roleIn(claim: unknown): RoleName | null {
  const named: unknown[] = Array.isArray(claim) ? claim : [claim];
  return ROLE_NAMES.find((role) => named.includes(role)) ?? null;
}
