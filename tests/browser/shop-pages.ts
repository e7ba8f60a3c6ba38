import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { type Browser, chromium } from 'playwright-core';

/** The pages of a shop, served from an origin of their own, with the trackers that it bundles. */
export interface ShopPages {
  origin: string;
  close(): Promise<void>;
}

const bundleOf = async (name: string) => {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(`pages/${name}.js`, import.meta.url))],
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    define: { 'process.env.NODE_ENV': '"production"', global: 'globalThis' },
    logLevel: 'silent',
  });
  return outputFiles[0]!.text;
};

/**
 * Serves any path as a page with the scripts that the query parameter `scripts` names: bundles of `pages/`.
 * @param head what else stands in the head of each page
 */
export async function shopPages(head: () => string = () => ''): Promise<ShopPages> {
  const bundles = new Map<string, Promise<string>>();
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url!, 'http://shop');
    const script = /^\/scripts\/(segment|rudder)\.js$/.exec(pathname)?.[1];
    if (script !== undefined) {
      if (!bundles.has(script)) bundles.set(script, bundleOf(script));
      response.writeHead(200, { 'content-type': 'text/javascript' }).end(await bundles.get(script));
      return;
    }
    const tags = searchParams.getAll('script').map((name) => `<script src="/scripts/${name}.js"></script>`);
    response
      .writeHead(200, { 'content-type': 'text/html' })
      .end(
        `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Shop</title><link rel="icon" href="data:,">${tags.join('')}${head()}</head><body>Shop</body></html>`,
      );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Chromium as it is on this machine; CHROMIUM says where. */
export const startChromium = (): Promise<Browser> =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-quic',
      '--no-first-run',
      '--disable-component-update',
      '--disable-sync',
    ],
  });

/** What a visitor's browser says it is: the headless one says so of itself, and is a bot. */
export const VISITOR =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36';
