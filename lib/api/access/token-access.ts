import { createHash } from 'node:crypto';
import type { ReaderToken } from '../../domain/source-keys.ts';
import { ROLE_NAMES } from '../roles.ts';
import { type Access, badToken, bearerToken } from './access.ts';

/** What is kept of a reader's token: it has 256 random bits, so that its plain hash tells nothing. */
export const tokenHash = (token: string) => createHash('sha256').update(token).digest('hex');

/**
 * Who brings a token of this shop reads what its role may.
 * @param find the token of a hash, as they are now: one that was revoked is not found
 */
export function tokenAccess(find: (hash: string) => ReaderToken | undefined): Access {
  return {
    bearer: { description: 'A token of ropo keys add reader' },
    readerOf(request) {
      const token = find(tokenHash(bearerToken(request)));
      const role = ROLE_NAMES.find((name) => name === token?.role);
      if (!token || !role) throw badToken();
      return { role, name: token.id };
    },
  };
}
