import { isUtf8 } from 'node:buffer';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { CollectorLimits } from './limits.ts';
import { Refused } from './problem.ts';
import type { Share } from './under-way.ts';

type SizeLimits = Pick<CollectorLimits, 'bodyBytes' | 'unpackedBytes'>;

/** A body that was received whole but is not what it says it is. */
export class UnreadableBody extends Error {
  readonly bytes: Uint8Array;
  constructor(message: string, bytes: Uint8Array) {
    super(message);
    this.bytes = bytes;
  }
}

function tooLarge(what: string, limit: number, size?: number): Refused {
  return new Refused(413, `${what} has more than ${limit} bytes; send it in smaller parts`, {
    code: 'too_large',
    field: 'body',
    ...(size === undefined ? {} : { value: size }),
    limit,
  });
}

/**
 * The bytes of a request, unpacked where they are gzip, whether their headers say so or not: senders mislabel, and
 * proxies unpack. Holds no more than both limits, whatever is sent.
 * @throws Refused 413, 415 for another encoding, or 429 where too much is under way
 * @throws UnreadableBody where gzip data is damaged or cut
 */
export async function readBody(request: Request, limits: SizeLimits, share: Share): Promise<Uint8Array> {
  return unpacked(await readRaw(request, limits, share), limits, share);
}

/**
 * The bytes of a request as they came, packed or not: what signatures are made over.
 * @throws Refused 413, 415 for an encoding that is not read, or 429 where too much is under way
 */
export async function readRaw(request: Request, limits: SizeLimits, share: Share): Promise<Uint8Array> {
  const encoding = request.headers.get('content-encoding')?.trim().toLowerCase() ?? '';
  if (!['', 'identity', 'gzip', 'x-gzip'].includes(encoding)) {
    throw new Refused(
      415,
      'The body is packed in a way that is not read here; send it plain or as gzip',
      { code: 'unsupported_encoding', field: 'content-encoding', limit: 'gzip' },
      { 'accept-encoding': 'gzip, identity' },
    );
  }
  const said = Number(request.headers.get('content-length') ?? 0);
  if (said > limits.bodyBytes) throw tooLarge('The body', limits.bodyBytes, said);
  return receive(request, limits.bodyBytes, share);
}

/**
 * A body as it was before it was packed; one that was not stays as it is.
 * @throws Refused 413, or 429 where too much is under way
 * @throws UnreadableBody where gzip data is damaged or cut
 */
export async function unpacked(
  bytes: Uint8Array,
  { unpackedBytes }: SizeLimits,
  share: Share,
): Promise<Uint8Array> {
  if (!isGzip(bytes)) return bytes;
  return share.unpacking(async () => {
    const whole = await unpack(bytes, unpackedBytes);
    // Before the next one has its turn: what is not counted yet is never more than the turns that run.
    share.take(whole.length);
    return whole;
  });
}

async function receive(request: Request, limit: number, share: Share): Promise<Uint8Array> {
  if (request.body === null) return new Uint8Array();
  const reader = request.body.getReader();
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return parts.length === 1 ? parts[0]! : Buffer.concat(parts, size);
      size += value.length;
      share.take(value.length);
      if (size > limit) throw tooLarge('The body', limit);
      parts.push(value);
    }
  } catch (error) {
    // What is still to come is not wanted; that it cannot be called off changes nothing.
    void reader.cancel().catch(() => {});
    throw error;
  }
}

/** The first bytes of every gzip file; no JSON begins so. */
const isGzip = (bytes: Uint8Array) => bytes[0] === 0x1f && bytes[1] === 0x8b;

const gunzipWithin = promisify<Uint8Array, { maxOutputLength: number }, Buffer>(gunzip);

/** Ends as soon as more than the limit has come out: a small body may unpack to anything. */
async function unpack(bytes: Uint8Array, limit: number): Promise<Uint8Array> {
  try {
    return await gunzipWithin(bytes, { maxOutputLength: limit });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE')
      throw tooLarge('The body, unpacked,', limit);
    throw new UnreadableBody('not_gzip: the body is gzip data that is damaged or cut', bytes);
  }
}

/**
 * Bytes as text, without a byte order mark.
 * @throws UnreadableBody where they are not UTF-8
 */
export function textOf(bytes: Uint8Array): string {
  if (!isUtf8(bytes)) throw new UnreadableBody('not_utf8: the body holds bytes that are not UTF-8', bytes);
  return new TextDecoder().decode(bytes);
}

/** The beginning of bytes as text that can be kept: as they are where they are UTF-8, else as "base64:...". */
export function headOf(bytes: Uint8Array, limit: number): string {
  let end = Math.min(bytes.length, limit);
  // Never through the middle of a character.
  while (end > 0 && end < bytes.length && (bytes[end]! & 0xc0) === 0x80) end -= 1;
  const head = bytes.subarray(0, end);
  return isUtf8(head) ? Buffer.from(head).toString('utf8') : `base64:${Buffer.from(head).toString('base64')}`;
}
