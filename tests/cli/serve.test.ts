import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Workplace, workplace } from './run-ropo.ts';

const LAUNCHER = fileURLToPath(new URL('../../bin/ropo.mjs', import.meta.url));

let place: Workplace;
let child: ChildProcess | undefined;
beforeEach(() => {
  place = workplace();
});
afterEach(async () => {
  if (child && child.exitCode === null && child.signalCode === null) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  place.remove();
});

/** Starts a server and waits until it has said all that it says at first. */
async function serve(...words: string[]): Promise<{ said: () => string; url: string; key: string }> {
  child = spawn(process.execPath, [LAUNCHER, ...words, '--port', '0'], { cwd: place.folder });
  let said = '';
  await new Promise<void>((resolve, reject) => {
    child!.stdout!.on('data', (part: Buffer) => {
      said += part;
      if (/^To try it: .*$/m.test(said) && said.endsWith('\n')) resolve();
    });
    child!.stderr!.on('data', (part: Buffer) => {
      said += part;
    });
    child!.on('exit', () => reject(new Error(said)));
  });
  const [, url] = /^Serving (http:\/\/127\.0\.0\.1:\d+)\//m.exec(said)!;
  const [, key] = /with the write key (web_[\w-]+);/.exec(said)!;
  return { said: () => said, url: url!, key: key! };
}

const send = (url: string, key: string, messageId: string) =>
  fetch(`${url}/v1/track`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${key}:`).toString('base64')}` },
    body: JSON.stringify({ messageId, event: 'Product Viewed', anonymousId: 'me' }),
  });

const stored = async () => {
  expect((await place.ropo('build')).code).toBe(0);
  return (await place.ropo('sql', 'SELECT event_id FROM web_events ORDER BY 1', '--format', 'csv')).stdout;
};

describe('ropo serve', () => {
  test('begins with an empty folder: makes a web key once, and says where everything is', async () => {
    const first = await serve('serve');
    expect(first.said()).toContain(`Live: ${first.url}/live `);
    expect(first.said()).toContain(
      `<script async src="${first.url}/ropo.js" data-key="${first.key}"></script>`,
    );
    expect(first.said()).toContain(`curl ${first.url}/v1/track -u ${first.key}: -d '{`);
    expect((await send(first.url, first.key, 'one')).status).toBe(200);
    child!.kill('SIGTERM');
    const [code] = await once(child!, 'exit');
    expect(code).toBe(0);
    expect(await stored()).toBe('event_id\r\none\r\n');
    const second = await serve('serve');
    expect(second.key).toBe(first.key);
  });

  test('what it answered with 200 survives its sudden end', async () => {
    const first = await serve('serve');
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, i) => send(first.url, first.key, `m${String(i).padStart(2, '0')}`)),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(30).fill(200));
    child!.kill('SIGKILL');
    await once(child!, 'exit');
    const second = await serve('serve');
    await expect
      .poll(
        async () =>
          ((await (await fetch(`${second.url}/live/events`)).json()) as { counts: { pending: number } })
            .counts.pending,
        { timeout: 60_000 },
      )
      .toBe(0);
    child!.kill('SIGTERM');
    await once(child!, 'exit');
    const ids = Array.from({ length: 30 }, (_, i) => `m${String(i).padStart(2, '0')}`);
    expect(await stored()).toBe(`event_id\r\n${ids.join('\r\n')}\r\n`);
  });

  test('shows a proxy the collector alone, on a port of its own', async () => {
    const { said, url, key } = await serve('serve', '--collect-port', '0');
    const [, alone] = /^For a proxy: (\S+) is the collector alone/m.exec(said())!;
    expect(alone).not.toBe(url);
    expect((await send(alone!, key, 'one')).status).toBe(200);
    expect((await fetch(`${alone}/live`)).status).toBe(404);
    expect((await fetch(`${url}/live`)).status).toBe(200);
    child!.kill('SIGTERM');
    expect((await once(child!, 'exit'))[0]).toBe(0);
  });

  test('can be built beside', async () => {
    const { url, key } = await serve('serve');
    await send(url, key, 'one');
    await expect
      .poll(
        async () =>
          ((await (await fetch(`${url}/live/events`)).json()) as { counts: { stored: number } }).counts
            .stored,
        { timeout: 60_000 },
      )
      .toBe(1);
    expect(await stored()).toBe('event_id\r\none\r\n');
    expect((await (await fetch(`${url}/v1/build`)).json()) as object).toHaveProperty('build_id');
  });
});

describe('ropo start', () => {
  test('serves the demo shop with its collector', async () => {
    const { url, key } = await serve('start', '--persons', '30');
    expect((await send(url, key, 'one')).status).toBe(200);
    expect((await fetch(`${url}/v1/kpis/attribution`)).status).toBe(200);
    expect((await fetch(`${url}/live`)).status).toBe(200);
  });
});
