import { problemResponse, Refused } from './problem.ts';

const LOOPBACK = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/;

/** Headers that a proxy adds to what it hands on. */
const OF_PROXIES = /^(?:forwarded|x-forwarded(?:-.*)?|x-real-ip|via)$/;

/**
 * Whether a request was made to this machine by name. A page elsewhere can point a name of its own at 127.0.0.1, but
 * the browser then sends that name as Host.
 */
export function isForLoopback(request: Request): boolean {
  return LOOPBACK.test(request.headers.get('host') ?? new URL(request.url).host);
}

/**
 * Refuses whoever does not ask this machine itself, by its own name: what shows figures and events is for nobody else.
 * A proxy asks by that name too, for the whole world; many say so, but not all.
 * @returns null for who may see it
 */
export function refusedElsewhere(request: Request): Response | null {
  if (!isForLoopback(request)) {
    return problemResponse(
      new Refused(403, 'This is shown on this machine only; open it by 127.0.0.1 or localhost', {
        code: 'not_loopback',
        field: 'host',
      }),
    );
  }
  const field = Array.from(request.headers.keys()).find((name) => OF_PROXIES.test(name));
  if (field === undefined) return null;
  return problemResponse(
    new Refused(
      403,
      'This is shown on this machine only, not through a proxy; a proxy is for the port of ropo serve --collect-port',
      { code: 'through_proxy', field },
    ),
  );
}
