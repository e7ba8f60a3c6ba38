import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { SLIP_RATES } from '../../lib/demo/identity-noise.ts';
import { RULES } from '../../lib/domain/identity.ts';
import { IDENTITY_TARGETS } from '../../lib/validate/identity/show-identity-trial.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const page = readFileSync(join(root, 'docs', 'identity.md'), 'utf8');

test('the page about identity names every rule', () => {
  for (const rule of RULES.slice(1)) expect(page).toContain(`\`${rule}\``);
});

test('it has every slip of the demo shop with its rate', () => {
  for (const [slip, rate] of Object.entries(SLIP_RATES))
    expect(page).toContain(`| \`${slip}\` | ${rate * 100}%`);
});

test('it holds the measured table at once, five and twenty times the noise, and the targets', () => {
  for (const noise of [1, 5, 20]) expect(page).toMatch(new RegExp(`^ *${noise} x( +[\\d,.]+){11}$`, 'm'));
  for (const [measure, wanted] of Object.entries(IDENTITY_TARGETS))
    expect(page).toContain(`${measure.replace('_', ' ')} at least ${wanted}; measured`);
});
