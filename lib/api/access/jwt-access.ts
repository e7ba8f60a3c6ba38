import { Problem } from '../problem.ts';
import { ROLE_NAMES, type RoleName } from '../roles.ts';
import type { Access } from './access.ts';
import { type TokenRules, tokenClaims } from './token-claims.ts';

export interface JwtOptions extends TokenRules {
  audience: string;
  /** The claim that names the role: one text, or a list of which the most able counts. */
  roleClaim: string;
}

/** Who brings a JSON Web Token of an issuer reads what its role may. */
export function jwtAccess({ roleClaim, ...rules }: JwtOptions): Access {
  const { issuer, audience } = rules;
  if (!issuer || !audience || !roleClaim) throw new Error('jwtAccess needs issuer, audience and roleClaim');
  const claimsOf = tokenClaims(rules);
  return {
    bearer: { description: `A token of ${issuer} for ${audience}`, format: 'JWT' },
    async readerOf(request) {
      const claims = await claimsOf(request);
      return { role: knownRole(roleIn(claims[roleClaim]), roleClaim), name: `sub ${claims.sub}` };
    },
  };
}

/** The most able of the roles that a claim names; null where it names none. */
export function roleIn(claim: unknown): RoleName | null {
  const named: unknown[] = Array.isArray(claim) ? claim : [claim];
  return ROLE_NAMES.find((role) => named.includes(role)) ?? null;
}

/** @throws Problem (403) where there is none */
export function knownRole(role: RoleName | null, claim: string): RoleName {
  if (role !== null) return role;
  throw new Problem('not-permitted', {
    detail: 'The token names no role that is known here',
    field: claim,
    allowed: ROLE_NAMES,
  });
}
