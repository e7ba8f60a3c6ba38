import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const LAUNCHER = fileURLToPath(new URL('../../bin/ropo.mjs', import.meta.url));

export interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

/** A folder of its own in which the command line runs; it goes away with `remove`. */
export interface Workplace {
  folder: string;
  ropo(...words: string[]): Promise<Outcome>;
  remove(): void;
}

export function workplace(): Workplace {
  const folder = mkdtempSync(join(tmpdir(), 'ropo-cli-'));
  return {
    folder,
    ropo: (...words) =>
      new Promise((resolve) => {
        const options = { cwd: folder, maxBuffer: 1 << 26 };
        execFile(process.execPath, [LAUNCHER, ...words], options, (error, stdout, stderr) => {
          const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
          resolve({ code, stdout, stderr });
        });
      }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
