import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestProject } from 'vitest/node';
import { startTrinoProcess, type TrinoProcess } from './trino-process.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Whom to ask for the Trino of this run. */
    trino: string;
  }
}

/** What the tests are told of the Trino of their run. */
export type TrinoAnswer = { url: string } | { error: string } | { isStarting: true };

/**
 * One Trino for all files of a run: it takes 15 seconds to start and minutes to become quick. It is started when the first
 * file asks for it. A file asks with the folder that it wants served, and again until it is; then the folder is served until
 * the next file asks with its own, so that files use it one after the other.
 */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const say = (what: string) => process.stderr.write(`${what}\n`);
  let started: Promise<TrinoProcess> | undefined;
  const served = new Map<string, TrinoAnswer>();

  const serve = async (folder: string): Promise<TrinoAnswer> => {
    try {
      started ??= startTrinoProcess(say);
      const trino = await started;
      await trino.serve(folder);
      return { url: trino.url };
    } catch (error) {
      return { error: (error as Error).message };
    }
  };
  const doorkeeper = createServer((request, response) => {
    const folder = new URL(request.url!, 'http://here').searchParams.get('folder')!;
    if (!served.has(folder)) {
      served.set(folder, { isStarting: true });
      void serve(folder).then((answer) => served.set(folder, answer));
    }
    response.end(JSON.stringify(served.get(folder)));
  });
  doorkeeper.listen(0, '127.0.0.1');
  await once(doorkeeper, 'listening');
  provide('trino', `http://127.0.0.1:${(doorkeeper.address() as AddressInfo).port}/`);

  return async () => {
    doorkeeper.closeAllConnections();
    doorkeeper.close();
    await started?.then(
      (trino) => trino.close(),
      () => {},
    );
  };
}
