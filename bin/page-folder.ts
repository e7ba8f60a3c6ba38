import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PAGE_CONTENTS, type PageContents } from '../lib/adapters/aws/page-files.ts';
import { bundlePage } from './page-bundle.ts';

/** Tells the page where its settings are: one that is served by this machine has none, and asks for none. */
const SETTINGS_TAG = '<meta name="ropo-page-settings" content="/page-settings.json">\n</head>';
/** The assets whose names say nothing of what is in them. */
const PLAIN_NAME = /^\/assets\/(page)\.(js|css)$/;

/**
 * Writes the page's files into a folder, as they are put into a bucket: every asset by a name that changes with it, so
 * that it may be kept for good wherever it passes.
 * @throws Error where a script would still ask for another by its plain name
 */
export async function writePageFolder(folder: string): Promise<void> {
  const files = await bundlePage();
  const names = new Map<string, string>();
  for (const [path, { encodings }] of files) {
    const [, name, ending] = PLAIN_NAME.exec(path) ?? [];
    const hash = createHash('sha256').update(encodings.identity).digest('hex').slice(0, 12);
    names.set(path, name === undefined ? path : `/assets/${name}-${hash}.${ending}`);
  }
  const contents: PageContents = { files: [] };
  for (const [path, { mediaType, encodings }] of files) {
    const isPage = path === '/';
    const key = isPage ? 'index.html' : names.get(path)!.slice(1);
    const text = Buffer.from(encodings.identity).toString();
    if (!isPage && /["'][./]*page\.js["']/.test(text))
      throw new Error(`${path} imports page.js by its plain name, which has none in the folder of the page`);
    const body = isPage ? named(text, names) : encodings.identity;
    const file = join(folder, key);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, body);
    contents.files.push({ key, media_type: mediaType, changes_name: !isPage });
  }
  writeFileSync(join(folder, PAGE_CONTENTS), JSON.stringify(contents));
}

function named(html: string, names: ReadonlyMap<string, string>): string {
  let page = html;
  for (const [path, name] of names) page = page.replaceAll(`"${path}"`, `"${name}"`);
  return page.replace('</head>', SETTINGS_TAG);
}
