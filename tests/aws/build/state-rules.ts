/** Which fields a state may have; what is not here, the interpreter does not understand. */
const FIELDS: Record<string, { must: readonly string[]; may: readonly string[] }> = {
  Task: {
    must: ['Resource', 'Arguments'],
    may: ['Output', 'Assign', 'Retry', 'Catch', 'Next', 'End'],
  },
  Map: {
    must: ['Items', 'ItemProcessor', 'MaxConcurrency'],
    may: ['ItemSelector', 'Output', 'Assign', 'Retry', 'Catch', 'Next', 'End'],
  },
  Choice: { must: ['Choices', 'Default'], may: [] },
  Pass: { must: [], may: ['Output', 'Assign', 'Next', 'End'] },
  Succeed: { must: [], may: ['Output'] },
  Fail: { must: ['Error', 'Cause'], may: [] },
};

const RESOURCES: Record<string, readonly string[]> = {
  'arn:aws:states:::lambda:invoke': ['FunctionName', 'Payload'],
  'arn:aws:states:::athena:startQueryExecution.sync': ['QueryString', 'QueryExecutionContext', 'WorkGroup'],
};

export interface RetryRule {
  ErrorEquals: string[];
  IntervalSeconds: number;
  MaxAttempts: number;
  BackoffRate: number;
  MaxDelaySeconds: number;
  JitterStrategy: string;
}

export interface StateOf {
  Type: string;
  Next?: string;
  End?: boolean;
  Resource?: string;
  Arguments?: Record<string, unknown>;
  Output?: unknown;
  Assign?: Record<string, unknown>;
  Retry?: RetryRule[];
  Catch?: { ErrorEquals: string[]; Assign?: Record<string, unknown>; Next: string }[];
  Items?: unknown;
  ItemSelector?: Record<string, unknown>;
  ItemProcessor?: Processor & { ProcessorConfig: { Mode: string } };
  MaxConcurrency?: number;
  Choices?: { Condition: string; Next: string }[];
  Default?: string;
  Error?: string;
  Cause?: string;
}

export interface Processor {
  StartAt: string;
  States: Record<string, StateOf>;
}

export interface Definition extends Processor {
  QueryLanguage: 'JSONata';
}

/** @throws Error naming the state and the field that is missing, unknown or leads nowhere */
export function checkDefinition(definition: unknown): asserts definition is Definition {
  const { QueryLanguage, TimeoutSeconds, Comment: _, ...processor } = definition as Record<string, unknown>;
  if (QueryLanguage !== 'JSONata') throw new Error(`QueryLanguage is ${QueryLanguage}; expected JSONata`);
  if (!(Number(TimeoutSeconds) > 0)) throw new Error('A machine without TimeoutSeconds can run for a year');
  checkProcessor('the machine', processor, new Set());
}

function checkProcessor(where: string, processor: Record<string, unknown>, taken: Set<string>): void {
  onlyFields(where, processor, ['StartAt', 'States'], []);
  const { StartAt, States } = processor as unknown as Processor;
  const targets = new Set<string>([StartAt]);
  for (const [name, state] of Object.entries(States)) {
    // Names are told apart in the history of an execution only where they differ.
    if (taken.has(name)) throw new Error(`${name} is the name of two states`);
    taken.add(name);
    if (name.length > 80) throw new Error(`${name} is longer than 80 characters`);
    const fields = FIELDS[state.Type];
    if (!fields) throw new Error(`${name} is of type ${state.Type}, which is not understood`);
    onlyFields(name, state as unknown as Record<string, unknown>, ['Type', ...fields.must], fields.may);
    checkState(name, state, taken);
    for (const target of targetsOf(state)) {
      if (!States[target]) throw new Error(`${name} leads to ${target}, which is not there`);
      targets.add(target);
    }
  }
  if (!States[StartAt]) throw new Error(`${where} starts at ${StartAt}, which is not there`);
  for (const name of Object.keys(States)) if (!targets.has(name)) throw new Error(`Nothing leads to ${name}`);
}

function checkState(name: string, state: StateOf, taken: Set<string>): void {
  const ends = (state.Next !== undefined ? 1 : 0) + (state.End === true ? 1 : 0);
  if (['Task', 'Map', 'Pass'].includes(state.Type) && ends !== 1)
    throw new Error(`${name} needs one of Next and End`);
  if (state.Type === 'Task') {
    const known = RESOURCES[state.Resource!];
    if (!known) throw new Error(`${name} uses ${state.Resource}, which is not understood`);
    onlyFields(`${name}.Arguments`, state.Arguments!, known, []);
  }
  for (const rule of state.Retry ?? [])
    onlyFields(
      `${name}.Retry`,
      { ...rule },
      ['ErrorEquals', 'IntervalSeconds', 'MaxAttempts', 'BackoffRate', 'MaxDelaySeconds', 'JitterStrategy'],
      [],
    );
  for (const rule of state.Catch ?? [])
    onlyFields(`${name}.Catch`, { ...rule }, ['ErrorEquals', 'Next'], ['Assign']);
  for (const choice of state.Choices ?? [])
    onlyFields(`${name}.Choices`, { ...choice }, ['Condition', 'Next'], []);
  if (state.ItemProcessor) {
    const { ProcessorConfig, ...inner } = state.ItemProcessor;
    if (ProcessorConfig.Mode !== 'INLINE')
      throw new Error(`${name}: mode ${ProcessorConfig.Mode} is not understood`);
    checkProcessor(name, inner, taken);
  }
}

const targetsOf = (state: StateOf): string[] => [
  ...(state.Next === undefined ? [] : [state.Next]),
  ...(state.Default === undefined ? [] : [state.Default]),
  ...(state.Choices ?? []).map(({ Next }) => Next),
  ...(state.Catch ?? []).map(({ Next }) => Next),
];

function onlyFields(
  where: string,
  given: Record<string, unknown>,
  must: readonly string[],
  may: readonly string[],
): void {
  const missing = must.find((field) => given[field] === undefined);
  if (missing) throw new Error(`${where} lacks ${missing}`);
  const unknown = Object.keys(given).find((field) => !must.includes(field) && !may.includes(field));
  if (unknown) throw new Error(`${where} has the field ${unknown}, which is not understood`);
}
