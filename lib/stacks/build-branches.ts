/** A state of the Amazon States Language, as data. */
export type State = Record<string, unknown>;

/** What a service answers when it is asked too much, or fails by itself. */
export const isThrottled = {
  ErrorEquals: [
    'Lambda.ServiceException',
    'Lambda.AWSLambdaException',
    'Lambda.SdkClientException',
    'Lambda.TooManyRequestsException',
    'Athena.TooManyRequestsException',
    'Athena.InternalServerException',
    'Athena.AmazonAthenaException',
  ],
  IntervalSeconds: 2,
  MaxAttempts: 8,
  BackoffRate: 2,
  MaxDelaySeconds: 60,
  JitterStrategy: 'FULL',
};

/** What may be done again as it is, since the second time finds what the first left. */
const isRepeatable = {
  ErrorEquals: ['States.TaskFailed', 'States.Timeout'],
  IntervalSeconds: 5,
  MaxAttempts: 2,
  BackoffRate: 2,
  MaxDelaySeconds: 60,
  JitterStrategy: 'FULL',
};

/** How often a table is begun anew, each time at a new place, before the build is given up. */
const MOST_ATTEMPTS = 3;

/** A call of the function build-tables, whose answer is the output. */
export type Ask = (payload: Record<string, unknown>) => State;
/** Runs the statement of the input in its database. */
export type Query = () => State;

/** One raw table: statement after statement until there is none; each may be repeated as it is. */
export function mergeOfOne(ask: Ask, query: Query, build_id: string): State {
  return {
    StartAt: 'FirstMerge',
    States: {
      FirstMerge: {
        Type: 'Pass',
        Assign: { table: '{% $states.input.table %}', step: 0 },
        Next: 'Merge',
      },
      Merge: {
        ...ask({ action: 'merge', build_id, table: '{% $table %}', step: '{% $step %}' }),
        Next: 'HasMerge',
      },
      HasMerge: {
        Type: 'Choice',
        Choices: [{ Condition: '{% $exists($states.input.sql) %}', Next: 'RunMerge' }],
        Default: 'Merged',
      },
      RunMerge: {
        ...query(),
        Assign: { step: '{% $step + 1 %}' },
        Output: {},
        Retry: [isThrottled, isRepeatable],
        Next: 'Merge',
      },
      Merged: { Type: 'Pass', Output: {}, End: true },
    },
  };
}

/**
 * Brings one raw table in order, statement after statement until there is none. That a statement fails is an outcome like
 * others: what to do then the function says, so that nothing here can fail a build that is published.
 */
export function upkeepOfOne(ask: Ask, query: Query, build_id: string): State {
  const isPart =
    "$exists($states.errorOutput.Cause) and $contains($states.errorOutput.Cause, 'MORE_RUNS_NEEDED')";
  const next = '{% $step + 1 %}';
  return {
    StartAt: 'FirstUpkeep',
    States: {
      FirstUpkeep: {
        Type: 'Pass',
        Assign: { table: '{% $states.input.table %}', step: 0, outcome: 'begun' },
        Next: 'Upkeep',
      },
      Upkeep: {
        ...ask({
          action: 'upkeep',
          build_id,
          table: '{% $table %}',
          step: '{% $step %}',
          outcome: '{% $outcome %}',
        }),
        Next: 'HasUpkeep',
      },
      HasUpkeep: {
        Type: 'Choice',
        Choices: [{ Condition: '{% $exists($states.input.sql) %}', Next: 'RunUpkeep' }],
        Default: 'KeptUp',
      },
      RunUpkeep: {
        ...query(),
        Assign: { step: next, outcome: 'done' },
        Output: {},
        Retry: [isThrottled],
        Catch: [
          {
            ErrorEquals: ['States.ALL'],
            Assign: { step: next, outcome: `{% ${isPart} ? 'more' : 'failed' %}` },
            Next: 'Upkeep',
          },
        ],
        Next: 'Upkeep',
      },
      KeptUp: { Type: 'Pass', Output: {}, End: true },
    },
  };
}

/** One file of sql/, seed, or step. A query that failed may have left something, so the next is made elsewhere. */
export function tablesOfOne(ask: Ask, query: Query, build_id: string, fitModels: string): State {
  const name = '{% $name %}';
  return {
    StartAt: 'First',
    States: {
      First: { Type: 'Pass', Assign: { name: '{% $states.input.name %}', attempt: 1 }, Next: 'Statement' },
      Statement: {
        ...ask({ action: 'statement', build_id, name, attempt: '{% $attempt %}' }),
        Next: 'HowMade',
      },
      HowMade: {
        Type: 'Choice',
        Choices: [
          { Condition: "{% $states.input.how = 'query' %}", Next: 'RunStatement' },
          { Condition: "{% $states.input.how = 'step' %}", Next: 'RunStep' },
        ],
        Default: 'IsMade',
      },
      RunStatement: {
        ...query(),
        Output: {
          bytes: '{% $states.result.QueryExecution.Statistics.DataScannedInBytes %}',
          milliseconds: '{% $states.result.QueryExecution.Statistics.TotalExecutionTimeInMillis %}',
        },
        Retry: [isThrottled],
        Catch: [
          {
            ErrorEquals: ['States.ALL'],
            Assign: { attempt: '{% $attempt + 1 %}', reason: '{% $states.errorOutput %}' },
            Next: 'IsEnough',
          },
        ],
        Next: 'Made',
      },
      IsEnough: {
        Type: 'Choice',
        Choices: [{ Condition: `{% $attempt > ${MOST_ATTEMPTS} %}`, Next: 'GivenUp' }],
        Default: 'Statement',
      },
      GivenUp: {
        Type: 'Fail',
        Error: 'TableNotMade',
        Cause: '{% $name & ": " & $string($reason.Cause) %}',
      },
      Made: {
        ...ask({
          action: 'made',
          build_id,
          name,
          bytes: '{% $states.input.bytes %}',
          milliseconds: '{% $states.input.milliseconds %}',
        }),
        Next: 'IsMade',
      },
      RunStep: {
        ...ask({ build_id, step: name }),
        Arguments: { FunctionName: fitModels, Payload: { build_id, step: name } },
        Retry: [isThrottled, isRepeatable],
        Next: 'IsMade',
      },
      IsMade: { Type: 'Pass', Output: {}, End: true },
    },
  };
}
