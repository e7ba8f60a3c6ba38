import {
  createLocalJWKSet,
  createRemoteJWKSet,
  customFetch,
  errors,
  type FetchImplementation,
  type JSONWebKeySet,
  type JWTPayload,
  jwtVerify,
} from 'jose';
import { isLoopbackAddress } from '../../domain/loopback-host.ts';
import { comeAgain, Problem } from '../problem.ts';
import { badToken, bearerToken } from './access.ts';

export interface TokenRules {
  /** Who must have issued a token, exactly. */
  issuer: string;
  /** Whom it must be for; absent where the caller checks that by another claim. */
  audience?: string;
  /** The public keys, or the https address where the issuer publishes them; they are kept and asked for anew by `kid`. */
  keys: JSONWebKeySet | URL;
  /** How far clocks may be apart, in seconds: 30 unless it says otherwise, at most 120. */
  clockTolerance?: number;
  now?: () => Date;
  /** Fetches the keys. */
  fetch?: FetchImplementation;
}

/** Signatures by a private key of the issuer alone: neither none, nor a secret that a public key would pass for. */
const ALGORITHMS = ['RS256', 'ES256'];
const MOST_TOLERANCE = 120;

/**
 * Reads the claims of a request's bearer token. Signature, issuer, audience, exp and nbf are checked (RFC 7519, RFC
 * 8725), and there must be exp and a text as sub.
 * @throws Error for rules that are unsafe; the function that it gives throws Problem
 */
export function tokenClaims({
  issuer,
  audience,
  keys,
  clockTolerance = 30,
  now = () => new Date(),
  fetch,
}: TokenRules): (request: Request) => Promise<JWTPayload> {
  if (!(clockTolerance >= 0 && clockTolerance <= MOST_TOLERANCE))
    throw new Error(`clockTolerance ${clockTolerance} is not from 0 to ${MOST_TOLERANCE} seconds`);
  if (keys instanceof URL && !isSafe(keys))
    throw new Error(`Keys must come over https, not from ${keys.href}`);
  const keySet =
    keys instanceof URL
      ? createRemoteJWKSet(keys, fetch ? { [customFetch]: fetch } : {})
      : createLocalJWKSet(keys);

  return async (request) => {
    const token = bearerToken(request);
    try {
      const { payload } = await jwtVerify(token, keySet, {
        issuer,
        ...(audience === undefined ? {} : { audience }),
        algorithms: ALGORITHMS,
        clockTolerance,
        currentDate: now(),
        requiredClaims: ['exp', 'sub'],
      });
      // Whose requests are counted together: a text, or many would be one.
      if (typeof payload.sub !== 'string' || payload.sub === '') throw badToken();
      return payload;
    } catch (error) {
      if (!isOfToken(error)) throw comeAgain('busy', 5);
      throw badToken();
    }
  };
}

/** Whether the token is at fault, and not the way to the issuer's keys. */
const isOfToken = (error: unknown) =>
  error instanceof Problem ||
  (error instanceof errors.JOSEError &&
    !(error instanceof errors.JWKSTimeout) &&
    !(error instanceof errors.JWKSInvalid) &&
    error.code !== 'ERR_JOSE_GENERIC');

/** Nobody on the way can put keys of his own in the place of the issuer's. */
const isSafe = ({ protocol, hostname }: URL) =>
  protocol === 'https:' || (protocol === 'http:' && isLoopbackAddress(hostname));
