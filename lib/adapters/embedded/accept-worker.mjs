// A worker thread starts without TypeScript: this teaches it, as the command line's launcher does.
import { register } from 'tsx/esm/api';

register();
await import('./accept-worker.ts');
