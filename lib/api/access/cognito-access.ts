import { type Access, badToken } from './access.ts';
import { knownRole, roleIn } from './jwt-access.ts';
import { type TokenRules, tokenClaims } from './token-claims.ts';

export interface CognitoOptions extends Omit<TokenRules, 'audience' | 'keys'> {
  /** The clients of the user pool whose tokens are taken: the page's, and those of programs. */
  clients: readonly string[];
  /** The public keys where they are not those that the issuer publishes. */
  keys?: TokenRules['keys'];
}

/** The claim with a person's groups: their names are roles. */
const GROUPS = 'cognito:groups';
/** The resource server whose scopes name the role of a program, as ropo/marketer. */
const SCOPES_OF = 'ropo/';

/**
 * Who brings an access token of a Cognito user pool reads what its role may. Access tokens and not ID tokens: an ID token
 * tells the page who signed in, and holds an address that the API has no need of. An access token has no `aud`; whom it
 * is for stands in `client_id`.
 */
export function cognitoAccess({ clients, ...given }: CognitoOptions): Access {
  const { issuer } = given;
  if (!issuer || clients.length === 0)
    throw new Error('cognitoAccess needs an issuer and at least one client');
  const keys = given.keys ?? new URL(`${issuer.replace(/\/$/, '')}/.well-known/jwks.json`);
  const claimsOf = tokenClaims({ ...given, keys });
  return {
    bearer: { description: `An access token of ${issuer}`, format: 'JWT' },
    async readerOf(request) {
      const claims = await claimsOf(request);
      const { token_use, client_id, sub, scope } = claims;
      if (token_use !== 'access' || typeof client_id !== 'string' || !clients.includes(client_id))
        throw badToken();
      // Scopes count where no person stands behind the token: a person may ask for any that the client may have.
      const isProgram = sub === client_id;
      const role = isProgram ? roleIn(rolesOfScopes(scope)) : roleIn(claims[GROUPS]);
      return { role: knownRole(role, isProgram ? 'scope' : GROUPS), name: `sub ${sub}` };
    },
  };
}

const rolesOfScopes = (scope: unknown): string[] =>
  typeof scope !== 'string'
    ? []
    : scope
        .split(' ')
        .filter((one) => one.startsWith(SCOPES_OF))
        .map((one) => one.slice(SCOPES_OF.length));
