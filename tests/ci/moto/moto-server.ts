import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { createInterface } from 'node:readline';

/** Where the program is: in a virtual environment of CI, or on the path. */
const PROGRAM = process.env.ROPO_MOTO_SERVER ?? 'moto_server';

export interface MotoServer {
  url: string;
  close(): Promise<void>;
}

/** It takes two seconds on a quiet machine. */
const START_MS = 5 * 60_000;

/** Between the moment that a port was free and the server's taking it another may have taken it. */
const TRIES = 3;

/**
 * Starts moto's server on a free port of this machine.
 * @throws Error where there is no moto: ROPO_MOTO_SERVER names its program `moto_server`; or with its own last words
 */
export async function startMoto(): Promise<MotoServer> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOn(await freePort());
    } catch (error) {
      if (attempt === TRIES || !/in use/i.test((error as Error).message)) throw error;
    }
  }
}

async function startOn(port: number): Promise<MotoServer> {
  const server = spawn(PROGRAM, ['-H', '127.0.0.1', '-p', String(port)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const lines = createInterface({ input: server.stderr });
  const said: string[] = [];
  let timer: NodeJS.Timeout | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      const fail = (what: string) => reject(new Error(`${PROGRAM} ${what}: ${said.join('\n')}`));
      timer = setTimeout(() => fail(`did not start within ${START_MS / 60_000} minutes`), START_MS);
      server.once('error', (error) =>
        reject(
          new Error(`${PROGRAM} cannot be started (${error.message}); ROPO_MOTO_SERVER says where it is`),
        ),
      );
      // After its last words, which say why.
      server.once('close', (code) => fail(`ended with ${code}`));
      lines.on('line', (line) => {
        if (said.push(line) > 60) said.shift();
        if (line.includes('Running on')) resolve();
      });
    });
  } catch (error) {
    server.kill('SIGKILL');
    throw error;
  } finally {
    clearTimeout(timer);
  }
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      const ended = once(server, 'exit');
      server.kill('SIGKILL');
      await ended;
    },
  };
}

async function freePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
