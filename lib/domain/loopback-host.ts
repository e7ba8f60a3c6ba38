const LOOPBACK = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/;

/** Headers that a proxy adds to what it hands on. */
const OF_PROXIES = /^(?:forwarded|x-forwarded(?:-.*)?|x-real-ip|via)$/;

/** Why a request is not answered where only this machine is. */
export interface Elsewhere {
  code: 'not_loopback' | 'through_proxy';
  /** The header that tells. */
  field: string;
}

/**
 * Whether a request was made by this machine, and by its own name: null, or what speaks against it. A page elsewhere can
 * point a name of its own at 127.0.0.1, but the browser then sends that name as Host. A proxy asks by this machine's name
 * too, for the whole world; many say so, but not all.
 * @param host as the request names it, with or without port
 * @param headerNames in lower case
 */
export function askedFromElsewhere(host: string, headerNames: Iterable<string>): Elsewhere | null {
  if (!LOOPBACK.test(host)) return { code: 'not_loopback', field: 'host' };
  const field = Array.from(headerNames).find((name) => OF_PROXIES.test(name));
  return field === undefined ? null : { code: 'through_proxy', field };
}

/** Whether an address to listen on is this machine alone. */
export const isLoopbackAddress = (address: string) => /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/.test(address);
