import type { Rate } from '../domain/token-bucket.ts';

/** How much the collector takes. All sizes are bytes. */
export interface CollectorLimits {
  /** A body as it comes. */
  bodyBytes: number;
  /** The same, unpacked. */
  unpackedBytes: number;
  /** One signed upload, as it comes and unpacked; a longer file goes in parts, or through `ropo import`. */
  uploads: { bodyBytes: number; unpackedBytes: number };
  /** A body whose headers name no key, as it comes and unpacked: anybody can send that. */
  strangerBytes: number;
  /** All requests under way together hold so much: their bodies, as they come and unpacked. */
  underWayBytes: number;
  /** The same for requests whose headers name no key; on top of the others. */
  strangersBytes: number;
  /** Messages of one request. */
  messages: number;
  /** One event with what it takes from its batch; a larger one is set aside, its neighbours are not. */
  eventBytes: number;
  /** All events of a request together, each with what it takes from its batch. */
  requestBytes: number;
  /** What is kept of a body or an event that is too large or no JSON. */
  headBytes: number;
  /** Events per second of one key, and how many may come at once; without it there is no such limit. */
  rate: Rate | null;
  /** Bodies that are no JSON, of one key: those above it are refused all the same, and not kept. */
  unreadableRate: Rate;
}

/**
 * Sizes follow what real clients send: Segment documents 500 KB and 2,500 events per batch, and its SDKs send more. A
 * refusal costs a batch all of its events, as SDKs do not send it again, so limits are far above what any of them sends;
 * a few kilobytes of gzip can still hold a million members.
 */
export const COLLECTOR_LIMITS: CollectorLimits = {
  bodyBytes: 4 * 1_048_576,
  unpackedBytes: 10 * 1_048_576,
  uploads: { bodyBytes: 10 * 1_048_576, unpackedBytes: 10 * 1_048_576 },
  strangerBytes: 1_048_576,
  underWayBytes: 256 * 1_048_576,
  strangersBytes: 16 * 1_048_576,
  messages: 20_000,
  eventBytes: 262_144,
  requestBytes: 40 * 1_048_576,
  headBytes: 4096,
  rate: null,
  unreadableRate: { perSecond: 0.1, burst: 100 },
};
