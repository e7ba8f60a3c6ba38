import { once } from 'node:events';
import { createServer as createHttp1, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttp2 } from 'node:http2';
import { type AddressInfo, createServer, type Socket } from 'node:net';

export type Listener = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** An address that something answers at. */
export interface Listening {
  url: string;
  close(): Promise<void>;
}

/** What an HTTP/2 connection without TLS begins with. */
const HTTP2_BEGINS = 'PRI ';

/** Answers on a free port of this machine in HTTP/1.1 and, to those who know beforehand, in HTTP/2 without TLS. */
export async function listen(listener: Listener): Promise<Listening> {
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    listener(request, response).catch(() => drop(request, response));
  };
  const http1 = createHttp1({ keepAliveTimeout: 60_000 }, answer);
  const http2 = createHttp2();
  // Requests of both kinds are read and answered alike.
  http2.on('request', answer as unknown as Parameters<typeof http2.on>[1]);
  http2.on('sessionError', () => {});
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => sockets.delete(socket));
    socket.once('data', (first: Buffer) => {
      socket.pause();
      socket.unshift(first);
      const isHttp2 = first.toString('latin1', 0, HTTP2_BEGINS.length) === HTTP2_BEGINS;
      (isHttp2 ? http2 : http1).emit('connection', socket);
      if (!isHttp2) socket.resume();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

export async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Breaks off a request without an answer: its connection, or its stream where several share one. */
export function drop(request: IncomingMessage, response: ServerResponse): void {
  const { stream } = response as unknown as { stream?: { close(code: number): void } };
  if (stream) stream.close(2);
  else request.socket.destroy();
}
