import { judgeTrial } from '../../lib/validate/ropo/judge-trial.ts';
import { runTrial, type Trial } from '../../lib/validate/ropo/run-trial.ts';
import { validationCsv, validationJson, validationText } from '../../lib/validate/ropo/show-ropo.ts';
import { TRIAL_WORLDS } from '../../lib/validate/ropo/trial-worlds.ts';
import { remark, say } from './context.ts';

/** Enough that a part of 5% of the samples is known to 1.5 points. */
const SEEDS = 200;
/** Enough for an interval of two points or so either way. */
const PERSONS_OF_A_SEED = 100;

export interface ValidateRopoOptions {
  seeds?: number;
  /** People of every sample. */
  persons?: number;
  /** Seed of the first sample. */
  seed: number;
  format: 'table' | 'json' | 'csv';
}

/** Measures ROPO on worlds whose true ROPO is known, and prints how far off the headline is. */
export async function validateRopo(options: ValidateRopoOptions): Promise<void> {
  const { seeds: samples = SEEDS, persons = PERSONS_OF_A_SEED, seed: firstSeed, format } = options;
  const trial: Trial = {
    worlds: TRIAL_WORLDS,
    samples,
    firstSeed,
    persons,
    level: 'category',
    weight: 'lines',
  };
  let done = 0;
  const tried = await runTrial(trial, (worlds, seconds) => {
    done += worlds.length;
    remark(
      `validate ropo: ${done} of ${trial.worlds.length} worlds, the last ${worlds.length} in ${seconds.toFixed(1)} s`,
    );
  });
  const validation = { trial, ...judgeTrial(tried) };
  if (format === 'json') say(validationJson(validation));
  else if (format === 'csv') say(validationCsv(validation).replace(/\r\n$/, ''));
  else say(validationText(validation));
}
