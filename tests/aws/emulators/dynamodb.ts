import { once } from 'node:events';
import { Agent, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import dynalite from 'dynalite';
import { createFaults, type Faults } from './faults.ts';
import type { Emulator } from './json-service.ts';
import { bodyOf, drop, listen } from './listen.ts';

/** What a batch call leaves undone: some of its keys, or of its writes. */
type Batch = Record<string, unknown[] | { Keys: unknown[] }>;

interface Answered {
  status: number;
  body: Buffer;
}

/**
 * DynamoDB: dynalite, which has conditions, indexes, pages and limits, behind a front that counts, throttles and leaves
 * parts of batches undone. What it has not: transactions, the old item of a condition that failed, and lagging reads.
 */
export async function startDynamo(): Promise<Emulator> {
  const inner = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  inner.listen(0, '127.0.0.1');
  await once(inner, 'listening');
  const { port } = inner.address() as AddressInfo;
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const faults = createFaults();

  const forward = (headers: Record<string, string>, body: Buffer): Promise<Answered> =>
    new Promise((resolve, reject) => {
      const sent = send(
        { host: '127.0.0.1', port, method: 'POST', path: '/', headers, agent },
        (response) => {
          bodyOf(response).then(
            (answer) => resolve({ status: response.statusCode ?? 500, body: answer }),
            reject,
          );
        },
      );
      sent.on('error', reject);
      sent.end(body);
    });

  const listening = await listen(async (request, response) => {
    const body = await bodyOf(request);
    const action = String(request.headers['x-amz-target'] ?? '').split('.')[1] ?? '';
    const input = JSON.parse(body.toString() || '{}') as { RequestItems?: Batch };
    const headers: Record<string, string> = {
      host: `127.0.0.1:${port}`,
      'content-type': 'application/x-amz-json-1.0',
    };
    for (const name of ['x-amz-target', 'authorization', 'x-amz-date'])
      if (typeof request.headers[name] === 'string') headers[name] = request.headers[name];

    const respond = ({ status, body: answer }: Answered) => {
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(answer);
    };
    const fault = faults.ofCall(action, input);
    const failed = fault && {
      status: fault.status ?? 400,
      body: Buffer.from(
        JSON.stringify({
          __type: `com.amazonaws.dynamodb.v20120810#${fault.code}`,
          message: fault.message ?? fault.code,
        }),
      ),
    };
    if (failed && !fault.isDone) return fault.code === 'Dropped' ? drop(request, response) : respond(failed);
    const answer = await answerOf(action, input, body, faults, (sent) => forward(headers, sent));
    if (!failed) return respond(answer);
    return fault.code === 'Dropped' ? drop(request, response) : respond(failed);
  });

  return {
    ...listening,
    faults,
    async close() {
      await listening.close();
      agent.destroy();
      inner.closeAllConnections();
      await new Promise((resolve) => inner.close(resolve));
    },
  };
}

async function answerOf(
  action: string,
  input: { RequestItems?: Batch },
  body: Buffer,
  faults: Faults,
  forward: (body: Buffer) => Promise<Answered>,
): Promise<Answered> {
  // Tables have it set; nothing here lives long enough to expire.
  if (action === 'UpdateTimeToLive') return { status: 200, body: Buffer.from('{}') };
  const left = action === 'BatchGetItem' ? 'UnprocessedKeys' : 'UnprocessedItems';
  if (!['BatchGetItem', 'BatchWriteItem'].includes(action) || !input.RequestItems) return forward(body);
  const { done, undone } = divided(action, input.RequestItems, faults);
  if (Object.keys(undone).length === 0) return forward(body);
  if (Object.keys(done).length === 0) {
    const empty = { [left]: undone, ...(action === 'BatchGetItem' ? { Responses: {} } : {}) };
    return { status: 200, body: Buffer.from(JSON.stringify(empty)) };
  }
  const answer = await forward(Buffer.from(JSON.stringify({ ...input, RequestItems: done })));
  if (answer.status !== 200) return answer;
  const output = JSON.parse(answer.body.toString()) as Record<string, Batch>;
  output[left] = { ...output[left], ...undone };
  return { status: 200, body: Buffer.from(JSON.stringify(output)) };
}

/** A batch in what is carried out and what is left. */
function divided(action: string, items: Batch, faults: Faults): { done: Batch; undone: Batch } {
  const done: Batch = {};
  const undone: Batch = {};
  let place = 0;
  for (const [table, asked] of Object.entries(items)) {
    const all = Array.isArray(asked) ? asked : asked.Keys;
    const isLeft = all.map((entry) => faults.ofEntry(action, place++, entry) !== null);
    const put = (into: Batch, some: unknown[]) => {
      if (some.length > 0) into[table] = Array.isArray(asked) ? some : { ...asked, Keys: some };
    };
    put(
      done,
      all.filter((_, at) => !isLeft[at]),
    );
    put(
      undone,
      all.filter((_, at) => isLeft[at]),
    );
  }
  return { done, undone };
}
