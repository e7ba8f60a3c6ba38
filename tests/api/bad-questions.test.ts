import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { KPIS } from '../../lib/domain/kpi-catalogue.ts';
import { type ShopWithApi, shopWithApi } from './shop-with-api.ts';

let it: ShopWithApi;
beforeAll(async () => {
  it = await shopWithApi();
});
afterAll(() => it?.remove());

describe('a question that cannot be answered', () => {
  const bad: [string, number, Record<string, unknown>][] = [
    [
      'attribution?from=2025-02-30',
      400,
      { field: 'from', value: '2025-02-30', allowed: ['a day such as 2025-03-31'] },
    ],
    ['attribution?from=yesterday', 400, { field: 'from', value: 'yesterday' }],
    ['attribution?to=2025-1-1', 400, { field: 'to', value: '2025-1-1' }],
    ['attribution?from=', 400, { field: 'from', value: '' }],
    ['attribution?from=2025-03-02&to=2025-03-01', 422, { field: 'from', value: '2025-03-02' }],
    [
      'attribution?model=best',
      400,
      { field: 'model', value: 'best', allowed: expect.arrayContaining(['linear', 'time_decay']) },
    ],
    ['attribution?model=', 400, { field: 'model', value: '' }],
    [
      'attribution?by=shelf',
      400,
      { field: 'by', value: 'shelf', allowed: expect.arrayContaining(['channel', 'campaign']) },
    ],
    ['ropo?model=linear', 400, { field: 'model', value: 'linear' }],
    ['reconciliation?from=2025-01-01', 400, { field: 'from', value: '2025-01-01' }],
    ['attribution?format=xml', 400, { field: 'format', value: 'xml', allowed: ['json', 'csv', 'parquet'] }],
    ['attribution?limit=0', 400, { field: 'limit', value: '0' }],
    ['attribution?limit=1e2', 400, { field: 'limit', value: '1e2' }],
    ['attribution?offset=-1', 400, { field: 'offset', value: '-1' }],
    [
      'attribution?compare=tomorrow',
      400,
      { field: 'compare', allowed: ['previous_period', 'previous_year'] },
    ],
    ['attribution?compare=previous_year', 422, { field: 'compare' }],
    ['attribution?from=0001-01-01', 422, { value: '0001-01-01' }],
    ['purchases?audience=outside&by=week', 422, { field: 'by', value: 'week' }],
    ['purchases?audience=outside&from=2025-01-02', 422, { field: 'from', value: '2025-01-02' }],
    [
      'attribution?page=3',
      400,
      {
        type: 'urn:ropo:problem:unknown-parameter',
        field: 'page',
        allowed: expect.arrayContaining([
          'from',
          'to',
          'compare',
          'model',
          'by',
          'limit',
          'offset',
          'format',
        ]),
      },
    ],
    ['attribution?by=channel&by=day', 400, { field: 'by' }],
    [
      'ropo?level=brand',
      400,
      { field: 'level', value: 'brand', allowed: ['category', 'product', 'sku', 'any'] },
    ],
    ['ropo?level=', 400, { field: 'level', value: '' }],
    ['ropo?level=sku&level=any', 400, { field: 'level', value: 'sku, any' }],
    [
      'ropo-grid?level=sku',
      400,
      {
        field: 'level',
        value: 'sku',
        allowed: ['by', 'weight', 'audience', 'limit', 'offset', 'format'],
      },
    ],
    [
      'ropo?identified_by=name',
      400,
      { field: 'identified_by', allowed: expect.arrayContaining(['loyalty_id', 'email']) },
    ],
    ['attribution?level=sku', 400, { field: 'level', value: 'sku' }],
    ['profit?level=sku', 404, { field: 'kpi', value: 'profit' }],
    ['profit', 404, { field: 'kpi', value: 'profit', allowed: KPIS.map(({ name }) => name) }],
  ];

  test.each(bad)(
    '%s is a problem that names field, value and what is allowed',
    async (question, status, says) => {
      const response = await it.get(`/v1/kpis/${question}`);
      expect(response.status).toBe(status);
      expect(response.headers.get('content-type')).toBe('application/problem+json');
      expect(await response.json()).toMatchObject({
        type: expect.stringMatching(/^urn:ropo:problem:[a-z-]+$/),
        status,
        title: expect.any(String),
        ...says,
      });
    },
  );

  test('is one also when the reader has the answer of this build to another', async () => {
    const etag = (await it.get('/v1/kpis/attribution')).headers.get('etag')!;
    const response = await it.get('/v1/kpis/attribution?by=nothing', { 'if-none-match': etag });
    expect(response.status).toBe(400);
    expect(response.headers.get('etag')).toBeNull();
  });

  const injections = [
    "' OR 1=1 --",
    "'; DROP VIEW credits; --",
    "linear' UNION SELECT 1",
    '1)); SELECT 1; --',
    '%00',
    '{{7*7}}',
    '\u202e',
    'x'.repeat(5_000),
  ];
  test.each(['from', 'to', 'model', 'by', 'audience', 'format'])('%s takes no SQL', async (field) => {
    for (const text of injections) {
      const response = await it.get(`/v1/kpis/attribution?${field}=${encodeURIComponent(text)}`);
      expect(response.status, text).toBe(400);
      const said = await response.text();
      expect(said).not.toMatch(/Error:|duckdb|Parser|Binder|Catalog|LINE 1/i);
    }
    expect((await it.get('/v1/kpis/attribution')).status).toBe(200);
  });

  test.each(['level', 'weight', 'buyers', 'identified_by'])('the filter %s takes no SQL', async (field) => {
    for (const text of injections) {
      const response = await it.get(`/v1/kpis/ropo?${field}=${encodeURIComponent(text)}`);
      expect(response.status, text).toBe(400);
      expect(await response.text()).not.toMatch(/Error:|duckdb|Parser|Binder|Catalog|LINE 1/i);
    }
  });

  test('about a KPI of an odd name is not found', async () => {
    for (const name of ['__proto__', 'constructor', "x'--", '..%2F..%2Fbuild', '%']) {
      const response = await it.get(`/v1/kpis/${name.includes('%') ? name : encodeURIComponent(name)}`);
      expect(response.status, name).toBe(404);
      expect(response.headers.get('content-type')).toBe('application/problem+json');
    }
  });
});

test('a year of no shop is told only where all else is right: what the document forbids comes first', async () => {
  const it = await shopWithApi();
  try {
    const far = await it.get('/v1/kpis/attribution?from=6097-06-12');
    expect([far.status, (await far.json()).field]).toEqual([422, 'from']);
    const both = await it.get('/v1/kpis/attribution?from=6097-06-12&audience=nobody');
    expect([both.status, (await both.json()).field]).toEqual([400, 'audience']);
  } finally {
    it.remove();
  }
});
