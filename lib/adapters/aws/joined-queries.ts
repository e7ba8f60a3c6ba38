import { createHash } from 'node:crypto';
import type {
  AthenaClient,
  GetQueryExecutionOutput,
  StartQueryExecutionInput,
  StartQueryExecutionOutput,
} from '@aws-sdk/client-athena';

/** For how long an equal query is the same one: afterwards its result is reused, or it is asked for anew. */
const SAME_FOR_MS = 600_000;
/** How many queries are known by what they are. */
const MOST_KNOWN = 1000;

/**
 * Has all processes that ask the same at the same time wait for one query. A page asks twenty questions at once, and each
 * is answered by a process of its own that first reads the facts of the build. Athena starts one query for a token however
 * often it is sent, so the token is made of what is asked, and not of chance. A query that has failed is not joined again
 * by whoever saw it fail.
 * @param client asks only what may be asked twice: SELECTs
 */
export function joiningEqualQueries(client: AthenaClient, now: () => number = Date.now): AthenaClient {
  /** How often a query has failed, by what it is. */
  const failures = new Map<string, number>();
  /** What a query is, by its id. */
  const started = new Map<string, string>();
  const remember = <Value>(all: Map<string, Value>, key: string, value: Value) => {
    all.delete(key);
    all.set(key, value);
    if (all.size > MOST_KNOWN) all.delete(all.keys().next().value!);
  };

  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        if (commandName === 'StartQueryExecutionCommand') {
          const { ClientRequestToken: _, ...asked } = args.input as StartQueryExecutionInput;
          const what = hashOf([asked, Math.floor(now() / SAME_FOR_MS)]);
          const ClientRequestToken = hashOf([what, failures.get(what) ?? 0]);
          const result = await next({ ...args, input: { ...args.input, ClientRequestToken } });
          remember(started, (result.output as StartQueryExecutionOutput).QueryExecutionId!, what);
          return result;
        }
        const result = await next(args);
        if (commandName === 'GetQueryExecutionCommand') {
          const { QueryExecution } = result.output as GetQueryExecutionOutput;
          const what = started.get(QueryExecution?.QueryExecutionId ?? '');
          const state = QueryExecution?.Status?.State;
          if (what !== undefined && (state === 'FAILED' || state === 'CANCELLED')) {
            started.delete(QueryExecution!.QueryExecutionId!);
            remember(failures, what, (failures.get(what) ?? 0) + 1);
          }
        }
        return result;
      },
    { step: 'initialize', name: 'joiningEqualQueries' },
  );
  return client;
}

const hashOf = (what: unknown) => createHash('sha256').update(JSON.stringify(what)).digest('hex');
