import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { remark } from '../commands/context.ts';

/** What a throw-away deployment is told. */
export interface Trial {
  stage: string;
  region: string;
  account: string | null;
}

/** Arguments of the CDK for a deployment that goes away as a whole, with a program that may read. */
export const contextOf = ({ stage, region, account }: Trial): string[] =>
  [
    `stage=${stage}`,
    `region=${region}`,
    ...(account === null ? [] : [`account=${account}`]),
    'removal=destroy',
    'programs=verify:manager',
  ].flatMap((one) => ['-c', one]);

export const synthArguments = (trial: Trial, output: string) => [
  'synth',
  '--quiet',
  '--output',
  output,
  ...contextOf(trial),
];

export const deployArguments = (trial: Trial, output: string, outputs: string) => [
  'deploy',
  '--all',
  '--require-approval',
  'never',
  '--output',
  output,
  '--outputs-file',
  outputs,
  ...contextOf(trial),
];

export const destroyArguments = (trial: Trial, output: string) => [
  'destroy',
  '--all',
  '--force',
  '--output',
  output,
  ...contextOf(trial),
];

const CDK = createRequire(import.meta.url).resolve('aws-cdk/bin/cdk');

/**
 * Runs the CDK's command line, what it says beside ours. It is a process group of its own: Ctrl+C does not stop it half-way,
 * since what CloudFormation has begun goes on anyhow and could not be destroyed then.
 * @throws Error naming the command where it fails
 */
export function runCdk(words: readonly string[]): Promise<void> {
  remark(`$ npx cdk ${words.join(' ')}`);
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [CDK, ...words], {
      stdio: ['ignore', 'inherit', 'inherit'],
      detached: true,
      env: { ...process.env, CDK_DISABLE_CLI_TELEMETRY: 'true' },
    });
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`cdk ${words[0]} failed with ${signal ?? `exit code ${code}`}`));
    });
  });
}
