import { askedFromElsewhere } from '../domain/loopback-host.ts';
import { problemResponse, Refused } from './problem.ts';

const TITLES = {
  not_loopback: 'This is shown on this machine only; open it by 127.0.0.1 or localhost',
  through_proxy:
    'This is shown on this machine only, not through a proxy; a proxy is for the port of ropo serve --collect-port',
};

/**
 * Refuses whoever does not ask this machine itself, by its own name: what shows events is for nobody else.
 * @returns null for who may see it
 */
export function refusedElsewhere(request: Request): Response | null {
  const host = request.headers.get('host') ?? new URL(request.url).host;
  const elsewhere = askedFromElsewhere(host, request.headers.keys());
  return elsewhere && problemResponse(new Refused(403, TITLES[elsewhere.code], { ...elsewhere }));
}
