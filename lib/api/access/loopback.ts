import { askedFromElsewhere } from '../../domain/loopback-host.ts';
import { Problem } from '../problem.ts';
import type { Access } from './access.ts';

const DETAILS = {
  not_loopback: 'Open it by 127.0.0.1 or localhost; for readers elsewhere start ropo serve --require-token',
  through_proxy: 'Not through a proxy; for readers elsewhere start ropo serve --require-token',
};

/** Whoever is on this machine reads everything, without a login. What listens must listen on the loopback address alone. */
export function loopbackAccess(): Access {
  return {
    bearer: null,
    readerOf(request) {
      const host = request.headers.get('host') ?? new URL(request.url).host;
      const elsewhere = askedFromElsewhere(host, request.headers.keys());
      if (elsewhere)
        throw new Problem('elsewhere', { detail: DETAILS[elsewhere.code], field: elsewhere.field });
      return { role: 'manager', name: 'this machine' };
    },
  };
}
