// `ropo attribute` is one of many short runs, in which loading fifty files would take longer than the work. They are
// put into one file when they have changed, which is kept where tools keep such things: node_modules/.cache.
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const CACHE = join(ROOT, 'node_modules/.cache/ropo');
/** The command, and what it starts threads with. */
const ENTRIES = [
  'bin/attribute.ts',
  'lib/attribute/read-worker.ts',
  'lib/attribute/touch-worker.ts',
  'lib/attribute/replicate-worker.ts',
];

/** Files that those read beside themselves. */
const BESIDE = ['lib/adapters/embedded/athena-dialect.sql'];

/** The bundle of `ropo attribute` as a URL; null where none can be made: then its files are loaded one by one. */
export function bundled() {
  try {
    return entryOf(fresh() ?? made());
  } catch {
    return null;
  }
}

const entryOf = (folder) => pathToFileURL(join(CACHE, folder, 'attribute.mjs')).href;

/** The bundle that is there, if none of its files has changed since. */
function fresh() {
  try {
    const { folder, inputs } = JSON.parse(readFileSync(join(CACHE, 'current.json'), 'utf8'));
    statSync(join(CACHE, folder, 'attribute.mjs'));
    return inputs.every(([path, stamp]) => stampOf(path) === stamp) ? folder : null;
  } catch {
    return null;
  }
}

function stampOf(path) {
  const { mtimeMs, size } = statSync(join(ROOT, path));
  return `${mtimeMs} ${size}`;
}

/** Makes a bundle aside and puts it in place whole, so that runs at the same time do not meet a half of it. */
function made() {
  const esbuild = createRequire(import.meta.url)('esbuild');
  const aside = join(CACHE, `making-${process.pid}`);
  mkdirSync(aside, { recursive: true });
  try {
    const { metafile } = esbuild.buildSync({
      entryPoints: ENTRIES,
      absWorkingDir: ROOT,
      outdir: aside,
      outExtension: { '.js': '.mjs' },
      entryNames: '[name]',
      bundle: true,
      splitting: true,
      platform: 'node',
      format: 'esm',
      packages: 'external',
      // Errors are known by the names of their classes.
      keepNames: true,
      metafile: true,
    });
    for (const path of BESIDE) copyFileSync(join(ROOT, path), join(aside, basename(path)));
    const inputs = [...Object.keys(metafile.inputs), ...BESIDE].map((path) => [path, stampOf(path)]);
    const folder = createHash('sha256').update(JSON.stringify(inputs)).digest('hex').slice(0, 16);
    for (const old of readdirSync(CACHE)) if (isForgotten(old)) rmSync(join(CACHE, old), { recursive: true });
    try {
      renameSync(aside, join(CACHE, folder));
    } catch (error) {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
      // Another run has made the same one; or what is there was damaged.
      if (!existsSync(join(CACHE, folder, 'attribute.mjs'))) {
        rmSync(join(CACHE, folder), { recursive: true, force: true });
        renameSync(aside, join(CACHE, folder));
      }
    }
    writeFileSync(join(CACHE, `current-${process.pid}`), JSON.stringify({ folder, inputs }));
    renameSync(join(CACHE, `current-${process.pid}`), join(CACHE, 'current.json'));
    return folder;
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

const DAY = 86_400_000;
const isForgotten = (name) => statSync(join(CACHE, name)).mtimeMs < Date.now() - DAY;
