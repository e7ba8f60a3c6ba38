/**
 * What is made of a path's repeats before models see it, in the words of Snowplow's attribution package: `unique`
 * leaves it as it is, `exposure` joins neighbours that are alike, `first` keeps the first of each channel, `frequency`
 * does so with how often it came ("Email(2)"), `remove_if_last_and_not_all:X` leaves out X at the end and
 * `remove_if_not_all:X` everywhere, unless the path is nothing else.
 */
export const TRANSFORM_KINDS = [
  'unique',
  'exposure',
  'first',
  'frequency',
  'remove_if_last_and_not_all',
  'remove_if_not_all',
] as const;
export type TransformKind = (typeof TRANSFORM_KINDS)[number];

export interface PathTransform {
  kind: TransformKind;
  /** The channel to leave out; null where the transform takes none. */
  channel: string | null;
}

const takesChannel = (kind: TransformKind) => kind.startsWith('remove_');

/**
 * Reads a transform as a user writes it.
 * @throws RangeError when there is no such transform, or its channel is missing or too much
 * @example parseTransform('remove_if_not_all:Direct') // { kind: 'remove_if_not_all', channel: 'Direct' }
 */
export function parseTransform(text: string): PathTransform {
  const colon = text.indexOf(':');
  const name = colon < 0 ? text : text.slice(0, colon);
  const kind = TRANSFORM_KINDS.find((known) => known === name);
  const channel = colon < 0 ? null : text.slice(colon + 1).trim();
  if (kind === undefined) {
    const kinds = TRANSFORM_KINDS.map((each) => (takesChannel(each) ? `${each}:CHANNEL` : each));
    throw new RangeError(`There is no transform "${name}". The transforms are: ${kinds.join(', ')}`);
  }
  if (takesChannel(kind) && !channel) {
    throw new RangeError(`The transform ${kind} needs a channel, as in ${kind}:Direct`);
  }
  if (!takesChannel(kind) && channel !== null) throw new RangeError(`The transform ${kind} takes no channel`);
  return { kind, channel };
}

/**
 * Transforms a path in place.
 * @param steps Channel numbers, of which the path is `from` up to, not including, `to`.
 * @param isLeftOut Whether a step is of the channel that the transform leaves out.
 * @param countedName The number of "channel(times)", for `frequency`.
 * @returns Where the path ends now; never before its first step is in it.
 */
export function transformPath(
  steps: Uint16Array,
  from: number,
  to: number,
  kind: TransformKind,
  isLeftOut: (step: number) => boolean,
  countedName: (channel: number, times: number) => number,
): number {
  if (kind === 'unique') return to;
  if (kind === 'exposure')
    return keep(steps, from, to, (at, end) => end === from || steps[end - 1] !== steps[at]);
  if (kind === 'first') return keepFirst(steps, from, to);
  if (kind === 'frequency') {
    const times = new Map<number, number>();
    for (let at = from; at < to; at++) times.set(steps[at]!, (times.get(steps[at]!) ?? 0) + 1);
    let end = from;
    for (const [step, count] of times) steps[end++] = countedName(step, count);
    return end;
  }
  let last = to;
  while (last > from && isLeftOut(steps[last - 1]!)) last -= 1;
  if (last === from || kind === 'remove_if_last_and_not_all') return last === from ? to : last;
  return keep(steps, from, last, (at) => !isLeftOut(steps[at]!));
}

function keepFirst(steps: Uint16Array, from: number, to: number): number {
  if (to - from > 64) {
    const seen = new Set<number>();
    return keep(steps, from, to, (at) => !seen.has(steps[at]!) && seen.add(steps[at]!) !== null);
  }
  return keep(steps, from, to, (at, end) => {
    for (let before = from; before < end; before++) if (steps[before] === steps[at]) return false;
    return true;
  });
}

/** Keeps the steps that `isKept`, closing up; it is asked with the step's place and where the kept ones end so far. */
function keep(
  steps: Uint16Array,
  from: number,
  to: number,
  isKept: (at: number, end: number) => boolean,
): number {
  let end = from;
  for (let at = from; at < to; at++) if (isKept(at, end)) steps[end++] = steps[at]!;
  return end;
}
