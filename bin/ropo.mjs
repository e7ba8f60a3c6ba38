#!/usr/bin/env node
// The launcher: teaches Node to read TypeScript, then hands over to the command line.
import { register } from 'tsx/esm/api';

register();
await import('./ropo.ts');
