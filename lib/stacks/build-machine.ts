import {
  type Ask,
  isThrottled,
  mergeOfOne,
  type Query,
  type State,
  tablesOfOne,
  upkeepOfOne,
} from './build-branches.ts';

/** What the state machine of a build is told: names or ARNs, which may be tokens. */
export interface BuildMachineParts {
  /** ARN of the function build-tables. */
  buildTables: string;
  /** ARN of the function fit-models. */
  fitModels: string;
  /** Athena workgroup of all queries. */
  workgroup: string;
  /** Queries that run side by side; Athena's quota of an account holds for all of them. */
  tablesAtOnce?: number;
  /** A build that takes longer is stopped. Seconds. */
  timeoutSeconds?: number;
  /** The share of its rows that a table of raw rows may lose against the build before; more stops the build. An execution may be started
   * with another: {"most_rows_lost": 0.9}. */
  mostRowsLost?: number;
}

export interface StateMachineDefinition {
  Comment: string;
  QueryLanguage: 'JSONata';
  StartAt: string;
  TimeoutSeconds: number;
  States: Record<string, State>;
}

/**
 * A build as a state machine. It says in what order things are done, and how often; what is done is in the functions.
 * States carry names only: statements exist while they run, all else lies in the lake, so that no payload comes near the
 * 256 KiB that a state may have.
 *
 * Begin takes the lock and names the raw tables with new landing days; each is merged, several at a time. Plan gives
 * the waves; the tables of a wave are made side by side. A query that fails is begun anew at another place. When anything
 * fails for good, the build is discarded and the execution fails, which is what the alarm looks at; readers stay on the
 * build before. Once it is published, raw tables are brought in order while the lock is still held: what fails of that is
 * told by a count, and the execution succeeds. A second execution beside a running one ends with an answer and does nothing.
 */
export function buildMachine(parts: BuildMachineParts): StateMachineDefinition {
  const { tablesAtOnce = 12, timeoutSeconds = 6 * 3600, mostRowsLost = 0.5 } = parts;
  const giveUp = [
    {
      ErrorEquals: ['States.ALL'],
      Assign: { failure: '{% $states.errorOutput %}' },
      Next: 'Discard',
    },
  ];
  const leaveIt = [{ ErrorEquals: ['States.ALL'], Next: 'EndUpkeep' }];
  const ask: Ask = (payload) => ({
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke',
    Arguments: { FunctionName: parts.buildTables, Payload: payload },
    Output: '{% $states.result.Payload %}',
    Retry: [isThrottled],
  });
  const query: Query = () => ({
    Type: 'Task',
    Resource: 'arn:aws:states:::athena:startQueryExecution.sync',
    Arguments: {
      QueryString: '{% $states.input.sql %}',
      QueryExecutionContext: { Database: '{% $states.input.database %}' },
      WorkGroup: parts.workgroup,
    },
  });
  const build_id = '{% $build_id %}';

  return {
    Comment: 'Makes the tables of a build in waves and publishes them all at once',
    QueryLanguage: 'JSONata',
    StartAt: 'Begin',
    TimeoutSeconds: timeoutSeconds,
    States: {
      Begin: {
        ...ask({ action: 'begin', execution: '{% $states.context.Execution.Name %}' }),
        Assign: { build_id: '{% $states.result.Payload.build_id %}' },
        Catch: giveUp,
        Next: 'IsBusy',
      },
      IsBusy: {
        Type: 'Choice',
        Choices: [{ Condition: '{% $states.input.is_busy %}', Next: 'AnotherRuns' }],
        Default: 'MergeAll',
      },
      AnotherRuns: { Type: 'Succeed' },
      MergeAll: {
        Type: 'Map',
        Items: '{% $states.input.merges %}',
        ItemSelector: { table: '{% $states.context.Map.Item.Value %}' },
        MaxConcurrency: 4,
        ItemProcessor: { ProcessorConfig: { Mode: 'INLINE' }, ...mergeOfOne(ask, query, build_id) },
        Output: {},
        Catch: giveUp,
        Next: 'Plan',
      },
      Plan: { ...ask({ action: 'plan', build_id }), Catch: giveUp, Next: 'Waves' },
      Waves: {
        Type: 'Map',
        Items: '{% $states.input.waves %}',
        MaxConcurrency: 1,
        ItemProcessor: {
          ProcessorConfig: { Mode: 'INLINE' },
          StartAt: 'Wave',
          States: {
            Wave: {
              Type: 'Map',
              Items: '{% $states.input.makers %}',
              ItemSelector: { name: '{% $states.context.Map.Item.Value %}' },
              MaxConcurrency: tablesAtOnce,
              ItemProcessor: {
                ProcessorConfig: { Mode: 'INLINE' },
                ...tablesOfOne(ask, query, build_id, parts.fitModels),
              },
              Output: {},
              End: true,
            },
          },
        },
        Output: {},
        Catch: giveUp,
        Next: 'Check',
      },
      Check: {
        ...ask({
          action: 'check',
          build_id,
          most_rows_lost: `{% $exists($states.context.Execution.Input.most_rows_lost) ? $states.context.Execution.Input.most_rows_lost : ${mostRowsLost} %}`,
        }),
        Catch: giveUp,
        Next: 'Publish',
      },
      Publish: { ...ask({ action: 'publish', build_id }), Catch: giveUp, Next: 'Tidy' },
      Tidy: { ...ask({ action: 'tidy', build_id }), Catch: giveUp, Next: 'PlanUpkeep' },
      PlanUpkeep: { ...ask({ action: 'plan-upkeep', build_id }), Catch: leaveIt, Next: 'UpkeepAll' },
      UpkeepAll: {
        Type: 'Map',
        Items: '{% $states.input.tables %}',
        ItemSelector: { table: '{% $states.context.Map.Item.Value %}' },
        MaxConcurrency: 3,
        ItemProcessor: { ProcessorConfig: { Mode: 'INLINE' }, ...upkeepOfOne(ask, query, build_id) },
        Output: {},
        Catch: leaveIt,
        Next: 'EndUpkeep',
      },
      EndUpkeep: { ...ask({ action: 'end-upkeep', build_id }), Catch: giveUp, Next: 'Done' },
      Done: { Type: 'Succeed' },
      Discard: {
        ...ask({
          action: 'discard',
          execution: '{% $states.context.Execution.Name %}',
          error: '{% $failure.Error %}',
        }),
        Next: 'Failed',
      },
      Failed: { Type: 'Fail', Error: '{% $failure.Error %}', Cause: '{% $failure.Cause %}' },
    },
  };
}
