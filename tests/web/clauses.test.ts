import { expect, test } from 'vitest';
import { KPIS } from '../../lib/domain/kpi-catalogue.ts';
import { firstClauses } from '../../lib/web/words/clauses.ts';

test('the beginning of a caveat says something by itself', () => {
  expect(firstClauses('In ritardo: una fonte che tace più del solito; ferma: per due giorni.')).toBe(
    'In ritardo: una fonte che tace più del solito;',
  );
  expect(firstClauses('Association, not proof that the site caused the sale')).toBe(
    'Association, not proof that the site caused the sale',
  );
  expect(firstClauses('Too short: no')).toBe('Too short: no');
});

test('of every caveat it is a beginning', () => {
  for (const { caveat } of KPIS) if (caveat) expect(caveat.startsWith(firstClauses(caveat))).toBe(true);
});
