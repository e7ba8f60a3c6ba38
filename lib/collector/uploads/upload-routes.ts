import { type Context, Hono } from 'hono';
import { SIGNATURE_TOLERANCE_SECONDS, verifySignature } from '../../domain/signature.ts';
import type { SourceKey } from '../../domain/source-keys.ts';
import type { ImportFormat } from '../../formats/format.ts';
import type { CollectorParts } from '../app.ts';
import { COLLECTOR_LIMITS } from '../limits.ts';
import { Refused } from '../problem.ts';
import { put } from '../put.ts';
import { readRaw, unpacked } from '../read-body.ts';
import { type Share, sharing } from '../under-way.ts';
import { notSigned, uploadProblem } from './answers.ts';
import { type SeenSignatures, seenSignatures } from './seen-signatures.ts';
import {
  canBeRead,
  isTakenType,
  TILL_FORMATS,
  UPLOAD_FORMATS,
  uploadFormat,
  uploadText,
} from './upload-formats.ts';
import { webhookRoutes } from './webhooks.ts';

/** Sizes of one upload in bytes, where nothing else is said. */
export const UPLOAD_LIMITS = COLLECTOR_LIMITS.uploads;

/** Routes of tills, back offices and web shops: signed uploads and webhooks. */
export function uploadRoutes(context: CollectorParts): Hono {
  const app = new Hono();
  const seen = seenSignatures(context.now);
  app.onError(uploadProblem);
  app.post('/v1/upload/:format', (c) => upload(c, context, seen));
  app.route('/', webhookRoutes(context));
  for (const path of ['/v1/upload/:format', '/v1/webhooks/:sender/:key']) {
    app.all(path, ({ req }) => {
      if (req.method === 'POST') throw new Refused(404, 'Nothing is at this address', { code: 'not_found' });
      throw new Refused(
        405,
        'This address takes POST',
        { code: 'method_not_allowed', value: req.method },
        { allow: 'POST' },
      );
    });
  }
  return app;
}

async function upload({ req }: Context, context: CollectorParts, seen: SeenSignatures): Promise<Response> {
  const name = req.param('format') ?? '';
  const format = uploadFormat(name);
  if (!format) {
    throw new Refused(404, 'There is no such format to upload', {
      code: 'unknown_format',
      field: 'format',
      allowed: UPLOAD_FORMATS,
    });
  }
  if (!isTakenType(req.header('content-type'))) {
    throw new Refused(415, 'The content type is none of a text; send CSV, JSON Lines or XML', {
      code: 'unsupported_type',
      field: 'content-type',
      allowed: ['text/csv', 'application/x-ndjson', 'application/json', 'application/xml', 'text/plain'],
    });
  }
  const key = context.keys.find(req.header('ropo-key') ?? '');
  const header = req.header('ropo-signature');
  // Before the body is read: a stranger is not to fill our memory.
  if (!key || key.kind === 'web' || !header) throw notSigned();
  return sharing(context.underWay.known, (share) =>
    takeFile({ request: req.raw, format, key, header, share }, context, seen),
  );
}

/** An upload by somebody who names a key. */
interface Upload {
  request: Request;
  format: ImportFormat;
  key: SourceKey;
  /** `Ropo-Signature`, not looked at yet. */
  header: string;
  share: Share;
}

/** Takes in one file of one format: all of it, or nothing. */
async function takeFile(
  { request, format, key, header, share }: Upload,
  parts: CollectorParts,
  seen: SeenSignatures,
): Promise<Response> {
  const { now, limits } = parts;
  const raw = await readRaw(request, limits.uploads, share);
  const signature = signatureOf(key, header, raw, now());
  if (key.kind === 'till' && !TILL_FORMATS.includes(format.name)) {
    throw new Refused(403, "A till's key does not speak for this format; use a key of the back office", {
      code: 'not_for_this_key',
      field: 'format',
      allowed: TILL_FORMATS,
    });
  }
  const text = await uploadText(format.name, await unpacked(raw, limits.uploads, share));
  if (!(await canBeRead(format, text))) {
    throw new Refused(400, `The body cannot be read as ${format.name}; ${howToWrite(format.name)}`, {
      code: 'unreadable',
      field: 'body',
    });
  }
  const { name: source, store_id } = key;
  // The signature does not cover the address: the same bytes may well be another format's file too.
  const isNew = await seen.once(`${format.name} ${signature}`, () =>
    put(parts, [{ format: format.name, source, store_id, received_at: now(), body: text }]),
  );
  if (!isNew) {
    throw new Refused(409, 'This very request was taken before; it need not be sent again', {
      code: 'replayed',
    });
  }
  return Response.json({ format: format.name, received_bytes: raw.length }, { status: 202 });
}

/**
 * The signature that fits, with the key it is of.
 * @throws Refused 401 where none does, or the time is not just now
 */
function signatureOf(key: SourceKey, header: string, body: Uint8Array, now: number): string {
  const verified = verifySignature({ header, body, secrets: key.secrets, now });
  if (verified.ok) return `${key.id} ${verified.signature}`;
  if (verified.problem !== 'expired') throw notSigned();
  throw new Refused(401, 'The time of the signature is too far from ours; set the clock, and sign anew', {
    code: 'signature_expired',
    clock_skew_seconds: verified.skewSeconds,
    limit: SIGNATURE_TOLERANCE_SECONDS,
  });
}

function howToWrite(format: string): string {
  if (format === 'poslog') return 'it must be XML with Transaction elements and no DOCTYPE';
  return 'it must be JSON Lines (an object per line, no array around them) or CSV with the names of its contract in the first line';
}
