/**
 * Throws what its OpenAPI document allows and does not allow at the served API, with all checks of schemathesis, and fails
 * on what is found: npx tsx tests/api/fuzz-openapi.ts SHOP [SECONDS]. Installs schemathesis from PyPI unless
 * SCHEMATHESIS names the program.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startServer } from '../../bin/commands/serve.ts';
import { newToken, openKeyFile } from '../../lib/adapters/embedded/key-file.ts';
import { shopDirectory } from '../../lib/adapters/embedded/shop-directory.ts';
import { tokenHash } from '../../lib/api/access/token-access.ts';

const VERSION = '4.32.5';
const CONFIG = fileURLToPath(new URL('./schemathesis.toml', import.meta.url));

function run(program: string, words: readonly string[], cwd: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { cwd, stdio: 'inherit' });
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

async function installed(folder: string): Promise<string> {
  if (process.env.SCHEMATHESIS) return process.env.SCHEMATHESIS;
  const bin = join(folder, 'venv', 'bin');
  if ((await run('python3', ['-m', 'venv', join(folder, 'venv')], folder)) !== 0)
    throw new Error('python3 -m venv failed; on Debian it needs the package python3-venv');
  if ((await run(join(bin, 'pip'), ['install', '--quiet', `schemathesis==${VERSION}`], folder)) !== 0)
    throw new Error('schemathesis could not be installed');
  return join(bin, 'schemathesis');
}

const [shop, seconds = '60'] = process.argv.slice(2);
if (!shop) throw new Error('Call it with the folder of a built shop');
const folder = mkdtempSync(join(tmpdir(), 'ropo-fuzz-'));
const directory = shopDirectory(shop);
const token = newToken();
const name = `fuzz-${process.pid}`;
const keys = openKeyFile(directory);
keys.add({
  kind: 'reader',
  name,
  role: 'manager',
  secrets: [tokenHash(token)],
  created_at: new Date().toISOString(),
});
const server = await startServer(directory, 0, {
  requireToken: true,
  // What is looked for is wrong answers; limits have tests of their own.
  apiLimits: { rate: null, strangerRate: { perSecond: 1e6, burst: 1e6 } },
});
let code = 1;
try {
  const program = await installed(folder);
  code = await run(
    program,
    [
      ...['--config-file', CONFIG, 'run', `${server.url}/v1/openapi.json`],
      ...['--header', `Authorization: Bearer ${token}`],
      ...['--checks', 'all', '--max-time', seconds, '--workers', '2', '--seed', '1'],
      ...['--phases', 'examples,coverage,fuzzing', '--continue-on-failure', '--generation-database', 'none'],
      ...['--request-timeout', '20'],
    ],
    folder,
  );
} finally {
  await server.close();
  keys.change(name, () => ({ revoked_at: new Date().toISOString(), secrets: [] }));
  rmSync(folder, { recursive: true, force: true });
}
process.exit(code);
