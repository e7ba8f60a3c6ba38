import { setImmediate as turn } from 'node:timers/promises';
import { erasedAmong } from '../domain/accept/erased.ts';
import type { AcceptContext } from '../domain/accept/index.ts';
import type { IdentifierKeys } from '../domain/identifier.ts';
import { linksOf } from '../domain/link-evidence.ts';
import type { RawLine } from '../domain/raw-tables.ts';
import type { DeliveryCounts, EventLake, IdentityLink, IdentityStore, StreamRecord } from '../ports.ts';
import { type Fate, fatesOf, type Sighting } from './fates.ts';
import { type Arrival, type GatherContext, gather, thrownBy } from './gather.ts';
import { type Importer, replayRejections } from './import-files.ts';
import { readStream, type Sighted } from './read-stream.ts';
import { rememberLinks } from './remember-links.ts';

export type { Fate, IngestCounts } from './fates.ts';

/** What ingest needs of the world. */
export interface IngestDeps extends Pick<AcceptContext, 'identify' | 'isBot'> {
  lake: EventLake;
  identities: IdentityStore;
  /** Milliseconds since 1970 UTC. */
  now: () => number;
  /** Of how many records the fates are told, the last of the batch; of all unless told. */
  lastFates?: number;
  /** The shop's setting match_unknown_consent: whether records that state no consent say who is who; they do unless told. */
  matchesUnknownConsent?: boolean;
}

export interface Ingested extends DeliveryCounts {
  fates: Fate[];
  /** Records that had waited for a store of the batch and are stored now. */
  released: number;
}

/**
 * Takes a batch of the stream into the lake, and what it says about who is who into the identity store. A record is
 * accepted by the time that it came and for the store that its sender speaks for; one that is bad is set aside and harms
 * no neighbour. Repeating a batch, whole or in part, changes nothing.
 * @throws Error when lake or identity store fail: the batch is not done then, and comes again
 */
export async function ingest(records: readonly StreamRecord[], deps: IngestDeps): Promise<Ingested> {
  const { lake, identities, lastFates = Number.POSITIVE_INFINITY } = deps;
  const [stores, erased] = await Promise.all([lake.stores(), lake.tombstones()]);
  const wantsFates = lastFates > 0;
  const delivery = await lake.deliver({ namesRepeated: wantsFates });
  const links: IdentityLink[] = [];
  const addLinks = linksInto(links, deps);
  let sightings: Sighting[] = [];
  let bringsStores = false;
  let counts: DeliveryCounts;
  try {
    let firstRecord = 1;
    for await (const batch of readStream(records)) {
      const gathered = gather(
        batch.map(({ found }) => found),
        {
          identify: deps.identify,
          isBot: deps.isBot,
          isErased: erased.size > 0 ? erasedAmong(erased) : undefined,
          stores,
          ...arrivalsOf(batch),
          told(place, outcome) {
            if ('lines' in outcome) addLinks(outcome.lines);
            if (wantsFates) sightings.push({ ...batch[place]!, outcome });
          },
        },
        firstRecord,
      );
      firstRecord += gathered.accepted;
      bringsStores ||= gathered.tables.some(({ table }) => table === 'raw_stores');
      if (sightings.length > 2 * lastFates) sightings = sightings.slice(-lastFates);
      await delivery.take(gathered);
      // Others of this process get their turn: a batch can take a second.
      await turn();
    }
    counts = await delivery.close();
  } catch (error) {
    await delivery.abort();
    throw error;
  }
  await rememberAll(identities, links);
  const fates = fatesOf(sightings.slice(-lastFates), delivery.repeated);
  return { ...counts, fates, released: bringsStores ? (await tryAgain(deps, ['unknown_store'])).stored : 0 };
}

/**
 * Keeps a record aside that the lake cannot take, so that those behind it can go on.
 * @throws Error when the lake does not take that either, and so is what fails
 */
export async function setAside(record: StreamRecord, error: unknown, deps: IngestDeps): Promise<Ingested> {
  const detail = thrownBy(error);
  return ingest([{ ...record, set_aside: { reason: 'unreadable', detail } }], deps);
}

/** Tries records again that were set aside: stores those that are accepted now, and what they say about who is who. */
export async function tryAgain(
  deps: IngestDeps,
  reasons: readonly string[],
): ReturnType<typeof replayRejections> {
  const links: IdentityLink[] = [];
  const importer: Importer = { ...deps, onAccepted: linksInto(links, deps) };
  const replayed = await replayRejections(importer, reasons);
  await rememberAll(deps.identities, links);
  return replayed;
}

/** Milliseconds that a time of the calendar can have. */
const MOST_MS = 8.64e15;

function arrivalsOf(batch: readonly Sighted[]): Pick<
  GatherContext,
  'format' | 'source' | 'receivedAt' | 'receivedAtText'
> & {
  arrivalOf: (place: number) => Arrival;
} {
  let receivedAt = Number.NaN;
  let receivedAtText = '';
  const arrivalOf = (place: number): Arrival => {
    const { from, found } = batch[place]!;
    if (from.received_at !== receivedAt) {
      receivedAt = Math.min(from.received_at, MOST_MS);
      receivedAtText = new Date(receivedAt).toISOString();
    }
    const { format, source, store_id } = from;
    return { format, source, store_id, line: found.line, receivedAt, receivedAtText };
  };
  const { format, source, receivedAt: at, receivedAtText: text } = arrivalOf(0);
  return { format, source, receivedAt: at, receivedAtText: text, arrivalOf };
}

const LINKS_AT_ONCE = 4000;

async function rememberAll(identities: IdentityStore, links: readonly IdentityLink[]): Promise<void> {
  for (let from = 0; from < links.length; from += LINKS_AT_ONCE) {
    await rememberLinks(identities, links.slice(from, from + LINKS_AT_ONCE));
    await turn();
  }
}

/** Adds what an accepted record says about who is who: nothing where it must not be used for that, or is a machine's. */
function linksInto(
  links: IdentityLink[],
  { matchesUnknownConsent = true }: Pick<IngestDeps, 'matchesUnknownConsent'>,
): (lines: readonly RawLine[]) => void {
  return (lines) => {
    const { table, row, json } = lines[0]!;
    // What somebody says about measurement, or about the shop, is no sighting of them.
    if (table === 'raw_consents' || table === 'raw_feedback' || row === undefined) return;
    if (row.consent !== 'granted' && !(row.consent === 'unknown' && matchesUnknownConsent)) return;
    // A quote inside a text of the line would stand behind a backslash.
    if (json.includes('"is_bot":true')) return;
    for (const link of linksOf(row as IdentifierKeys, row.occurred_at as string)) links.push(link);
  };
}
