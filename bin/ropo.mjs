#!/usr/bin/env node
// The launcher: teaches Node to read TypeScript, then hands over to the command line. By way of require, which needs
// no thread of its own to load modules and starts a quarter of a second sooner than by way of import.
import { createRequire } from 'node:module';
import { bundled } from './bundle.mjs';

const require = createRequire(import.meta.url);
const bundle = process.argv[2] === 'attribute' && !process.env.ROPO_DEBUG ? bundled() : null;
if (bundle) {
  await import(bundle);
} else {
  require('tsx/cjs/api').register();
  // Finding places in TypeScript takes time for every file that is loaded; stacks are shown only when debugging.
  if (!process.env.ROPO_DEBUG) process.setSourceMapsEnabled(false);
  require('./ropo.ts');
}
