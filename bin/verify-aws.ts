import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { createAthenaQueries } from '../lib/adapters/aws/athena/queries.ts';
import { checkAccount } from '../lib/adapters/aws/verify/account.ts';
import { dropBuildDatabases } from '../lib/adapters/aws/verify/drop-databases.ts';
import { bucketsOf, emptyBucket } from '../lib/adapters/aws/verify/empty-buckets.ts';
import { stackName } from '../lib/adapters/aws/verify/outputs.ts';
import { type VerifyClients, verifyClients } from '../lib/adapters/aws/verify/verify-clients.ts';
import { remark, say, wholeNumber } from './commands/context.ts';
import { destroyArguments, runCdk, type Trial } from './verify/cdk-commands.ts';
import { dryRun } from './verify/dry-run.ts';
import { realRun } from './verify/real-run.ts';

/**
 * Proves a deployment on a throw-away account: deploys, sends the demo shop through, compares every KPI with the report of
 * one machine, and destroys all of it. What needs no account is checked by --dry-run.
 */

interface Options {
  account?: string;
  region: string;
  stage: string;
  persons: number;
  dryRun?: boolean;
  keep?: boolean;
}

const matching = (pattern: RegExp, must: string) => (text: string) => {
  if (!pattern.test(text)) throw new InvalidArgumentError(`It must ${must}.`);
  return text;
};

const program = new Command('verify:aws')
  .description('deploys to a throw-away account, compares every KPI with one machine, destroys')
  .addOption(
    new Option('--account <id>', 'the account, 12 digits; credentials of another are refused').argParser(
      matching(/^\d{12}$/, 'be 12 digits'),
    ),
  )
  .addOption(
    new Option('--region <region>', 'where')
      .default('eu-central-1')
      .argParser(matching(/^[a-z]{2}(-[a-z]+)+-\d$/, 'be the name of a region, as eu-central-1')),
  )
  .addOption(
    new Option('--stage <name>', 'name of the deployment; one that is there already is no throw-away')
      .default('verify')
      .argParser(matching(/^[a-z][a-z0-9]{0,11}$/, 'have at most 12 lower case letters and digits')),
  )
  .addOption(
    new Option('--persons <n>', 'people of the demo shop').default(400).argParser(wholeNumber(20, 100_000)),
  )
  .option('--dry-run', 'check all that can be without an account, and make nothing')
  .option('--keep', 'leave the deployment standing, to look at it')
  .action(verify);

async function verify({ account, region, stage, persons, dryRun: isDry, keep }: Options): Promise<void> {
  const work = mkdtempSync(join(tmpdir(), 'ropo-verify-'));
  const trial: Trial = { stage, region, account: account ?? null };
  try {
    if (isDry) return await dryRun(trial, persons, work);
    if (account === undefined)
      throw new Error('Name the throw-away account: --account 123456789012. Without one there is --dry-run');
    const clients = verifyClients(region);
    await checkAccount(clients.cloudFormation, account, region);
    await refuseWhatIsThere(clients, stage);
    await deployedRun({ trial, persons, work, clients, keeps: keep === true });
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

const stacksOf = (stage: string) =>
  ['Ingest', 'Warehouse', 'Serve', 'Operate'].map((part) => stackName(stage, part));

/** @throws Error where a deployment of this stage has data: this check would destroy it */
async function refuseWhatIsThere({ cloudFormation }: VerifyClients, stage: string): Promise<void> {
  const buckets = await bucketsOf(cloudFormation, stacksOf(stage));
  if (buckets.length > 0)
    throw new Error(
      `There is a deployment "${stage}" already, with the bucket ${buckets[0]}. Nothing was made. Name another with --stage, or destroy it`,
    );
}

async function deployedRun(run: {
  trial: Trial;
  persons: number;
  work: string;
  clients: VerifyClients;
  keeps: boolean;
}): Promise<void> {
  const { trial, work, clients, keeps } = run;
  const stopped = new AbortController();
  const stop = () => {
    remark('verify: stopping, and destroying what was made ...');
    stopped.abort(new Error('It was stopped'));
  };
  process.once('SIGINT', stop);
  try {
    const differences = await realRun({ ...run, signal: stopped.signal });
    for (const one of differences) say(`DIFFERS  ${one}`);
    if (differences.length > 0) process.exitCode = 1;
    else say('Every KPI on AWS is that of one machine, row for row');
  } finally {
    process.off('SIGINT', stop);
    if (keeps)
      say(
        `The deployment stays. It costs money until: npx cdk ${destroyArguments(trial, 'cdk.out').join(' ')}`,
      );
    else await destroyAll(trial, clients, work);
  }
}

/** Takes away what builds made, what buckets hold, and the stacks. */
async function destroyAll(trial: Trial, clients: VerifyClients, work: string): Promise<void> {
  const buckets = await bucketsOf(clients.cloudFormation, stacksOf(trial.stage));
  const lake = buckets.find((name) => name.includes('lake'));
  if (lake !== undefined) await dropDatabases(trial, clients, lake);
  for (const bucket of buckets) await emptyBucket(clients.s3, bucket);
  try {
    await runCdk(destroyArguments(trial, join(work, 'cdk.out')));
  } catch {
    // Access logs come late: of a bucket that was emptied before.
    for (const bucket of await bucketsOf(clients.cloudFormation, stacksOf(trial.stage)))
      await emptyBucket(clients.s3, bucket);
    await runCdk(destroyArguments(trial, join(work, 'cdk.out')));
  }
}

/** What is left of them costs nothing, so that it holds up nothing else. */
async function dropDatabases({ stage }: Trial, { s3, athena }: VerifyClients, lake: string): Promise<void> {
  const queries = createAthenaQueries({ client: athena, s3, workgroup: `ropo-${stage}` });
  try {
    await dropBuildDatabases({ s3, queries }, lake, `ropo_${stage}_raw`);
  } catch (error) {
    remark(`verify: databases of builds are left in the Glue catalogue: ${(error as Error).message}`);
  }
}

program.parseAsync().catch((error: Error) => {
  remark(`verify:aws: ${error.message}`);
  process.exitCode = 1;
});
