import { isbot } from 'isbot';
import { remembered } from './remembered.ts';

/** Tracking libraries of a shop's own servers and apps: what they send on, a person did. */
const OWN_LIBRARY =
  /^@?(?:analytics-[a-z]+|segment|rudder(?:labs|stack)?|rudder-?sdk|snowplow|posthog-[a-z]+)\b/i;

const MAX_LENGTH = 1000;

/**
 * Whether a user agent is a crawler or a script, by the list of the package isbot. The version of the package is the
 * version of the rules. Remembered: browsers are few and the test is slow.
 */
export const isBot = remembered(
  (userAgent) => !OWN_LIBRARY.test(userAgent) && isbot(userAgent.slice(0, MAX_LENGTH)),
  20_000,
);
