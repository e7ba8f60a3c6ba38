import { Readable } from 'node:stream';
import { erasedAmong } from '../domain/accept/erased.ts';
import type { AcceptContext, RejectionReason, StoreFacts } from '../domain/accept/index.ts';
import type { RecordKind } from '../domain/contract/index.ts';
import type { RawLine } from '../domain/raw-tables.ts';
import { beyondLimits } from '../domain/record-limits.ts';
import type { FoundRecord } from '../formats/format.ts';
import { FORMATS } from '../formats/index.ts';
import { repeatsName } from '../formats/json-names.ts';
import type { DeliveryCounts, EventLake, Rejection } from '../ports.ts';
import { type GatherContext, gather } from './gather.ts';

/** What trying records again needs. */
export interface Replayer extends Pick<AcceptContext, 'identify' | 'isBot'> {
  lake: EventLake;
  /** Milliseconds since 1970 UTC. */
  now: () => number;
  /** Told of every record that is accepted now. */
  onAccepted?: (lines: readonly RawLine[]) => void;
}

/** Nothing that could be mended here makes these good: their sender must send them with another key, anew, or never. */
const NOT_TRIED: readonly RejectionReason[] = ['wrong_store', 'erased', 'duplicate_key'];

const BATCH = 5000;

/** A record that was set aside, as it is tried again. */
interface Trial {
  old: Rejection;
  found: FoundRecord;
}

/**
 * Tries rejected records again. Those that are accepted now are stored and leave the list; the rest stay, with the
 * reason that they have now. A record is still for the store that its sender spoke for. Text that could not be read is read anew, in case its format can now; text that was cut
 * is not, and is left to a new delivery.
 * @param reasons only what was rejected for these
 * @returns `tried` are those that could be read
 */
export async function replayRejections(
  replayer: Replayer,
  reasons?: readonly string[],
): Promise<{ tried: number; stored: number; duplicates: number; left: number }> {
  const { lake } = replayer;
  const all = await lake.rejections(reasons);
  const candidates = all.filter(({ reason }) => !NOT_TRIED.includes(reason));
  if (candidates.length === 0) return { tried: 0, stored: 0, duplicates: 0, left: all.length };
  const context = await contextOf(replayer);
  const delivery = await lake.deliver();
  const settled = new Set<string>();
  const renewed = new Set<string>();
  let tried = 0;
  let trialsBefore = 0;
  let counts: DeliveryCounts;
  try {
    for (let from = 0; from < candidates.length; from += BATCH) {
      const read = await Promise.all(candidates.slice(from, from + BATCH).map(trialsOf));
      tried += read.filter(({ length }) => length > 0).length;
      const trials = read.flat();
      const again = new Set<string>();
      const gathered = gather(
        trials.map(({ found }) => found),
        {
          ...context,
          arrivalOf: (place) => {
            const { format, file, line, store_scope } = trials[place]!.old;
            const { receivedAt, receivedAtText } = context;
            return { format, source: file, line, store_id: store_scope ?? null, receivedAt, receivedAtText };
          },
          told(place, outcome) {
            const { old } = trials[place]!;
            if ('lines' in outcome) replayer.onAccepted?.(outcome.lines);
            else if (outcome.reason === old.reason) {
              again.add(outcome.rejection_id);
              return;
            }
            settled.add(old.rejection_id);
          },
        },
        trialsBefore + 1,
      );
      trialsBefore += trials.length;
      const rejections = gathered.rejections.filter(({ rejection_id }) => !again.has(rejection_id));
      for (const { rejection_id } of rejections) renewed.add(rejection_id);
      await delivery.take({ ...gathered, rejections });
    }
    counts = await delivery.close();
  } catch (error) {
    await delivery.abort();
    throw error;
  }
  await lake.forget([...settled]);
  const { stored, duplicates } = counts;
  return { tried, stored, duplicates, left: all.length - settled.size + renewed.size };
}

async function contextOf({ lake, identify, isBot, now }: Replayer): Promise<GatherContext> {
  const [stores, erased]: [Map<string, StoreFacts>, Set<string>] = await Promise.all([
    lake.stores(),
    lake.tombstones(),
  ]);
  const receivedAt = now();
  return {
    identify,
    isBot,
    isErased: erased.size > 0 ? erasedAmong(erased) : undefined,
    stores,
    format: '',
    source: '',
    receivedAt,
    receivedAtText: new Date(receivedAt).toISOString(),
  };
}

/** The record of a rejection; of text that could not be read, the records that it turns out to hold now, if any. */
async function trialsOf(old: Rejection): Promise<Trial[]> {
  const { kind, record, original, line } = old;
  if (record !== null && kind !== null)
    return [
      {
        old,
        found: {
          kind: kind as RecordKind,
          value: JSON.parse(record),
          original,
          line,
          repeatsName: repeatsNameIn(original),
        },
      },
    ];
  const found = await readAnew(old);
  return found.some(({ unreadable }) => unreadable !== undefined)
    ? []
    : found.map((one) => ({ old, found: one }));
}

/** Whether a name stands twice in a record as it came, which its words in the contract do not tell any more. */
function repeatsNameIn(original: string): boolean {
  if (!/^\s*\{/.test(original)) return false;
  let value: unknown;
  try {
    value = JSON.parse(original);
  } catch {
    // It is a line of another format, or was cut.
    return false;
  }
  return beyondLimits(value, original) === null && repeatsName(original, value);
}

async function readAnew({ format, file, original }: Rejection): Promise<FoundRecord[]> {
  const known = Object.hasOwn(FORMATS, format) ? FORMATS[format]! : null;
  if (known === null || known.together || original === '') return [];
  const bytes = original.startsWith(BASE64)
    ? Buffer.from(original.slice(BASE64.length), 'base64')
    : Buffer.from(original);
  const found: FoundRecord[] = [];
  try {
    const text = { name: file, bytes: bytes.length, open: () => Readable.from([bytes]) };
    for await (const batch of known.read([text])) found.push(...batch);
  } catch {
    // It is as unreadable as it was.
    return [];
  }
  return found;
}

const BASE64 = 'base64:';
