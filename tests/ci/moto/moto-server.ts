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

/**
 * Starts moto's server on a free port of this machine.
 * @throws Error where there is no moto: ROPO_MOTO_SERVER names its program `moto_server`
 */
export async function startMoto(): Promise<MotoServer> {
  const port = await freePort();
  const server = spawn(PROGRAM, ['-H', '127.0.0.1', '-p', String(port)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const lines = createInterface({ input: server.stderr });
  const said: string[] = [];
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) =>
      reject(new Error(`${PROGRAM} cannot be started (${error.message}); ROPO_MOTO_SERVER says where it is`)),
    );
    server.once('exit', (code) => reject(new Error(`${PROGRAM} ended with ${code}: ${said.join('\n')}`)));
    lines.on('line', (line) => {
      said.push(line);
      if (line.includes('Running on')) resolve();
    });
  });
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
