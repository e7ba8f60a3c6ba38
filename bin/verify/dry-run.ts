import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { outputsOf, type StackOutputs, stackName } from '../../lib/adapters/aws/verify/outputs.ts';
import { say } from '../commands/context.ts';
import { deployArguments, destroyArguments, runCdk, synthArguments, type Trial } from './cdk-commands.ts';
import { differencesOf } from './compare-answers.ts';
import { answersHere, prepareShop } from './prepared-shop.ts';

/** The collector takes no larger body on AWS, see functions/collect.ts. */
const MOST_BODY_BYTES = 4 * 2 ** 20;

/**
 * All of the check that needs no account: what would be deployed is synthesised and has the outputs that are needed, the
 * shop is made, what would be sent is made ready, and the one machine reports.
 */
export async function dryRun(trial: Trial, persons: number, work: string): Promise<void> {
  const output = join(work, 'cdk.out');
  await runCdk(synthArguments(trial, output));
  const outputs = templateOutputs(output, trial.stage);
  outputsOf(outputs, trial.stage);
  say(`The stacks ${Object.keys(outputs).join(', ')} can be deployed, and tell of all that is needed`);

  const shop = await prepareShop(join(work, 'shop'), persons);
  const largest = Math.max(...shop.requests.map((body) => Buffer.byteLength(body)));
  if (largest > MOST_BODY_BYTES)
    throw new Error(`A request has ${largest} bytes; the collector takes ${MOST_BODY_BYTES} at the most`);
  say(
    `${shop.requests.length} requests are ready for the collector, the largest of ${largest.toLocaleString('en-US')} bytes, and ${shop.dropped.length} files for the drop`,
  );

  const answers = await answersHere(shop, 'the secret of a dry run');
  const rows = answers.reduce((sum, answer) => sum + answer.rows.length, 0);
  const own = answers.flatMap((answer) => differencesOf(answer, answer));
  if (own.length > 0) throw new Error(`The comparison finds an answer unlike itself: ${own[0]}`);
  say(`One machine answers ${answers.length} KPIs with ${rows.toLocaleString('en-US')} rows, to be compared`);
  say();
  say('With an account this would be run:');
  say(`  npx cdk ${deployArguments(trial, 'cdk.out', 'outputs.json').join(' ')}`);
  say('  add a web key to the secret, put seeds to the lake, drop the files, send the requests');
  say('  start the state machine, wait until it is published, ask the API for every KPI, compare');
  say('  empty the buckets');
  say(`  npx cdk ${destroyArguments(trial, 'cdk.out').join(' ')}`);
}

/** Names of the outputs of the synthesised templates; their values are known after deploying. */
export function templateOutputs(output: string, stage: string): StackOutputs {
  return Object.fromEntries(
    ['Ingest', 'Warehouse', 'Serve', 'Operate'].map((part) => {
      const name = stackName(stage, part);
      const template = JSON.parse(readFileSync(join(output, `${name}.template.json`), 'utf8')) as {
        Outputs?: Record<string, unknown>;
      };
      return [name, Object.fromEntries(Object.keys(template.Outputs ?? {}).map((key) => [key, key]))];
    }),
  );
}
