import { parseInstant } from '../domain/instant.ts';

/**
 * A local time of a zone as ISO 8601 with its offset, or the text as it is where it is no time: its contract then
 * refuses it. Times that clocks skip or repeat are read as `parseInstant` reads them.
 * @example withOffset('2017-07-12 00:00:00', 'America/New_York') // '2017-07-12T00:00:00-04:00'
 */
export function withOffset(local: string, zone: string): string {
  const instant = parseInstant(local, zone);
  if (!instant.ok) return local;
  const iso = local.replace(' ', 'T');
  const minutes = Math.round((Date.parse(`${iso}Z`) - instant.epochMs) / 60_000);
  if (Number.isNaN(minutes)) return local;
  return iso + offsetText(minutes);
}

function offsetText(minutes: number): string {
  const size = Math.abs(minutes);
  const hours = String(Math.floor(size / 60)).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${hours}:${String(size % 60).padStart(2, '0')}`;
}
