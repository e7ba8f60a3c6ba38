import { randomUUID } from 'node:crypto';
import { createFaults, type Faults, ServiceError } from './faults.ts';
import { bodyOf, drop, type Listening, listen } from './listen.ts';

export interface Emulator extends Listening {
  faults: Faults;
}

/** What a service does, by the names of its actions. */
export type Actions = Record<string, (input: never) => unknown>;

export interface JsonService {
  actions: Actions;
  faults?: Faults;
  /** Most bytes of a request; any unless told. */
  largest?: number;
}

/** A service of AWS's JSON protocol: the action in a header, its input and output as JSON bodies. */
export async function startJsonService(service: JsonService): Promise<Emulator> {
  const { actions, faults = createFaults(), largest = Number.POSITIVE_INFINITY } = service;

  const perform = async (action: string, body: Buffer): Promise<unknown> => {
    const does = actions[action];
    if (!does) throw new ServiceError('UnknownOperationException', `The emulator has no ${action}`);
    if (body.length > largest)
      throw new ServiceError('ValidationException', `${action} of ${body.length} bytes; at most ${largest}`);
    const input: unknown = body.length > 0 ? JSON.parse(body.toString()) : {};
    const fault = faults.ofCall(action, input);
    if (fault && !fault.isDone) throw new ServiceError(fault.code, fault.message ?? fault.code, fault.status);
    const output = await does(input as never);
    if (fault) throw new ServiceError(fault.code, fault.message ?? fault.code, fault.status);
    return output ?? {};
  };

  const listening = await listen(async (request, response) => {
    let status = 200;
    let output: unknown;
    try {
      const action = String(request.headers['x-amz-target'] ?? '').split('.')[1] ?? '';
      output = await perform(action, await bodyOf(request));
    } catch (error) {
      const known = error instanceof ServiceError ? error : null;
      if (known?.code === 'Dropped') return drop(request, response);
      status = known?.status ?? 500;
      const message = error instanceof Error ? error.message : String(error);
      output = { __type: known?.code ?? 'InternalFailure', message, Message: message };
    }
    response.writeHead(status, {
      'content-type': 'application/x-amz-json-1.1',
      'x-amzn-requestid': randomUUID(),
      ...(status >= 400 ? { 'x-amzn-errortype': (output as { __type: string }).__type } : {}),
    });
    response.end(JSON.stringify(output));
  });
  return { ...listening, faults };
}
