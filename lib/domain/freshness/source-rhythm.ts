/** How far the data of a shop reach, and whether a source has fallen silent, by its own rhythm and the data's own clock. */

export const SOURCES = [
  'web_events',
  'touches',
  'receipts',
  'orders',
  'refunds',
  'store_visits',
  'footfall',
  'spend',
  'consents',
  'feedback',
] as const;
export type Source = (typeof SOURCES)[number];

/** Sources whose days say how late it is: what is spent is booked ahead, the others come when somebody has something to say. */
const CLOCKS: readonly Source[] = ['web_events', 'touches', 'receipts', 'orders', 'store_visits', 'footfall'];

/** `late`: silent longer than it usually is at most; `stopped`: for days longer; `never`: nothing came at all. */
export type SourceStatus = 'fresh' | 'late' | 'stopped' | 'never';

/** A day on which a source has records. */
export interface SourceDay {
  /** Days since 1970, in the zone of the reports. */
  day: number;
  /** Minute of the day of its last record. */
  lastMinute: number;
}

export interface SourceState {
  status: SourceStatus;
  /** Last day with a record; null for never. */
  lastDay: number | null;
  /** Last day of which the source is taken to have told all. */
  completeThrough: number | null;
  /** Days from one day with records to the next: usual at most (99 of 100 times). */
  longestGap: number | null;
  /** Days without a record up to the shop's last whole day. */
  silentDays: number | null;
}

export interface ShopState {
  /** Last whole day of any source that tells the time: the data's own now. */
  now: number | null;
  /** Earliest day through which a source that still delivers is complete. */
  completeThrough: number | null;
  status: SourceStatus;
  sources: Map<Source, SourceState>;
}

/** Silent days beyond the longest gap after which a source counts as stopped. */
const GRACE_DAYS = 2;
/** Gaps that a rhythm is known by; with fewer of them a month of silence is nothing unusual. */
const LEAST_GAPS = 5;
const RHYTHM_UNKNOWN_DAYS = 30;
/** A last day is whole when its last record came at most this much before the earliest end of the days before. */
const DAYS_COMPARED = 28;
const EARLIER_MINUTES = 60;

/** @param sources days with records, in order; sources without any may be left out */
export function shopFreshness(sources: ReadonlyMap<Source, readonly SourceDay[]>): ShopState {
  const wholeDays = new Map(SOURCES.map((source) => [source, lastWholeDay(sources.get(source) ?? [])]));
  const clocks = CLOCKS.flatMap((source) => wholeDays.get(source) ?? []);
  // Where nothing tells the time, the others do.
  const others = [...wholeDays.values()].flatMap((day) => day ?? []);
  const told = clocks.length > 0 ? clocks : others;
  const now = told.length > 0 ? Math.max(...told) : null;
  const states = new Map(
    SOURCES.map((source) => [source, stateOf(sources.get(source) ?? [], wholeDays.get(source) ?? null, now)]),
  );
  const all = [...states.values()];
  // One of unknown rhythm that has fallen silent may have been sent once and never again: nobody waits for it.
  const delivering = all.flatMap(({ status, longestGap, completeThrough }) =>
    status === 'fresh' || (status === 'late' && longestGap !== null) ? (completeThrough ?? []) : [],
  );
  return {
    now,
    completeThrough: delivering.length > 0 ? Math.min(...delivering) : null,
    status: now === null ? 'never' : all.some(isSilent) ? 'late' : 'fresh',
    sources: states,
  };
}

const isSilent = ({ status }: SourceState) => status === 'late' || status === 'stopped';

/** Last day that has ended for this source: its last, unless that breaks off earlier than its days do. */
function lastWholeDay(days: readonly SourceDay[]): number | null {
  const last = days.at(-1);
  if (!last) return null;
  const before = days.slice(-1 - DAYS_COMPARED, -1);
  if (before.length < LEAST_GAPS) return last.day;
  const earliest = Math.min(...before.map(({ lastMinute }) => lastMinute));
  return last.lastMinute >= earliest - EARLIER_MINUTES ? last.day : last.day - 1;
}

function stateOf(days: readonly SourceDay[], whole: number | null, now: number | null): SourceState {
  const last = days.at(-1);
  if (!last || whole === null || now === null)
    return { status: 'never', lastDay: null, completeThrough: null, longestGap: null, silentDays: null };
  const gaps = days.slice(1).map(({ day }, at) => day - days[at]!.day);
  const isKnown = gaps.length >= LEAST_GAPS;
  const longestGap = isKnown ? rank(gaps, 0.99) : null;
  const silentDays = Math.max(0, now - last.day);
  // The next record comes tomorrow at the earliest: so long the gap will be at least.
  const gap = silentDays === 0 ? 0 : silentDays + 1;
  const longest = longestGap ?? RHYTHM_UNKNOWN_DAYS;
  const status = gap <= longest ? 'fresh' : gap <= longest + GRACE_DAYS || !isKnown ? 'late' : 'stopped';
  // Silence that is nothing unusual is no missing data.
  const usual = isKnown ? rank(gaps, 0.9) : RHYTHM_UNKNOWN_DAYS;
  const completeThrough = status === 'fresh' && silentDays > 0 && gap <= usual ? now : Math.min(whole, now);
  return { status, lastDay: last.day, completeThrough, longestGap, silentDays };
}

/** Nearest rank: the smallest value that so large a share of the values does not exceed. */
function rank(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
}
