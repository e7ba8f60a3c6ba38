import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { estimate } from '../../lib/cost/estimate.ts';
import { PRICES_DATE, PRICES_REGION } from '../../lib/cost/prices.ts';
import { REQUESTS_PER_1000_EVENTS } from '../../lib/cost/requests.ts';
import { costText, usdText } from '../../lib/cost/show-cost.ts';
import { workloadOf } from '../../lib/cost/workload.ts';
import { costTable, limitsTable, SIZES } from './page-tables.ts';

const FILE = fileURLToPath(new URL('../../docs/cost-and-scale.md', import.meta.url));
/** ROPO_COST_PAGE=write puts the tables into the page anew; look at what changed before it is committed. */
const writes = process.env.ROPO_COST_PAGE === 'write';

const requestsTable = () =>
  [
    '| Request | for 1,000 events |',
    '|---|---:|',
    ...Object.entries(REQUESTS_PER_1000_EVENTS).map(
      ([name, n]) => `| \`${name}\` | ${n.toLocaleString('en-US')} |`,
    ),
  ].join('\n');

describe('the page of costs', () => {
  test.each([
    ['costs', costTable],
    ['limits', limitsTable],
    ['requests', requestsTable],
  ])('has the table of %s that the model gives', (name, table) => {
    const [from, to] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`];
    const page = readFileSync(FILE, 'utf8');
    const [before, rest = ''] = page.split(from);
    const [held, after = ''] = rest.split(to);
    if (writes) writeFileSync(FILE, `${before}${from}\n${table()}\n${to}${after}`);
    else expect(held!.trim()).toBe(table());
  });

  test('shows what the command prints', () => {
    const page = readFileSync(FILE, 'utf8');
    for (const events of SIZES) {
      const { total } = estimate(workloadOf(events));
      const printed = costText(estimate(workloadOf(events)));
      expect(printed).toMatch(new RegExp(`^Total +${usdText(total)}$`, 'm'));
      expect(page).toContain(usdText(total));
    }
    expect(page).toContain(`${PRICES_REGION} as known on ${PRICES_DATE}`);
  });
});
