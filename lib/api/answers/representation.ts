import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const brotli = promisify(brotliCompress);
const zip = promisify(gzip);

/** What is sent: bytes of a type, packed as the reader can take it. */
export interface Representation {
  type: string;
  plain: Uint8Array;
  /** The same packed, once somebody could take it so. */
  packed: Map<Packing, Uint8Array>;
  /** For browsers that save it. */
  fileName: string | null;
}

const PACKINGS = ['br', 'gzip'] as const;
export type Packing = (typeof PACKINGS)[number];

/** Below this, packing saves less than it costs. */
const LEAST_BYTES = 1024;

export function representation(
  type: string,
  content: string | Uint8Array,
  fileName: string | null = null,
): Representation {
  const plain = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return { type, plain, packed: new Map(), fileName };
}

/** All bytes that it may come to hold. */
export const sizeOf = ({ plain }: Representation) => plain.byteLength * 1.5 + 500;

/**
 * How a reader may be answered, by its Accept-Encoding; null for as it is. Parquet files are packed inside.
 * @example packingFor('gzip, br;q=0', 5000) // 'gzip'
 */
export function packingFor(
  accepts: string | undefined,
  { plain, type }: Pick<Representation, 'plain' | 'type'>,
): Packing | null {
  if (accepts === undefined || plain.byteLength < LEAST_BYTES || type.includes('parquet')) return null;
  const refused = /;\s*q=0(?:\.0*)?$/;
  const named = new Map(
    accepts.split(',').map((one) => {
      const text = one.trim().toLowerCase();
      return [text.split(';', 1)[0]!.trim(), !refused.test(text)];
    }),
  );
  return PACKINGS.find((packing) => named.get(packing) ?? named.get('*') ?? false) ?? null;
}

/** The bytes packed so, made once. */
export async function packed(its: Representation, packing: Packing): Promise<Uint8Array> {
  const before = its.packed.get(packing);
  if (before) return before;
  const bytes =
    packing === 'br'
      ? await brotli(its.plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } })
      : await zip(its.plain);
  its.packed.set(packing, bytes);
  return bytes;
}
