import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { StreamFull } from '../../lib/ports.ts';
import { tillOrder, tillRefund } from '../formats/shopify-fixtures.ts';
import { NOW, OFFICE, type ServedUploads, servedUploads } from './served-uploads.ts';

let served: ServedUploads;
beforeEach(async () => {
  served = await servedUploads();
});
afterEach(() => served.close());

const base64 = (secret: string, ...parts: string[]) =>
  createHmac('sha256', secret).update(parts.join('')).digest('base64');

describe('the Shopify webhook', () => {
  const notify = (
    body: string,
    topic: string,
    { key = OFFICE.id, secret = OFFICE.secrets[0]!, sign = '' } = {},
  ) =>
    served.post(`/v1/webhooks/shopify/${key}`, body, {
      'content-type': 'application/json',
      'x-shopify-topic': topic,
      'x-shopify-shop-domain': 'shop.example',
      'x-shopify-hmac-sha256': sign || base64(secret, body),
    });

  test.each(['orders/create', 'orders/updated', 'orders/paid', 'orders/cancelled', 'refunds/create'])(
    '%s is kept as it came',
    async (topic) => {
      const body = JSON.stringify(topic === 'refunds/create' ? tillRefund : tillOrder);
      const answer = await notify(body, topic);
      expect(answer.status).toBe(200);
      expect(await answer.json()).toMatchObject({ kept: true });
      expect(served.taken).toEqual([
        { format: 'shopify-orders', source: 'office', store_id: null, received_at: NOW, body },
      ]);
    },
  );

  test('a retry is as good as the first', async () => {
    const body = JSON.stringify(tillOrder);
    for (let time = 0; time < 3; time++) expect((await notify(body, 'orders/create')).status).toBe(200);
  });

  test('topics that tell nothing of orders are answered and not kept, also the deletion of customers', async () => {
    for (const topic of ['products/update', 'customers/redact', '', 'orders/delete']) {
      const answer = await notify('{"id":1}', topic);
      expect([answer.status, await answer.json()]).toEqual([
        200,
        { kept: false, why: 'this topic tells nothing of orders' },
      ]);
    }
    expect(served.taken).toEqual([]);
  });

  test('what is not signed by the secret of that office key is refused alike', async () => {
    const body = JSON.stringify(tillOrder);
    const answers = await Promise.all([
      notify(body, 'orders/create', { secret: 'x' }),
      notify(body, 'orders/create', { key: 'till_koeln', secret: 'till secret 2' }),
      notify(body, 'orders/create', { key: 'web_1' }),
      notify(body, 'orders/create', { key: 'nobody' }),
      notify(body, 'orders/create', { sign: base64(OFFICE.secrets[0]!, `${body} `) }),
      notify(body, 'orders/create', { sign: 'AAAA' }),
      served.post(`/v1/webhooks/shopify/${OFFICE.id}`, body),
    ]);
    const bodies = await Promise.all(answers.map((answer) => answer.text()));
    expect(answers.map(({ status }) => status)).toEqual(Array(7).fill(401));
    expect(new Set(bodies).size).toBe(1);
    expect(served.taken).toEqual([]);
  });

  test('is told to come back when the stream is full', async () => {
    served.fail.with = new StreamFull('full', 3);
    const answer = await notify(JSON.stringify(tillOrder), 'orders/create');
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '3']);
  });
});

describe('the Square webhook', () => {
  const path = `/v1/webhooks/square/${OFFICE.id}`;
  const notify = (body: string, address: string, headers: Record<string, string> = {}) =>
    served.post(path, body, {
      'x-square-hmacsha256-signature': base64(OFFICE.secrets[0]!, address, body),
      ...headers,
    });
  const order = { id: 'sq-1', state: 'COMPLETED', line_items: [] };
  const event = (object: object) =>
    JSON.stringify({
      merchant_id: 'm',
      type: 'order.updated',
      event_id: 'e',
      data: { type: 'order', object },
    });

  test('a notification of an id is answered and not kept', async () => {
    const body = event({
      order_updated: { order_id: 'sq-1', location_id: 'L', state: 'COMPLETED', version: 3 },
    });
    const answer = await notify(body, served.url + path);
    expect([answer.status, ((await answer.json()) as { kept: boolean }).kept]).toEqual([200, false]);
    expect(served.taken).toEqual([]);
  });

  test('an order inside is kept', async () => {
    expect((await notify(event({ order }), served.url + path)).status).toBe(200);
    expect(served.taken).toEqual([
      {
        format: 'square-orders',
        source: 'office',
        store_id: null,
        received_at: NOW,
        body: JSON.stringify(order),
      },
    ]);
  });

  test('the address is that which Square was told, whatever proxies made of it', async () => {
    const told = `https://collect.shop.example${path}`;
    const behind = await notify(event({ order }), told, {
      'x-forwarded-host': 'collect.shop.example',
      'x-forwarded-proto': 'https',
    });
    expect(behind.status).toBe(200);
    expect((await notify(event({ order }), told)).status).toBe(401);
    expect((await notify(event({ order }), `${served.url}/v1/webhooks/square/other`)).status).toBe(401);
  });

  test('what is no JSON is answered and not kept', async () => {
    expect((await notify('nonsense', served.url + path)).status).toBe(200);
    expect(served.taken).toEqual([]);
  });
});
