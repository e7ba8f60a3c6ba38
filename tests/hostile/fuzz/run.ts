import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fuzz } from './fuzz.ts';

/** node --import tsx tests/hostile/fuzz/run.ts --seconds 60 --seed 1: ends with 1 and the input where something is found. */
const { values } = parseArgs({ options: { seconds: { type: 'string' }, seed: { type: 'string' } } });
const seconds = Number(values.seconds ?? 60);
const seed = Number(values.seed ?? 1);
if (!(seconds > 0) || !Number.isInteger(seed))
  throw new RangeError('--seconds takes a number above 0, --seed a whole number');

const started = performance.now();
let told = started;
const { inputs, records, accepted, refusedFiles, findings, memory } = await fuzz(seed, (so_far) => {
  const now = performance.now();
  if (now - told > 10_000) {
    told = now;
    console.log(`${so_far.toLocaleString('en')} inputs`);
  }
  return now - started < seconds * 1000;
});
const rate = inputs / ((performance.now() - started) / 1000);
const own = inputs / (process.cpuUsage().user / 1e6);
console.log(
  `seed ${seed}: ${inputs.toLocaleString('en')} inputs, ${Math.round(rate).toLocaleString('en')} a second, ${Math.round(own).toLocaleString('en')} a second of processor time; ${records.toLocaleString('en')} records, ${accepted.toLocaleString('en')} of them accepted; ${refusedFiles} files refused; at most ${Math.round(memory / 1e6)} MB`,
);
if (findings.length > 0) {
  const folder = mkdtempSync(join(tmpdir(), 'ropo-fuzz-'));
  for (const [index, { problem, format, file, input }] of findings.entries()) {
    const path = join(folder, `${index + 1}-${file}`);
    writeFileSync(path, input);
    console.log(`\nFOUND ${index + 1} (${format}, ${input.length} bytes, kept in ${path}):\n${problem}`);
  }
  process.exitCode = 1;
}
