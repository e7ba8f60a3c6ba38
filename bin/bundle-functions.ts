import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build, type Metafile, type Plugin, transform } from 'esbuild';
import { textTable } from '../lib/report/text-table.ts';
import { writePageFolder } from './page-folder.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** One function as it is deployed. */
export interface FunctionBundle {
  name: string;
  /** Folder that is deployed, whole. */
  asset: string;
  /** As Lambda wants it. */
  handler: string;
  /** Size of its code. */
  bytes: number;
  /** The same, packed. */
  packedBytes: number;
  /** Files that code of it came from, by path from the root of the project. */
  inputs: string[];
  /** What the bundle exports. */
  exports: string[];
}

/** What a file reads beside itself at run time, by its path, and how that gets into the asset of a function. */
const READS_BESIDE: Record<string, (asset: string, folder: string) => Promise<void>> = {
  'lib/pipeline/sql-files.ts': async (asset) =>
    cpSync(join(ROOT, 'sql'), join(asset, 'sql'), { recursive: true }),
  'lib/collector/snippet/snippet-routes.ts': async (_asset, folder) => {
    const script = readFileSync(join(ROOT, 'lib/collector/snippet/ropo.js'), 'utf8');
    const { code } = await transform(script, { minify: true, target: 'es2020' });
    writeFileSync(join(folder, 'ropo.js'), code);
  },
  // It reads itself.
  'functions/build-tables.ts': async () => {},
  'lib/adapters/aws/page-files.ts': (asset) => writePageFolder(join(asset, 'page')),
};

/** What never comes into a function: the engine of one machine, and what is for making things. */
const STAYS_OUT = ['@duckdb/node-api', 'lmdb', 'esbuild', 'aws-cdk-lib'];

/** Packages written for CommonJS ask for Node's own modules so. */
const BANNER = `import { createRequire as __require } from 'node:module';const require = __require(import.meta.url);`;

/** Names of all functions. */
export const functionNames = (): string[] =>
  readdirSync(join(ROOT, 'functions'))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => basename(file, '.ts'))
    .sort();

/**
 * Bundles every function with all that it uses, the SDK as well: what runs is what was tested. Each gets a folder of
 * its own below `outdir`; source maps lie beside those folders, under `maps/`.
 * @param names functions to bundle; all unless told
 * @throws Error when a bundle would hold what must stay out, or read a file that is not in its folder
 */
export async function bundleFunctions(
  outdir = join(ROOT, 'dist/functions'),
  names: readonly string[] = functionNames(),
): Promise<FunctionBundle[]> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: names.map((name) => ({
      in: `functions/${name}.ts`,
      out: `${name}/functions/${name}/index`,
    })),
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    // Types of errors are told by the names of their classes.
    keepNames: true,
    minify: true,
    sourcemap: 'external',
    legalComments: 'none',
    mainFields: ['module', 'main'],
    banner: { js: BANNER },
    metafile: true,
    logLevel: 'error',
    plugins: [stayOut],
  });
  for (const name of names) rmSync(join(outdir, name), { recursive: true, force: true });
  for (const { path, contents } of outputFiles) {
    const name = relative(outdir, path).split(/[\\/]/, 1)[0]!;
    const to = path.endsWith('.map') ? join(outdir, 'maps', `${name}.mjs.map`) : path;
    mkdirSync(dirname(to), { recursive: true });
    writeFileSync(to, contents);
  }
  return Promise.all(names.map((name) => finished(outdir, name, metafile)));
}

/** The one import of them that is left asks whether esbuild is there and goes on without. */
const stayOut: Plugin = {
  name: 'stay-out',
  setup({ onResolve }) {
    onResolve({ filter: /^[@a-z]/ }, ({ path, importer }) => {
      if (!STAYS_OUT.some((name) => path === name || path.startsWith(`${name}/`))) return null;
      const from = relative(ROOT, importer);
      if (path === 'esbuild' && from === 'lib/collector/snippet/snippet-routes.ts')
        return { path, external: true };
      return {
        errors: [
          { text: `${path} must not come into a function, but ${from} imports it; see lib/adapters/aws` },
        ],
      };
    });
  },
};

async function finished(outdir: string, name: string, metafile: Metafile): Promise<FunctionBundle> {
  const asset = join(outdir, name);
  const folder = join(asset, 'functions', name);
  const file = join(folder, 'index.mjs');
  const output = Object.entries(metafile.outputs).find(([path]) => join(ROOT, path) === file);
  if (!output) throw new Error(`esbuild wrote no ${file}`);
  const [, { bytes, inputs: parts, exports }] = output;
  const inputs = Object.entries(parts)
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([path]) => path)
    .sort();
  for (const path of inputs) {
    const copy = READS_BESIDE[path];
    if (copy) await copy(asset, folder);
    else if (readsBeside(path))
      throw new Error(
        `${path} of the function ${name} reads files beside itself by import.meta.url, which are not in its asset; ` +
          'say in READS_BESIDE of bin/bundle-functions.ts how they get there',
      );
  }
  const packedBytes = gzipSync(readFileSync(file)).length;
  return { name, asset, handler: `functions/${name}/index.handler`, bytes, packedBytes, inputs, exports };
}

const readsBeside = (path: string) =>
  !path.startsWith('node_modules/') && /\bimport\.meta\.url\b/.test(readFileSync(join(ROOT, path), 'utf8'));

/** A table of what was bundled, for people. */
export function showBundles(bundles: readonly FunctionBundle[]): string {
  return textTable(
    [
      { title: 'Function', align: 'left' },
      { title: 'Code, kB', align: 'right' },
      { title: 'gzip, kB', align: 'right' },
      { title: 'Files', align: 'right' },
    ],
    bundles.map(({ name, bytes, packedBytes, inputs }) => [
      name,
      (bytes / 1000).toFixed(0),
      (packedBytes / 1000).toFixed(0),
      String(inputs.length),
    ]),
  );
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href)
  process.stdout.write(`${showBundles(await bundleFunctions())}\n`);
