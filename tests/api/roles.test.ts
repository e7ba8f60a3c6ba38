import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answerFor } from '../../lib/api/answers/answer-for-role.ts';
import { createApi } from '../../lib/api/app.ts';
import {
  isThoughtAbout,
  mayAsk,
  mayAskWhy,
  mayReadRow,
  maySee,
  ROLE_NAMES,
  ROLES,
  type RoleName,
} from '../../lib/api/roles.ts';
import { KPIS } from '../../lib/domain/kpi-catalogue.ts';
import { STAGE_FIGURES } from '../../lib/domain/stage-figures.ts';
import { TARGET_SERIES } from '../../lib/domain/targets/target-row.ts';
import type { KpiAnswer } from '../../lib/pipeline/kpi-answer.ts';
import { type ShopWithApi, shopWithApi } from './shop-with-api.ts';

let it: ShopWithApi;
let apiAs: Record<RoleName, ReturnType<typeof createApi>>;
beforeAll(async () => {
  it = await shopWithApi();
  apiAs = Object.fromEntries(
    ROLE_NAMES.map((role) => [
      role,
      createApi({
        published: it.published,
        access: { bearer: null, readerOf: () => ({ role, name: role }) },
        limits: { rate: null },
      }),
    ]),
  ) as typeof apiAs;
});
afterAll(() => it?.remove());

/** Words of figures that only some may know, in whatever a measure says of itself. */
const OF_COST = /margin|profit|cost of goods|contribution|lifetime value|cost of returns|\bcm\d/i;

describe('the table of roles', () => {
  test.each(KPIS)('somebody has thought about who may see $name', ({ name }) => {
    expect(isThoughtAbout(name)).toBe(true);
  });

  test('what nobody has thought about, only managers see', () => {
    expect(ROLE_NAMES.filter((role) => mayAsk(role, 'a-new-kpi'))).toEqual(['manager']);
  });

  test('a measure that speaks of margins is known as one', () => {
    const open = KPIS.filter(({ name }) => mayAsk('marketer', name)).flatMap(({ name, measures }) =>
      measures
        .filter(
          (measure) =>
            OF_COST.test(`${measure.name} ${measure.title} ${measure.definition}`) &&
            maySee('marketer', measure),
        )
        .map((measure) => `${name}.${measure.name}`),
    );
    // Of these it is told of how much goods the cost is known, and not what it is.
    expect(open).toEqual(['attribution.cost_known', 'customers.costed_share']);
  });

  test('a row of many kinds of figures that speaks of margins is known as one', () => {
    const secret = KPIS.find(({ name }) => name === 'stages')!.sensitiveRows!.names;
    const found = STAGE_FIGURES.filter(({ title, formula }) => OF_COST.test(`${title} ${formula}`));
    expect(found.map(({ figure }) => figure).filter((figure) => !secret.includes(figure))).toEqual([]);
    expect(found.length).toBeGreaterThan(0);
    // Targets can be set for no figure that somebody who may ask for them may not see.
    for (const { kpi, measure } of TARGET_SERIES) {
      const its = KPIS.find(({ name }) => name === kpi)!.measures.find(({ name }) => name === measure);
      expect([measure, its?.sensitive]).toEqual([measure, undefined]);
    }
  });

  test('what is seen grows from partner to marketer to manager', () => {
    for (const { name, measures } of KPIS) {
      if (mayAsk('partner', name)) expect(mayAsk('marketer', name), name).toBe(true);
      expect(mayAsk('manager', name)).toBe(true);
      for (const measure of measures) expect(maySee('manager', measure)).toBe(true);
    }
  });
});

const cells = KPIS.flatMap(({ name }) => ROLE_NAMES.map((role) => ({ name, role })));

describe('every KPI by every role', () => {
  test.each(cells)('$name as $role', async ({ name, role }) => {
    const kpi = KPIS.find((one) => one.name === name)!;
    const response = await apiAs[role].request(`/v1/kpis/${name}`);
    const why = await apiAs[role].request(`/v1/kpis/${name}/why`);
    expect(why.status).toBe(mayAskWhy(role, name) ? 200 : 403);
    if (!mayAsk(role, name)) {
      expect(response.status).toBe(403);
      expect(await response.json()).toMatchObject({
        type: 'urn:ropo:problem:not-permitted',
        field: 'kpi',
        value: name,
        role,
        roles_allowed: ROLE_NAMES.filter((one) => mayAsk(one, name)),
      });
      return;
    }
    expect(response.status).toBe(200);
    const text = await response.text();
    const { columns, rows, audience } = JSON.parse(text) as KpiAnswer;
    expect(audience).toBe(ROLES[role].audience ?? 'inside');
    const hidden = kpi.measures.filter((measure) => !maySee(role, measure)).map((measure) => measure.name);
    const named = new Set([...columns.map((column) => column.name), ...rows.flatMap(Object.keys)]);
    expect(hidden.filter((measure) => named.has(measure))).toEqual([]);
    expect(columns.length + hidden.length).toBeGreaterThanOrEqual(kpi.measures.length + 1);
    if (why.status === 200)
      for (const measure of hidden) expect(await why.clone().text()).not.toContain(`"${measure}":`);
  });

  test.each(ROLE_NAMES)(
    'the catalogue of a %s has what it may ask, with the measures that it may see',
    async (role) => {
      const kpis = (await (await apiAs[role].request('/v1/kpis')).json()) as {
        name: string;
        measures: { name: string }[];
      }[];
      expect(kpis.map(({ name }) => name)).toEqual(
        KPIS.map(({ name }) => name).filter((name) => mayAsk(role, name)),
      );
      for (const { name, measures } of kpis) {
        const its = KPIS.find((kpi) => kpi.name === name)!.measures.filter((one) => maySee(role, one));
        expect(measures.map((one) => one.name)).toEqual(its.map((one) => one.name));
      }
    },
  );
});

describe('columns of what was before', () => {
  test.each(['marketer', 'partner'] as const)('a %s does not learn margins from them', async (role) => {
    const path =
      '/v1/kpis/attribution?from=2025-02-01&to=2025-02-28&compare=previous_year&by=channel&format=';
    const { columns, rows } = (await (await apiAs[role].request(`${path}json`)).json()) as KpiAnswer;
    const names = [...columns.map(({ name }) => name), ...rows.flatMap(Object.keys)];
    expect(names).toContain('revenue_before');
    expect(names.filter((name) => name.startsWith('margin'))).toEqual([]);
    const [head] = (await (await apiAs[role].request(`${path}csv`)).text()).split('\r\n');
    expect(head!.split(',').filter((name) => name.startsWith('margin'))).toEqual([]);
    const parquet = Buffer.from(await (await apiAs[role].request(`${path}parquet`)).arrayBuffer());
    expect(parquet.includes('revenue_before')).toBe(true);
    expect(parquet.includes('margin_after_media')).toBe(false);
    const asManager = await (await apiAs.manager.request(`${path}csv`)).text();
    expect(asManager).toContain('margin_after_media_before');
  });
});

describe('a partner', () => {
  test('is outside whatever it says, and cannot say that it is inside', async () => {
    const outside = await apiAs.partner.request('/v1/kpis/purchases?audience=outside');
    expect(((await outside.json()) as KpiAnswer).audience).toBe('outside');
    const inside = await apiAs.partner.request('/v1/kpis/purchases?audience=inside');
    expect(inside.status).toBe(403);
    expect(await inside.json()).toMatchObject({ field: 'audience', value: 'inside', role: 'partner' });
  });

  test('gets another ETag and another answer than a manager, also where both were asked before', async () => {
    const [partner, manager] = [apiAs.partner, apiAs.manager];
    const tag = (await manager.request('/v1/kpis/purchases')).headers.get('etag')!;
    const response = await partner.request('/v1/kpis/purchases', { headers: { 'if-none-match': tag } });
    expect(response.status).toBe(200);
  });

  test('does not learn how large the tables are', async () => {
    expect(await (await apiAs.partner.request('/v1/build')).json()).not.toHaveProperty('tables');
    expect(await (await apiAs.manager.request('/v1/build')).json()).toHaveProperty('tables');
  });
});

describe('rows that are figures of many kinds', () => {
  const answer = (rows: KpiAnswer['rows']): KpiAnswer =>
    ({
      kpi: 'stages',
      columns: [{ name: 'value' }],
      rows,
      page: { offset: 0, limit: 2, rows: rows.length },
    }) as never;
  const rows = ['revenue', 'customer_value', 'visits', 'cost_per_served_order', 'orders'].map((figure) => ({
    figure,
    value: 1,
  }));

  test('leave out margins, and pages are cut of what is left', () => {
    const seen = answerFor('marketer', answer(rows), { limit: 2, offset: 1 });
    expect(seen.rows.map(({ figure }) => figure)).toEqual(['visits', 'orders']);
    expect(seen.page).toEqual({ offset: 1, limit: 2, rows: 3 });
    expect(answerFor('manager', answer(rows), {}).rows).toHaveLength(5);
    expect(mayReadRow('partner', 'purchases', { label: 'margin' })).toBe(true);
  });
});
