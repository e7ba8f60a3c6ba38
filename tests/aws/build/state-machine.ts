import { randomUUID } from 'node:crypto';
import jsonata from 'jsonata';
import { checkDefinition, type Processor, type StateOf } from './state-rules.ts';

/**
 * Runs definitions of the Amazon States Language, of JSONata: the part of it that the machine of a build uses. Fields
 * and kinds of state that are not understood here are an error, so that a definition cannot outgrow its test unseen.
 */

/** An error by its name, as a state machine knows it. */
export class StatesError extends Error {
  readonly error: string;
  constructor(error: string, cause: string) {
    super(cause);
    this.error = error;
  }
}

export interface Resources {
  /** Gives what the function returns, or throws StatesError. */
  invoke(functionName: string, payload: unknown): Promise<unknown>;
  /** Resolves when the query has succeeded; a query that fails is a StatesError named States.TaskFailed. */
  runQuery(query: { sql: string; database: string; workgroup: string }): Promise<{
    QueryExecutionId: string;
    Statistics: { DataScannedInBytes: number; TotalExecutionTimeInMillis: number };
  }>;
  /** Called instead of waiting before a retry. Seconds are the longest that the platform would wait. */
  onRetry?(state: string, seconds: number, error: StatesError): void;
}

export interface Execution {
  status: 'SUCCEEDED' | 'FAILED';
  output: unknown;
  error?: string;
  cause?: string;
  /** Names of the states in the order in which they were entered. */
  entered: string[];
  /** The most bytes of JSON that went from one state to the next. */
  largestPayload: number;
}

const MOST_PAYLOAD = 256 * 1024;

/** @throws Error when the definition has a field or a kind of state that is not understood */
export async function execute(
  definition: unknown,
  input: unknown,
  resources: Resources,
  name: string = randomUUID(),
): Promise<Execution> {
  checkDefinition(definition);
  const run = new Run(resources, name, input);
  try {
    const output = await run.processor(definition, input, new Map(), {});
    return { status: 'SUCCEEDED', output, entered: run.entered, largestPayload: run.largestPayload };
  } catch (error) {
    if (!(error instanceof StatesError)) throw error;
    return {
      status: 'FAILED',
      output: null,
      error: error.error,
      cause: error.message,
      entered: run.entered,
      largestPayload: run.largestPayload,
    };
  }
}

type Variables = Map<string, unknown>;
type MapItem = { Index: number; Value: unknown };

class Run {
  readonly entered: string[] = [];
  largestPayload = 0;
  readonly #resources: Resources;
  readonly #context: { Execution: { Name: string; Id: string; Input: unknown } };

  constructor(resources: Resources, name: string, input: unknown) {
    this.#resources = resources;
    this.#context = {
      Execution: { Name: name, Id: `arn:aws:states:eu-south-1:1:execution:build:${name}`, Input: input },
    };
  }

  /** Runs states from the first until one ends. Variables of outside can be read in here and not be changed. */
  async processor(
    { StartAt, States }: Processor,
    input: unknown,
    outside: ReadonlyMap<string, unknown>,
    item: { Map?: { Item: MapItem } },
  ): Promise<unknown> {
    const own: Variables = new Map();
    let [name, value]: [string, unknown] = [StartAt, input];
    for (;;) {
      const state = States[name]!;
      this.entered.push(name);
      const went = await this.#enter(name, state, value, { outside, own, item });
      this.#measure(name, went.output);
      if (went.next === null) return went.output;
      [name, value] = [went.next, went.output];
    }
  }

  async #enter(name: string, state: StateOf, input: unknown, scope: Scope): Promise<Went> {
    if (state.Type !== 'Task' && state.Type !== 'Map') return await this.#step(state, input, scope);
    const tries = new Map<unknown, number>();
    for (;;) {
      try {
        const result =
          state.Type === 'Task'
            ? await this.#task(state, input, scope)
            : await this.#map(state, input, scope);
        return await this.#leave(state, { input, result }, scope, state.Next ?? null);
      } catch (error) {
        if (!(error instanceof StatesError)) throw error;
        const rule = (state.Retry ?? []).find(({ ErrorEquals }) => matches(ErrorEquals, error.error));
        const before = tries.get(rule) ?? 0;
        if (rule && before < rule.MaxAttempts) {
          tries.set(rule, before + 1);
          const seconds = Math.min(rule.MaxDelaySeconds, rule.IntervalSeconds * rule.BackoffRate ** before);
          this.#resources.onRetry?.(name, seconds, error);
          continue;
        }
        const caught = (state.Catch ?? []).find(({ ErrorEquals }) => matches(ErrorEquals, error.error));
        if (!caught) throw error;
        const errorOutput = { Error: error.error, Cause: error.message };
        await this.#assign(caught.Assign, { input, errorOutput }, scope);
        return { next: caught.Next, output: errorOutput };
      }
    }
  }

  async #step(state: StateOf, input: unknown, scope: Scope): Promise<Went> {
    if (state.Type === 'Fail') {
      const text = async (value: unknown) => String(await this.#evaluate(value, { input }, scope));
      throw new StatesError(await text(state.Error), await text(state.Cause));
    }
    if (state.Type !== 'Choice') {
      const next = state.Type === 'Succeed' ? null : (state.Next ?? null);
      return await this.#leave(state, { input, result: input }, scope, next);
    }
    for (const { Condition, Next } of state.Choices ?? []) {
      const is = await this.#evaluate(Condition, { input }, scope);
      if (typeof is !== 'boolean')
        throw new StatesError(
          'States.QueryEvaluationError',
          `${Condition} is ${JSON.stringify(is)}, not a boolean`,
        );
      if (is) return { next: Next, output: input };
    }
    return { next: state.Default!, output: input };
  }

  async #task(state: StateOf, input: unknown, scope: Scope): Promise<unknown> {
    const given = (await this.#evaluate(state.Arguments, { input }, scope)) as Record<string, unknown>;
    this.#measure('arguments', given);
    if (state.Resource === 'arn:aws:states:::lambda:invoke') {
      const payload = await this.#resources.invoke(String(given.FunctionName), given.Payload);
      // Only JSON goes between a function and a state machine.
      return { StatusCode: 200, Payload: JSON.parse(JSON.stringify(payload ?? null)) };
    }
    const context = given.QueryExecutionContext as { Database: string };
    return {
      QueryExecution: await this.#resources.runQuery({
        sql: String(given.QueryString),
        database: context.Database,
        workgroup: String(given.WorkGroup),
      }),
    };
  }

  /** Items at most so many at a time; one that fails stops what has not begun, as Step Functions does. */
  async #map(state: StateOf, input: unknown, scope: Scope): Promise<unknown[]> {
    const items = await this.#evaluate(state.Items, { input }, scope);
    if (!Array.isArray(items))
      throw new StatesError(
        'States.QueryEvaluationError',
        `Items are ${JSON.stringify(items)}, not an array`,
      );
    const readable = new Map([...scope.outside, ...scope.own]);
    const results: unknown[] = [];
    let next = 0;
    let failed: StatesError | null = null;
    const worker = async () => {
      while (next < items.length && failed === null) {
        const at = next++;
        const item = { Map: { Item: { Index: at, Value: items[at] } } };
        const given = state.ItemSelector
          ? await this.#evaluate(state.ItemSelector, { input }, { ...scope, item })
          : items[at];
        try {
          results[at] = await this.processor(state.ItemProcessor!, given, readable, item);
        } catch (error) {
          if (!(error instanceof StatesError)) throw error;
          failed ??= error;
        }
      }
    };
    const workers = Math.min(items.length, state.MaxConcurrency || items.length);
    await Promise.all(Array.from({ length: workers }, worker));
    if (failed !== null) throw failed;
    this.#measure('Map', results);
    return results;
  }

  async #leave(
    state: StateOf,
    states: { input: unknown; result: unknown },
    scope: Scope,
    next: string | null,
  ): Promise<Went> {
    const output = 'Output' in state ? await this.#evaluate(state.Output, states, scope) : states.result;
    await this.#assign(state.Assign, states, scope);
    return { next, output };
  }

  async #assign(assign: Record<string, unknown> | undefined, states: object, scope: Scope): Promise<void> {
    const values = (await this.#evaluate(assign ?? {}, states, scope)) as Record<string, unknown>;
    for (const [name, value] of Object.entries(values)) {
      if (scope.outside.has(name))
        throw new Error(`The variable ${name} is of an outer state and cannot be assigned in here`);
      scope.own.set(name, value);
    }
  }

  async #evaluate(template: unknown, states: object, scope: Scope): Promise<unknown> {
    if (typeof template === 'string') {
      const expression = /^\{%(.*)%\}$/s.exec(template)?.[1];
      if (expression === undefined) return template;
      const variables = Object.fromEntries([...scope.outside, ...scope.own]);
      let value: unknown;
      try {
        value = await jsonata(expression).evaluate(
          {},
          { ...variables, states: { ...states, context: { ...this.#context, ...scope.item } } },
        );
      } catch (error) {
        throw new StatesError('States.QueryEvaluationError', `${template}: ${(error as Error).message}`);
      }
      if (value === undefined)
        throw new StatesError('States.QueryEvaluationError', `${template} gives nothing`);
      return value;
    }
    if (Array.isArray(template))
      return await Promise.all(template.map((each) => this.#evaluate(each, states, scope)));
    if (typeof template !== 'object' || template === null) return template;
    const entries: [string, unknown][] = [];
    for (const [name, value] of Object.entries(template))
      entries.push([name, await this.#evaluate(value, states, scope)]);
    return Object.fromEntries(entries);
  }

  #measure(what: string, value: unknown): void {
    const bytes = Buffer.byteLength(JSON.stringify(value ?? null));
    this.largestPayload = Math.max(this.largestPayload, bytes);
    if (bytes > MOST_PAYLOAD)
      throw new StatesError('States.DataLimitExceeded', `${what}: ${bytes} bytes of ${MOST_PAYLOAD}`);
  }
}

interface Scope {
  outside: ReadonlyMap<string, unknown>;
  own: Variables;
  item: { Map?: { Item: MapItem } };
}

interface Went {
  next: string | null;
  output: unknown;
}

/** States.ALL is any; States.TaskFailed any but a timeout. */
function matches(names: readonly string[], error: string): boolean {
  if (error === 'States.DataLimitExceeded') return names.includes(error);
  return names.some(
    (name) =>
      name === 'States.ALL' ||
      name === error ||
      (name === 'States.TaskFailed' && error !== 'States.Timeout' && error !== 'States.QueryEvaluationError'),
  );
}
