import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TriedIdentity, tryIdentity } from '../../lib/validate/identity/identity-trial.ts';
import {
  identityTrialCsv,
  identityTrialJson,
  identityTrialText,
} from '../../lib/validate/identity/show-identity-trial.ts';
import { remark, say, UserError } from './context.ts';

/** Enough for a precision of 0.999 to be told from one of 0.998. */
const PERSONS = 4_000;
const NOISE = '1,5,20';

export interface ValidateIdentityOptions {
  persons?: number;
  seed: number;
  /** Shops of each noise, of the seeds from `seed` on. */
  seeds?: number;
  /** Factors of the default noise, with commas between. */
  noise?: string;
  format: 'table' | 'json' | 'csv';
}

/** Resolves who is who in demo shops whose people are known, and prints how right that is. */
export async function validateIdentity(options: ValidateIdentityOptions): Promise<void> {
  const { persons = PERSONS, seed, seeds = 1, noise = NOISE, format } = options;
  const tried: TriedIdentity[] = [];
  for (const factor of factorsOf(noise)) {
    for (let shop = 0; shop < seeds; shop++) {
      const begun = performance.now();
      const folder = mkdtempSync(join(tmpdir(), 'ropo-validate-'));
      try {
        tried.push(await tryIdentity({ persons, seed: seed + shop, noise: factor }, folder));
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
      remark(
        `validate identity: noise ${factor}, seed ${seed + shop} in ${((performance.now() - begun) / 1000).toFixed(1)} s`,
      );
    }
  }
  if (format === 'json') say(identityTrialJson(tried));
  else if (format === 'csv') say(identityTrialCsv(tried).replace(/\r\n$/, ''));
  else {
    say(`Synthetic shops of ${persons.toLocaleString('en-US')} people, seeds ${seed} to ${seed + seeds - 1}`);
    say(identityTrialText(tried));
  }
}

function factorsOf(text: string): number[] {
  return text.split(',').map((part) => {
    const factor = Number(part);
    if (!/^\d{1,3}$/.test(part.trim()))
      throw new UserError(
        `--noise "${part}" is no whole number from 0 to 999; give some with commas between, as 1,5,20`,
      );
    return factor;
  });
}
