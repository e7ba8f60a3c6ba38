// A worker thread starts without TypeScript: this teaches it, as the command line's launcher does.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
require('tsx/cjs/api').register();
process.setSourceMapsEnabled(false);
require('./replicate-worker.ts');
