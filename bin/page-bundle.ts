import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { build } from 'esbuild';
import type { PageFile, PageFiles } from '../lib/api/page-routes.ts';

const WEB = fileURLToPath(new URL('../lib/web', import.meta.url));
/** In the order of the cascade. */
const SHEETS = [
  'page.css',
  'parts/parts.css',
  'views/overview/overview.css',
  'views/channels/channels.css',
  'views.css',
  'narrow.css',
  'paper.css',
];

let made: Promise<PageFiles> | undefined;
/** The page, made once a process. */
export const pageFiles = (): Promise<PageFiles> => {
  made ??= bundlePage();
  return made;
};

/** Makes the page: its scripts from TypeScript, one piece that is always loaded and one a view, and its style sheet. */
export async function bundlePage(): Promise<PageFiles> {
  const { outputFiles } = await build({
    absWorkingDir: WEB,
    entryPoints: { page: 'main.tsx' },
    outdir: '/assets',
    entryNames: '[name]',
    chunkNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2023',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    legalComments: 'none',
    logLevel: 'silent',
  });
  const sheet = SHEETS.map((name) => readFileSync(`${WEB}/${name}`, 'utf8')).join('\n');
  const css = await build({
    stdin: { contents: sheet, loader: 'css' },
    minify: true,
    write: false,
    logLevel: 'silent',
  });
  const files: [string, PageFile][] = await Promise.all([
    packed('/', 'text/html; charset=utf-8', readFileSync(`${WEB}/index.html`)),
    packed('/assets/page.css', 'text/css; charset=utf-8', css.outputFiles[0]!.contents),
    ...outputFiles.map(({ path, contents }) => packed(path, 'text/javascript; charset=utf-8', contents)),
  ]);
  return new Map(files);
}

/** A file, and the same made small, once for all who ask. */
async function packed(path: string, mediaType: string, body: Uint8Array): Promise<[string, PageFile]> {
  const [small, smaller] = await Promise.all([
    promisify(gzip)(body, { level: 9 }),
    promisify(brotliCompress)(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
  ]);
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  return [path, { mediaType, etag, encodings: { br: smaller, gzip: small, identity: body } }];
}
