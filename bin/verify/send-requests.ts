import { type Wait, waitUntil } from '../../lib/adapters/aws/verify/wait-until.ts';

/** Answers after which the same request is sent again: a key is known to a running function a minute after it was made. */
const AGAIN = [401, 403, 429, 500, 502, 503, 504];

/**
 * Sends the requests to the collector one after the other, each until it is taken.
 * @throws Error with status and answer where one is refused for good; WaitedTooLong
 */
export async function sendRequests(
  requests: readonly string[],
  collectorUrl: string,
  key: string,
  wait: Partial<Wait> = {},
): Promise<void> {
  const headers = {
    authorization: `Basic ${Buffer.from(`${key}:`).toString('base64')}`,
    'content-type': 'application/json',
  };
  for (const body of requests)
    await waitUntil(
      async () => {
        const response = await fetch(`${collectorUrl}/v1/batch`, { method: 'POST', headers, body });
        const answer = await response.text();
        if (response.status === 200) return true;
        if (!AGAIN.includes(response.status))
          throw new Error(`The collector answered ${response.status}: ${answer.slice(0, 300)}`);
        return undefined;
      },
      { what: 'the collector to take a request', everyMs: 5_000, forMs: 180_000, ...wait },
    );
}
