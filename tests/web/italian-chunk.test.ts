import { expect, test } from 'vitest';
import { bundlePage } from '../../bin/page-bundle.ts';

const DEFINITION = 'Ricavi attribuiti al netto dei resi';

test('texts of answers in Italian are a piece of their own, which nobody loads who reads English', async () => {
  const scripts = new Map(
    [...(await bundlePage())]
      .filter(([path]) => path.endsWith('.js'))
      .map(([path, { encodings }]) => [path, Buffer.from(encodings.identity).toString('utf8')]),
  );
  const holding = [...scripts].filter(([, text]) => text.includes(DEFINITION)).map(([path]) => path);
  expect(holding).toHaveLength(1);
  // What is loaded with the first piece and with each view: all that they import statically.
  const statics = (path: string) =>
    Array.from(scripts.get(path)!.matchAll(/(?:from|import)"\.\/([^"]+)"/g), ([, name]) => `/assets/${name}`);
  const reached = new Set<string>();
  const views = ['overview', 'channels', 'ropo', 'journeys', 'stages', 'economics', 'customers', 'quality'];
  const left = [...scripts.keys()].filter(
    (path) => path === '/assets/page.js' || views.some((view) => path.startsWith(`/assets/${view}-`)),
  );
  expect(left).toHaveLength(1 + views.length);
  for (let path = left.pop(); path !== undefined; path = left.pop()) {
    if (reached.has(path)) continue;
    reached.add(path);
    left.push(...statics(path));
  }
  expect(reached.size).toBeGreaterThan(views.length + 1);
  expect(reached.has(holding[0]!)).toBe(false);
});
