import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { type AllStacks, deployAll } from '../../lib/stacks/deploy-all.ts';
import { DEPLOYMENT, type Deployment } from '../../lib/stacks/deployment.ts';
import { FEATURE_FLAGS } from '../../lib/stacks/feature-flags.ts';
import { FUNCTION_NAMES } from '../../lib/stacks/function-environment.ts';
import type { Template } from './rules.ts';

export interface Synthesized {
  app: App;
  stacks: AllStacks;
  /** Templates by the last part of the name of their stack. */
  templates: Record<string, Template>;
}

const made: string[] = [];
process.on('exit', () => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});
/** A folder that goes away with the process. */
export function folderFor(what: string): string {
  const folder = mkdtempSync(join(tmpdir(), `ropo-${what}-`));
  made.push(folder);
  return folder;
}

/** Bundles that hold nothing: a template does not depend on what is in them. */
export function emptyBundles(): string {
  const folder = folderFor('bundles');
  for (const name of FUNCTION_NAMES) {
    mkdirSync(join(folder, name, 'functions', name), { recursive: true });
    writeFileSync(join(folder, name, 'functions', name, 'index.mjs'), `export const handler = '${name}';\n`);
  }
  return folder;
}

let bundles: string | undefined;
/** Synthesizes everything that is deployed, without the validation that a whole `cdk synth` does. */
export function synthesized(changes: Partial<Deployment> = {}): Synthesized {
  bundles ??= emptyBundles();
  const app = new App({
    context: { ...FEATURE_FLAGS },
    builtinCloudFormationValidation: false,
    outdir: folderFor('cdk'),
  });
  const stacks = deployAll(app, { ...DEPLOYMENT, ...changes }, bundles);
  const assembly = app.synth();
  const templates = Object.fromEntries(
    assembly.stacks.map((stack) => [stack.stackName.split('-').at(-1)!, stack.template as Template]),
  );
  return { app, stacks, templates };
}

const known = new Map<string, Synthesized>();
/** The same of a deployment that nobody changes, made once for all tests of a file. */
export function synthesizedOnce(changes: Partial<Deployment> = {}): Synthesized {
  const key = JSON.stringify(changes);
  const its = known.get(key) ?? synthesized(changes);
  known.set(key, its);
  return its;
}
