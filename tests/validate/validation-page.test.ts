import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { WORLD_DAYS } from '../../lib/demo/worlds/world.ts';
import { WORLDS } from '../../lib/demo/worlds/worlds.ts';

const page = readFileSync(
  join(fileURLToPath(new URL('../..', import.meta.url)), 'docs', 'validation.md'),
  'utf8',
);

test('the page about validation tells of every world, and holds its league', () => {
  for (const { name } of WORLDS) {
    expect(page).toContain(`| \`${name}\` |`);
    expect(page).toMatch(new RegExp(`^${name}$`, 'm'));
  }
  expect(page).toContain(`${WORLD_DAYS} days`);
  expect(page).toContain('Models against known incremental revenue. 20,000 persons a world, seed 1');
});
