import { REJECTION_REASONS } from '../../domain/accept/index.ts';
import { type IngestDeps, tryAgain } from '../../pipeline/ingest.ts';
import type { Rejections } from './rejections.ts';

/** Asks for records that were set aside to be tried again. */
export interface ReplayAsked {
  action: 'replay';
  /** Why they were set aside, as in `rejections/reason=<reason>/`. */
  reason: string;
  /** Only those that arrived on this day, as 2025-03-31. */
  arrived?: string;
}

/** Of the records of one reason: how many could be read again, were stored, and are still set aside. */
export interface Replayed {
  tried: number;
  stored: number;
  left: number;
}

/**
 * What is asked, where an event asks for a replay; null of any other.
 * @throws Error naming what cannot be asked
 */
export function replayAsked(event: object): ReplayAsked | null {
  const { action, reason, arrived } = event as Partial<ReplayAsked>;
  if (action === undefined) return null;
  if (action !== 'replay') throw new Error(`"${action}" is no action of ingest; "replay" is`);
  if (typeof reason !== 'string' || !Object.hasOwn(REJECTION_REASONS, reason))
    throw new Error(`"${reason}" is no reason; one of ${Object.keys(REJECTION_REASONS).join(', ')} is`);
  if (arrived !== undefined && !/^\d{4}-\d\d-\d\d$/.test(arrived))
    throw new Error(`arrived "${arrived}" is no day; give one as 2025-03-31`);
  return { action, reason, ...(arrived === undefined ? {} : { arrived }) };
}

/**
 * Puts records that were set aside through acceptance again. What is accepted is handed to the lake, then leaves its file;
 * the rest stays, by the reason that it has now. Asked again, or after it broke off, it does no harm: what was handed over
 * twice is one row once it is merged.
 */
export async function replayAside(
  { reason, arrived }: ReplayAsked,
  { ingest, rejections }: { ingest: IngestDeps; rejections: Rejections },
): Promise<Replayed> {
  const lake = { ...ingest.lake, rejections: () => rejections.list([reason], arrived) };
  const { tried, stored, left } = await tryAgain({ ...ingest, lake }, [reason]);
  return { tried, stored, left };
}
