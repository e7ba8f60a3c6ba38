import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { ROPO_DAYS } from '../../lib/demo/ropo-worlds/world.ts';
import { BEHAVIOURS } from '../../lib/demo/ropo-worlds/worlds.ts';

const page = readFileSync(
  join(fileURLToPath(new URL('../..', import.meta.url)), 'docs', 'ropo-validation.md'),
  'utf8',
);

test('the page about ROPO on known worlds tells of every behaviour, and holds its table', () => {
  expect(page).toContain(`Customers over ${ROPO_DAYS} days`);
  expect(page).toContain(
    '200 samples of 100 persons each, seeds 1 to 200, category level, weighted by lines',
  );
  for (const { name } of BEHAVIOURS) {
    expect(page).toContain(`| \`${name}\` |`);
    const rows = page.split('\n').filter((line) => line.startsWith(`${name} `));
    expect(rows.length, name).toBeGreaterThanOrEqual(3);
  }
});
