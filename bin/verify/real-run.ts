import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Outputs, outputsOf } from '../../lib/adapters/aws/verify/outputs.ts';
import { programToken } from '../../lib/adapters/aws/verify/reader-token.ts';
import { runBuild } from '../../lib/adapters/aws/verify/run-build.ts';
import { addWebKey, dropFiles, putSeeds } from '../../lib/adapters/aws/verify/shop-files.ts';
import type { VerifyClients } from '../../lib/adapters/aws/verify/verify-clients.ts';
import { waitUntil } from '../../lib/adapters/aws/verify/wait-until.ts';
import { remark, say } from '../commands/context.ts';
import { deployArguments, runCdk, type Trial } from './cdk-commands.ts';
import { type Answered, differencesOf } from './compare-answers.ts';
import { answersHere, answersOf, prepareShop } from './prepared-shop.ts';
import { sendRequests } from './send-requests.ts';

/** Firehose writes what it gathered after 300 s, and landing is looked at from its files. */
const LANDING_MS = 480_000;
/** Each build takes in what landed meanwhile; three of them are 40 minutes. */
const BUILDS = 3;

export interface Run {
  trial: Trial;
  persons: number;
  work: string;
  clients: VerifyClients;
  /** Ends waiting where somebody presses Ctrl+C. */
  signal: AbortSignal;
}

/**
 * Deploys, sends the demo shop, builds, and compares every KPI with one machine.
 * @returns what differs after the last build; nothing where all is equal
 */
export async function realRun(run: Run): Promise<string[]> {
  const { trial, work, signal } = run;
  const written = join(work, 'outputs.json');
  await runCdk(deployArguments(trial, join(work, 'cdk.out'), written));
  signal.throwIfAborted();
  const outputs = outputsOf(JSON.parse(readFileSync(written, 'utf8')), trial.stage);
  return checkDeployed(run, outputs, (ms) => pause(ms, undefined, { signal }));
}

/** The same of what is deployed already. */
export async function checkDeployed(
  { persons, work, clients, signal }: Pick<Run, 'persons' | 'work' | 'clients' | 'signal'>,
  outputs: Outputs,
  sleep: (ms: number) => Promise<unknown>,
): Promise<string[]> {
  const { key, identitySecret } = await addWebKey(clients.secrets, outputs.SecretArn, Date.now());
  const shop = await prepareShop(join(work, 'shop'), persons);
  await putSeeds(clients.s3, outputs.LakeBucket, shop.seeds);
  remark('verify: dropping files ...');
  await dropFiles(clients.s3, outputs.DropBucket, shop.dropped, { sleep });
  remark('verify: sending to the collector ...');
  await sendRequests(shop.requests, outputs.CollectorUrl, key, { sleep });
  signal.throwIfAborted();
  const here = await answersHere(shop, identitySecret);

  let differences: string[] = [];
  for (let build = 1; build <= BUILDS; build++) {
    remark(`verify: waiting for what landed, then build ${build} of at most ${BUILDS} ...`);
    await sleep(LANDING_MS);
    const seconds = await runBuild(clients.sfn, outputs.BuildMachineArn, { sleep });
    say(`Build ${build} was published in ${seconds.toFixed(0)} s`);
    differences = compare(here, await answersThere(outputs, clients));
    if (differences.length === 0) return [];
  }
  return differences;
}

/** Every answer beside the same of the other. */
export function compare(here: readonly Answered[], there: readonly Answered[]): string[] {
  const byKpi = new Map(there.map((answer) => [answer.kpi, answer]));
  return here.flatMap((answer) => {
    const other = byKpi.get(answer.kpi);
    return other ? differencesOf(answer, other) : [`${answer.kpi}: no answer on AWS`];
  });
}

async function answersThere(outputs: Outputs, clients: VerifyClients): Promise<Answered[]> {
  const token = await programToken(clients.cognito, {
    userPoolId: outputs.UserPoolId,
    signInUrl: outputs.SignInUrl,
    scope: 'ropo/manager',
  });
  return answersOf((path) =>
    // A question of a new build is asked of Athena first; after 25 s the API says to come again.
    waitUntil(
      async () => {
        const response = await fetch(`${outputs.ApiUrl}${path}`, {
          headers: { authorization: `Bearer ${token}` },
        });
        return [429, 502, 503, 504].includes(response.status) ? undefined : response;
      },
      { what: `the answer to ${path}`, everyMs: 3_000, forMs: 300_000 },
    ),
  );
}
