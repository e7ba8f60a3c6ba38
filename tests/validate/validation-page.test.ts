import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { WORLD_DAYS } from '../../lib/demo/worlds/world.ts';
import { WORLDS } from '../../lib/demo/worlds/worlds.ts';
import { INTERVAL_MODELS } from '../../lib/validate/interval-models.ts';

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

test('and how often intervals hold what they promise', () => {
  expect(page).toContain('Coverage of 90% intervals by resampling persons. 100 samples of 5,000 persons');
  for (const { name } of INTERVAL_MODELS)
    expect(page).toMatch(new RegExp(`^${name} +\\d\\d\\.\\d% +\\d\\.\\d +\\d\\d\\.\\d%`, 'm'));
});
