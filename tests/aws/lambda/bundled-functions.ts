import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleFunctions, type FunctionBundle } from '../../../bin/bundle-functions.ts';

const made = new Map<string, Promise<FunctionBundle>>();

/** The bundle of a function as it is deployed, made once a process and gone with it. */
export function bundleOf(name: string): Promise<FunctionBundle> {
  let bundle = made.get(name);
  if (!bundle) {
    const folder = mkdtempSync(join(tmpdir(), 'ropo-bundle-'));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    bundle = bundleFunctions(folder, [name]).then(([one]) => one!);
    made.set(name, bundle);
  }
  return bundle;
}
