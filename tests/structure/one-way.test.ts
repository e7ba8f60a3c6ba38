import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder)).flatMap((name) => {
    const path = join(folder, name);
    return statSync(join(root, path)).isDirectory() ? filesBelow(path) : [path];
  });
}

const sources = ['bin', 'functions', 'lib'].flatMap(filesBelow).filter((path) => /\.tsx?$/.test(path));

/** What a file imports: files of the project by path, packages by name. */
function importsOf(path: string): string[] {
  const text = readFileSync(join(root, path), 'utf8');
  return Array.from(text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g), ([, target]) =>
    target!.startsWith('.') ? relative(root, join(root, dirname(path), target!)) : target!,
  );
}

/** Which folders a folder may import from, besides itself. Calls go one way: bin -> adapters, api -> pipeline -> domain. */
const MAY_IMPORT: Record<string, string[]> = {
  'lib/domain': [],
  'lib/formats': ['lib/domain'],
  'lib/ports.ts': ['lib/domain'],
  'lib/pipeline': ['lib/domain', 'lib/ports.ts', 'lib/formats'],
  'lib/report': ['lib/domain', 'lib/pipeline'],
  'lib/api': ['lib/domain', 'lib/pipeline', 'lib/report'],
  'lib/collector': ['lib/domain', 'lib/ports.ts', 'lib/formats', 'lib/pipeline', 'lib/report'],
  'lib/exports': ['lib/domain', 'lib/ports.ts', 'lib/formats', 'lib/pipeline'],
  'lib/web': ['lib/domain', 'lib/pipeline'],
  'lib/demo': ['lib/domain'],
  'lib/attribute': ['lib/domain', 'lib/report'],
  'lib/adapters/aws': ['lib/domain', 'lib/ports.ts', 'lib/formats', 'lib/pipeline'],
  'lib/adapters/embedded': ['lib/domain', 'lib/ports.ts', 'lib/formats', 'lib/pipeline'],
  // What is deployed, and what it costs, knows the names of things and runs none of them.
  'lib/stacks': [
    'lib/domain',
    'lib/pipeline',
    'lib/adapters/aws/environment.ts',
    'lib/adapters/aws/metric-names.ts',
    'lib/adapters/aws/table-keys.ts',
    'lib/api/roles.ts',
  ],
  'lib/cost': ['lib/domain', 'lib/report'],
  'lib/bench': ['lib'],
  'lib/validate': ['lib'],
  // Functions run without the engine of one machine.
  functions: [
    'lib/domain',
    'lib/ports.ts',
    'lib/formats',
    'lib/pipeline',
    'lib/api',
    'lib/collector',
    'lib/adapters/aws',
  ],
  bin: ['lib'],
};
const areaOf = (path: string) =>
  Object.keys(MAY_IMPORT).find((area) => path === area || path.startsWith(`${area}/`));

/** Packages that only some areas may know; a name that ends in a slash stands for all that begin so. */
const OWNED_PACKAGES: Record<string, RegExp> = {
  '@duckdb/node-api': /^lib\/adapters\/embedded\//,
  '@observablehq/plot': /^lib\/(report\/charts|web)\//,
  preact: /^lib\/web\//,
  jose: /^lib\/api\/access\//,
  'hyparquet-writer': /^lib\/(api\/answers|adapters\/aws)\//,
  'd3-sankey': /^lib\/web\//,
  linkedom: /^lib\/report\/charts\//,
  hono: /^lib\/(api|collector|bench)\//,
  'hono/aws-lambda': /^(functions|lib\/api)\//,
  '@aws-sdk/': /^(lib\/adapters\/aws\/|bin\/verify-aws\.ts$)/,
  '@aws-lambda-powertools/': /^lib\/adapters\/aws\//,
  'aws-lambda': /^(functions|lib\/api|lib\/adapters\/aws)\//,
  'aws-cdk-lib': /^(lib\/stacks\/|bin\/app\.ts$)/,
  'aws-cdk-lib/': /^(lib\/stacks\/|bin\/app\.ts$)/,
  constructs: /^(lib\/stacks\/|bin\/app\.ts$)/,
  'cdk-nag': /^(lib\/stacks\/|bin\/app\.ts$)/,
  esbuild: /^(bin\/|lib\/collector\/snippet\/)/,
  lmdb: /^lib\/adapters\/embedded\//,
  autocannon: /^lib\/bench\//,
  '@hono/node-server': /^(bin|lib\/bench)\//,
  commander: /^bin\//,
  'fast-xml-parser': /^lib\/formats\//,
};

const ownersOf = (target: string) =>
  Object.entries(OWNED_PACKAGES)
    .filter(([name]) => target === name || (name.endsWith('/') && target.startsWith(name)))
    .map(([, owner]) => owner);

describe('the structure', () => {
  test.each(sources)('%s imports one way', (path) => {
    const area = areaOf(path);
    expect(area, `${path} belongs to no area`).toBeDefined();
    const strays = importsOf(path).filter((target) => {
      if (!/^(?:lib|bin|functions)\//.test(target)) {
        const owners = ownersOf(target);
        return owners.some((owner) => !owner.test(path));
      }
      return ![area!, ...MAY_IMPORT[area!]!].some(
        (allowed) => target === allowed || target.startsWith(`${allowed}/`),
      );
    });
    expect(strays).toEqual([]);
  });

  test('the domain takes time, randomness and ids as arguments', () => {
    const impure = sources
      .filter((path) => path.startsWith('lib/domain/'))
      .filter((path) =>
        /Date\.now\(|new Date\(\)|Math\.random\(|randomUUID\(|randomBytes\(|process\.env/.test(
          readFileSync(join(root, path), 'utf8'),
        ),
      );
    expect(impure).toEqual([]);
  });

  test('no file is a drawer for everything, and none grows past 250 lines', () => {
    const drawers = sources.filter((path) =>
      /(^|\/)(utils?|helpers?|commons?|misc|shared)(\.ts|\/)/.test(path),
    );
    expect(drawers).toEqual([]);
    const long = sources.filter((path) => readFileSync(join(root, path), 'utf8').split('\n').length > 251);
    expect(long).toEqual([]);
  });
});
