/**
 * The Content-Security-Policy of the page: it runs its own scripts and asks its own server, and whatever a campaign is
 * called stays text.
 * @param asks other origins that it may ask, such as the one that signs its readers in
 */
export const pagePolicy = (asks: readonly string[] = []): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `connect-src ${["'self'", ...asks].join(' ')}`,
    "img-src 'self' data: blob:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
