import { rmSync } from 'node:fs';
import { startIngest } from '../../adapters/embedded/ingest-loop.ts';
import { openShopDirectory } from '../../adapters/embedded/shop-directory.ts';
import { runInProcess } from '../own-process.ts';
import { IDENTIFIERS_PER_PERSON, messageSource } from './messages.ts';

export interface IngestOrder {
  root: string;
  events: number;
  /** Distinct identifiers among the events; at least as many events make them all appear. */
  identifiers: number;
}

/** What it took to take events in: from messages in memory to Parquet files and identity links on disk. */
export interface IngestResult {
  events: number;
  identifiers: number;
  seconds: number;
  /** Of all threads of the process. */
  cpuSeconds: number;
  /** Of the processor, for the same texts parsed as JSON and nothing else. */
  parseSeconds: number;
  /** Of the events; the last tenth of them, when all identifiers are known and the lake is at its largest. */
  last: { events: number; seconds: number; cpuSeconds: number };
  peakBytes: number;
  bytes: number;
}

/** One core's worth: what a run would take with one core, which cannot be less than its processor time. */
export const oneCoreSeconds = ({ seconds, cpuSeconds }: { seconds: number; cpuSeconds: number }) =>
  Math.max(seconds, cpuSeconds);

function cpuSecondsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/** Takes events in, in a process of its own. */
export const runIngest = (order: IngestOrder): Promise<IngestResult> =>
  runInProcess('collect, ingest', new URL(import.meta.url), order);

/** Messages of one append, as of a request that brings a batch; and appends that are under way at once. */
const PER_APPEND = 100;
const AT_ONCE = 10;
/** Messages that are made before they are taken in, which is what is measured. */
const PER_ROUND = 40_000;

export async function answer({ root, events, identifiers }: IngestOrder): Promise<IngestResult> {
  const persons = Math.max(1, Math.round(identifiers / IDENTIFIERS_PER_PERSON));
  const source = messageSource(persons, 1);
  const loop = await startIngest(openShopDirectory(root), { threads: 1, lastFates: 0 });
  const result: IngestResult = {
    events,
    identifiers,
    seconds: 0,
    cpuSeconds: 0,
    parseSeconds: 0,
    last: { events: 0, seconds: 0, cpuSeconds: 0 },
    peakBytes: 0,
    bytes: 0,
  };
  try {
    for (let done = 0; done < events; done += PER_ROUND) {
      const receivedAt = Date.now();
      const messages = source.next(Math.min(PER_ROUND, events - done), receivedAt - PER_ROUND);
      for (const message of messages) result.bytes += message.length;
      const cpuBefore = process.cpuUsage();
      const began = performance.now();
      for (let at = 0; at < messages.length; at += PER_APPEND * AT_ONCE) {
        const appends = Array.from({ length: AT_ONCE }, (_, n) => at + n * PER_APPEND).map((from) =>
          loop.stream.append(
            messages.slice(from, from + PER_APPEND).map((body) => ({
              format: 'segment',
              source: 'site',
              store_id: null,
              received_at: receivedAt,
              body,
            })),
          ),
        );
        await Promise.all(appends);
      }
      await loop.drained();
      const seconds = (performance.now() - began) / 1000;
      const cpuSeconds = cpuSecondsSince(cpuBefore);
      result.seconds += seconds;
      result.cpuSeconds += cpuSeconds;
      if (done + messages.length > events * 0.9) {
        result.last.events += messages.length;
        result.last.seconds += seconds;
        result.last.cpuSeconds += cpuSeconds;
      }
      const parsing = process.cpuUsage();
      for (const message of messages) JSON.parse(message);
      result.parseSeconds += cpuSecondsSince(parsing);
    }
    const { stored } = loop.counts();
    if (stored !== events)
      throw new Error(`${stored} events stored of ${events}; the bench wants all of them`);
  } finally {
    await loop.close();
    rmSync(root, { recursive: true, force: true });
  }
  return { ...result, peakBytes: process.resourceUsage().maxRSS * 1024 };
}
