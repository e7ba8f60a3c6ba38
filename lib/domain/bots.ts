import { isbot } from 'isbot';

const REMEMBERED = 20_000;
const known = new Map<string, boolean>();

/** Whether a user agent is a crawler or a script. Remembered: browsers are few and the test is slow. */
export function isBot(userAgent: string): boolean {
  let answer = known.get(userAgent);
  if (answer === undefined) {
    answer = isbot(userAgent);
    if (known.size >= REMEMBERED) known.clear();
    known.set(userAgent, answer);
  }
  return answer;
}
