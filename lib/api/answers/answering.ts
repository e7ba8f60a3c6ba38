import type { Published } from '../../pipeline/kpi-question.ts';
import type { ApiLimits } from '../limits.ts';
import { SAFE_HEADERS } from '../safe-headers.ts';
import { answerCache } from './answer-cache.ts';
import { etagHeader, isNamed, tagOf } from './etag.ts';
import { type Packing, packed, packingFor, type Representation, sizeOf } from './representation.ts';
import { turnstile } from './turnstile.ts';

/** What is asked for: the same in a build for everybody who may ask. */
export interface Wanted {
  /** The published build; null where nothing is built. */
  build: Published | null;
  /** Everything that the answer depends on besides the build: path, question, role, format. */
  key: string;
  /** Whose turn it takes to make it. */
  reader: string;
  /** Makes it from a build; the same question is asked of the next one before anybody comes. */
  make: (build: Published | null) => Promise<Representation>;
}

/** Answers requests, and makes answers before they are asked for. */
export interface Answering {
  /** With 304 where the reader has it, from what is kept, or made now. */
  answer(request: Request, wanted: Wanted): Promise<Response>;
  /** Makes an answer and packs it, when no reader's question runs. Returns what it takes to keep it, in bytes. */
  prepare(wanted: Wanted): Promise<number>;
  /** What was asked last, the last first: of whichever build. */
  askedOfLate(): readonly Wanted[];
}

export function answering({ cacheBytes, questions, askedAgain }: ApiLimits): Answering {
  const cache = answerCache<Representation>(cacheBytes, sizeOf);
  const gate = turnstile(questions);
  const ofLate = askedOfLate(askedAgain);

  const prepare = ({ build, key, make }: Wanted): Promise<number> =>
    gate.behind(async () => {
      const answer = await cache.get(build?.manifest.build_id ?? '', key, () => make(build));
      const packing = packingFor(PACKED_BEFORE, answer);
      if (packing !== null) await packed(answer, packing);
      return sizeOf(answer);
    });

  /** Asks a new build what the one before was asked, one after the other, so that who comes waits for little. */
  const askAgain = async (build: Published, wanted: readonly Wanted[]) => {
    for (const one of wanted) {
      // A question of the build before may be none of this one; whoever asks it is told.
      await prepare({ ...one, build }).catch(() => {});
      if (!ofLate.isOf(build.manifest.build_id)) return;
    }
  };

  return {
    prepare,
    askedOfLate: ofLate.all,
    async answer(request, wanted) {
      const { build: published, key, reader, make } = wanted;
      const build = published?.manifest.build_id ?? '';
      const before = ofLate.add(build, wanted);
      if (published && before.length > 0) void askAgain(published, before);
      const tag = tagOf(build, key);
      const known = request.headers.get('if-none-match');
      if (isNamed(known, tag)) return notModified(tag);
      const answer = await cache.get(build, key, () => gate.through(reader, () => make(published)));
      // Any answer will do, so that there is one is all there is to know.
      if (known?.trim() === '*') return notModified(tag);
      const packing = packingFor(request.headers.get('accept-encoding') ?? undefined, answer);
      const bytes = packing === null ? answer.plain : await packed(answer, packing);
      return new Response(bytes as Uint8Array<ArrayBuffer>, {
        headers: headersOf(answer, tag, packing, bytes),
      });
    },
  };
}

/** What browsers take. */
const PACKED_BEFORE = 'br';

/** The questions that were asked last. */
function askedOfLate(most: number) {
  let current: string | null = null;
  const asked = new Map<string, Wanted>();
  const all = () => [...asked.values()].reverse();
  return {
    all,
    /** Notes a question. Returns those of the build before, the last first, where this is the first of another. */
    add(build: string, wanted: Wanted): Wanted[] {
      const isNew = current !== null && build !== current;
      const before = isNew ? all() : [];
      current = build;
      asked.delete(wanted.key);
      asked.set(wanted.key, wanted);
      if (asked.size > most) asked.delete(asked.keys().next().value!);
      return before;
    },
    isOf: (build: string) => build === current,
  };
}

const notModified = (tag: string) =>
  new Response(null, { status: 304, headers: { ...SAFE_HEADERS, etag: etagHeader(tag, null), vary: VARY } });

const VARY = 'Accept-Encoding, Authorization';

function headersOf(
  its: Representation,
  tag: string,
  packing: Packing | null,
  bytes: Uint8Array,
): Record<string, string> {
  return {
    ...SAFE_HEADERS,
    'content-type': its.type,
    'content-length': String(bytes.byteLength),
    etag: etagHeader(tag, packing),
    vary: VARY,
    ...(packing === null ? {} : { 'content-encoding': packing }),
    ...(its.fileName === null ? {} : { 'content-disposition': `attachment; filename="${its.fileName}"` }),
  };
}
