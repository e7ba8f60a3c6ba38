import { createHmac } from 'node:crypto';
import { Hono } from 'hono';
import { isEqualText } from '../../domain/signature.ts';
import type { SourceKey } from '../../domain/source-keys.ts';
import type { CollectorParts } from '../app.ts';
import { put } from '../put.ts';
import { readRaw, textOf, unpacked } from '../read-body.ts';
import { type Share, sharing } from '../under-way.ts';
import { notSigned, uploadProblem } from './answers.ts';

/** Sizes of one notification in bytes. */
const WEBHOOK_LIMITS = { bodyBytes: 4 * 1_048_576, unpackedBytes: 4 * 1_048_576 };

/** Topics whose body is an order or a refund. */
const SHOPIFY_TOPICS = new Set([
  'orders/create',
  'orders/updated',
  'orders/paid',
  'orders/cancelled',
  'orders/fulfilled',
  'refunds/create',
]);

/**
 * Notifications of web shops and tills in the cloud. Each is signed by its sender's own scheme; the key in the path
 * names whose secret that is. What is of no use is answered 200 and not kept: senders give up on addresses that refuse.
 * A notification that comes again changes nothing, for ingest stores a record once.
 */
export function webhookRoutes(context: CollectorParts): Hono {
  const app = new Hono();
  app.onError(uploadProblem);
  for (const [sender, take] of Object.entries({ shopify, square })) {
    app.post(`/v1/webhooks/${sender}/:key`, ({ req }) => {
      const key = officeKey(context, req.param('key'));
      return sharing(context.underWay.known, (share) => take({ request: req.raw, key, share }, context));
    });
  }
  return app;
}

/** A notification at the address of a key, not known yet to be of its sender. */
interface Notification {
  request: Request;
  key: SourceKey;
  share: Share;
}

/** Shopify signs the body: base64 of HMAC-SHA-256 with the app's client secret. */
async function shopify({ request, key, share }: Notification, context: CollectorParts): Promise<Response> {
  const raw = await readRaw(request, WEBHOOK_LIMITS, share);
  requireSignature(key, request.headers.get('x-shopify-hmac-sha256'), [''], raw);
  const topic = request.headers.get('x-shopify-topic') ?? '';
  if (!SHOPIFY_TOPICS.has(topic)) return notKept('this topic tells nothing of orders');
  return keep(context, key, 'shopify-orders', textOf(await unpacked(raw, WEBHOOK_LIMITS, share)));
}

/**
 * Square signs the address it was told to notify, then the body. Its order notifications name an order and do not hold
 * it; only where a sender puts the whole order in is there something to keep.
 */
async function square({ request, key, share }: Notification, context: CollectorParts): Promise<Response> {
  const raw = await readRaw(request, WEBHOOK_LIMITS, share);
  const signature = request.headers.get('x-square-hmacsha256-signature');
  requireSignature(key, signature, addressesOf(request), raw);
  const order = orderIn(textOf(await unpacked(raw, WEBHOOK_LIMITS, share)));
  if (order === null) return notKept('the notification holds no order; upload what SearchOrders answers');
  return keep(context, key, 'square-orders', order);
}

/** @throws Refused 401 where there is none; before the body is read, so that a stranger does not fill our memory */
function officeKey({ keys }: CollectorParts, id: string | undefined): SourceKey {
  const key = keys.find(id ?? '');
  if (key?.kind !== 'office') throw notSigned();
  return key;
}

/** @throws Refused 401 unless one of the key's secrets made the signature over one of the beginnings and the body */
function requireSignature(
  { secrets }: SourceKey,
  signature: string | null,
  beginnings: readonly string[],
  body: Uint8Array,
): void {
  let isGood = false;
  for (const secret of secrets) {
    for (const beginning of beginnings) {
      const expected = createHmac('sha256', secret).update(beginning).update(body).digest('base64');
      if (isEqualText(signature ?? '', expected)) isGood = true;
    }
  }
  if (!isGood) throw notSigned();
}

/** The address as the sender knows it: proxies in between change scheme and host, and say what they were. */
function addressesOf(request: Request): string[] {
  const url = new URL(request.url);
  const path = url.pathname + url.search;
  const hosts = [request.headers.get('x-forwarded-host'), request.headers.get('host'), url.host];
  const known = new Set(hosts.flatMap((host) => (host ? [host.split(',')[0]!.trim()] : [])));
  return [...known].flatMap((host) => [`https://${host}${path}`, `http://${host}${path}`]);
}

function orderIn(text: string): string | null {
  let event: unknown;
  try {
    event = JSON.parse(text);
  } catch {
    return null;
  }
  const object = (event as { data?: { object?: { order?: { line_items?: unknown; returns?: unknown } } } })
    ?.data?.object;
  const order = object?.order;
  if (!Array.isArray(order?.line_items) && !Array.isArray(order?.returns)) return null;
  return JSON.stringify(order);
}

async function keep(parts: CollectorParts, key: SourceKey, format: string, body: string): Promise<Response> {
  const { name: source, store_id } = key;
  await put(parts, [{ format, source, store_id, received_at: parts.now(), body }]);
  return Response.json({ kept: true, format, received_bytes: Buffer.byteLength(body) });
}

const notKept = (why: string) => Response.json({ kept: false, why });
