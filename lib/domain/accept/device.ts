import { remembered } from '../remembered.ts';

const MOBILE = /Mobi|iPhone|Android/i;
const TABLET = /iPad|Tablet/i;
const MAX_LENGTH = 1000;

const deviceBy = remembered((userAgent) => {
  const text = userAgent.slice(0, MAX_LENGTH);
  return TABLET.test(text) ? 'tablet' : MOBILE.test(text) ? 'mobile' : 'desktop';
}, 50_000);

/** tablet, mobile or desktop, by what the browser says of itself. */
export const deviceOf = (userAgent: string | null | undefined): string | null =>
  userAgent ? deviceBy(userAgent) : null;
