import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  bundleFunctions,
  type FunctionBundle,
  functionNames,
  showBundles,
} from '../../../bin/bundle-functions.ts';

/** Most kilobytes of code, plain: what a cold start has to read. Raise one only for what the function does with it. */
const MOST_KB: Record<string, number> = {
  collect: 1050,
  ingest: 1250,
  'import-files': 1250,
  'build-tables': 1150,
  'fit-models': 900,
  'kpi-api': 1100,
  'publish-page': 620,
};

let folder: string;
let bundles: FunctionBundle[];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bundles-'));
  bundles = await bundleFunctions(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const bundleNamed = (name: string) => bundles.find((bundle) => bundle.name === name)!;
const names = functionNames();

describe('what is deployed', () => {
  test('every function has a limit of its size, and there is no other', () => {
    expect(names).toEqual(Object.keys(MOST_KB).sort());
  });

  test.each(names)('%s is not larger than it needs to be', (name) => {
    expect(bundleNamed(name).bytes / 1000).toBeLessThan(MOST_KB[name]!);
  });

  test.each(names)('%s holds nothing of the engine of one machine', (name) => {
    const strays = bundleNamed(name).inputs.filter((path) =>
      /^lib\/adapters\/embedded\/|duckdb|node_modules\/(lmdb|msgpackr|aws-cdk|esbuild)/.test(path),
    );
    expect(strays).toEqual([]);
  });

  test.each(names)('%s has a handler, and no more in its folder than it reads', (name) => {
    const { asset, exports, handler, inputs } = bundleNamed(name);
    expect(exports).toContain('handler');
    expect(handler).toBe(`functions/${name}/index.handler`);
    const reads = (path: string) => inputs.includes(path);
    expect(readdirSync(asset).sort()).toEqual(
      [
        'functions',
        ...(reads('lib/adapters/aws/page-files.ts') ? ['page'] : []),
        ...(reads('lib/pipeline/sql-files.ts') ? ['sql'] : []),
      ].sort(),
    );
    expect(readdirSync(join(asset, 'functions', name)).sort()).toEqual(
      ['index.mjs', ...(reads('lib/collector/snippet/snippet-routes.ts') ? ['ropo.js'] : [])].sort(),
    );
  });

  test('source maps lie beside what is deployed', () => {
    expect(readdirSync(join(folder, 'maps')).sort()).toEqual(names.map((name) => `${name}.mjs.map`));
    for (const { asset, name } of bundles)
      expect(readFileSync(join(asset, 'functions', name, 'index.mjs'), 'utf8')).not.toContain(
        'sourceMappingURL',
      );
  });

  test('the SQL is all there', () => {
    const builds = bundleNamed('build-tables');
    const files = (root: string) =>
      readdirSync(root, { recursive: true, encoding: 'utf8' })
        .filter((path) => statSync(join(root, path)).isFile())
        .sort();
    expect(files(join(builds.asset, 'sql'))).toEqual(files('sql'));
  });

  test('is shown with its sizes', () => {
    expect(showBundles([{ ...bundleNamed('collect'), bytes: 512_400, packedBytes: 170_600 }])).toMatch(
      /collect +512 +171/,
    );
  });
});
