import { SEEDS, type Seed } from './corpus.ts';
import { feed } from './feed.ts';
import { mutateBytes, mutateDocument, mutateJson } from './mutate.ts';
import { type Random, randomOf } from './random.ts';

/** Inputs that stand together in one file of lines. */
const TOGETHER = 200;

export interface Finding {
  problem: string;
  format: string;
  file: string;
  /** The input, cut to the lines that it takes. */
  input: Buffer;
}

export interface FuzzResult {
  inputs: number;
  records: number;
  accepted: number;
  refusedFiles: number;
  findings: Finding[];
  /** Largest resident memory that was seen, bytes. */
  memory: number;
}

/**
 * Makes inputs and feeds them until `goesOn` says no. The same seed gives the same inputs.
 * @param goesOn asked before every file with the number of inputs so far
 */
export async function fuzz(seed: number, goesOn: (inputs: number) => boolean): Promise<FuzzResult> {
  const random = randomOf(seed);
  const result: FuzzResult = { inputs: 0, records: 0, accepted: 0, refusedFiles: 0, findings: [], memory: 0 };
  while (goesOn(result.inputs) && result.findings.length < 10) {
    const chosen = random.pick(SEEDS);
    const inputs = chosen.shape === 'json lines' ? linesFrom(chosen, random) : [documentFrom(chosen, random)];
    const bytes = joined(inputs);
    const fed = await feed(chosen, bytes);
    result.inputs += inputs.length;
    result.records += fed.records;
    result.accepted += fed.accepted;
    if (fed.refused) result.refusedFiles += 1;
    if (fed.finding) result.findings.push(await smallest(chosen, inputs, fed.finding));
    if (random.once(50)) result.memory = Math.max(result.memory, process.memoryUsage().rss);
  }
  return result;
}

const OF_LINES = SEEDS.filter(({ shape }) => shape === 'json lines');

function linesFrom(seed: Seed, random: Random): Buffer[] {
  const alike = OF_LINES.filter(({ format }) => format === seed.format);
  return Array.from({ length: TOGETHER }, () => {
    const { text } = random.pick(alike);
    const bytes = Buffer.from(random.once(3) ? text : mutateJson(text, random));
    return random.once(3) ? mutateBytes(bytes, Buffer.from(random.pick(SEEDS).text), random) : bytes;
  });
}

function documentFrom({ text, shape }: Seed, random: Random): Buffer {
  const mutated = shape === 'json lines' ? text : mutateDocument(text, shape, random);
  const bytes = Buffer.from(mutated);
  return random.once(3) ? mutateBytes(bytes, Buffer.from(random.pick(SEEDS).text), random) : bytes;
}

const LF = Buffer.from('\n');
const joined = (inputs: Buffer[]) => Buffer.concat(inputs.flatMap((input) => [input, LF]));

/** The first input alone that does it too, else all of them. */
async function smallest(seed: Seed, inputs: Buffer[], problem: string): Promise<Finding> {
  const { format, file } = seed;
  for (const input of inputs) {
    const alone = await feed(seed, input);
    if (alone.finding) return { problem: alone.finding, format, file, input };
  }
  return { problem, format, file, input: joined(inputs) };
}
