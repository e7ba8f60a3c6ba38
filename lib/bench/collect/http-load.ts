import autocannon from 'autocannon';
import { BENCH_KEY, type Kind, startServer } from './collector-server.ts';
import { messageSource } from './messages.ts';

/** What a server answered under load. */
export interface LoadResult {
  /** Requests answered per second. */
  perSecond: number;
  /** Milliseconds below which 99 of 100 answers came, and half of them. */
  p99: number;
  p50: number;
  requests: number;
  /** Answers other than 200, and requests without one. */
  failed: number;
  peakBytes: number;
}

export const CONNECTIONS = 100;

/**
 * Sends single events to a server, over 100 connections as quickly as it answers.
 * @param seconds how long; a fifth of that goes before, unmeasured
 */
export async function loadServer(kind: Kind, root: string, seconds: number): Promise<LoadResult> {
  const server = await startServer(kind, root);
  try {
    const options = {
      url: `${server.url}/v1/track`,
      method: 'POST' as const,
      connections: CONNECTIONS,
      headers: {
        'content-type': 'application/json',
        authorization: `Basic ${Buffer.from(`${BENCH_KEY}:`).toString('base64')}`,
      },
      // autocannon puts an id of its own for each request where this stands.
      idReplacement: true,
      body: oneEvent(),
    };
    await autocannon({ ...options, duration: Math.max(1, seconds / 5) });
    const { requests, latency, errors, timeouts, non2xx } = await autocannon({
      ...options,
      duration: seconds,
    });
    return {
      perSecond: requests.average,
      p99: latency.p99,
      p50: latency.p50,
      requests: requests.total,
      failed: errors + timeouts + non2xx,
      peakBytes: await server.peakBytes(),
    };
  } finally {
    await server.stop();
  }
}

/** An event whose id is another each time. */
function oneEvent(): string {
  const [message] = messageSource(1, 1).next(1, Date.now() - 1000);
  const event = JSON.parse(message!) as Record<string, unknown>;
  return JSON.stringify({ ...event, messageId: 'm-[<id>]', receivedAt: undefined });
}
