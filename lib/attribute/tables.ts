import { apportion, unitsText } from '../domain/attribution/apportion.ts';
import { CONVERSION, NULL, START } from '../domain/attribution/markov-chain.ts';
import { shapleyConversions } from '../domain/attribution/shapley.ts';
import type { Attribution } from './attribute.ts';
import type { CreditInterval } from './credit-intervals.ts';

/** A decimal number of any length, as its digits. */
export class Exact {
  readonly digits: string;

  constructor(digits: string) {
    this.digits = digits;
  }
}

export type TableCell = string | number | Exact | boolean | null;

export interface ResultTable {
  name: string;
  columns: string[];
  rows: TableCell[][];
}

/** Tables by name, and what each holds. */
export const TABLES = {
  credit: 'conversions and value by model and channel',
  effects: 'removal effects of the channels, and all conversions in proportion to them',
  matrix: 'transitions of the Markov chain, with probability and count',
  orders: 'orders that the chain was chosen from',
  shapley: 'Shapley values of the games conversions and conversion_rate',
  positions: 'Shapley values of the game conversions by position in the path',
  hazard: 'rates of the additive hazard, and whether the fit converged',
} as const;
export type TableName = keyof typeof TABLES;

/** Billionths of a conversion: credit is held to so many decimals, and sums exactly. */
export const CREDIT_DECIMALS = 9;

const exact = (units: bigint, decimals: number) => new Exact(unitsText(units, decimals));
const numberOf = (value: number) => (Number.isFinite(value) ? value : null);

/** A table of what the models made; null where the settings did not ask for what it shows. */
export function resultTable(name: TableName, result: Attribution): ResultTable | null {
  const made = MAKERS[name](result);
  return made && { name, ...made };
}

type Made = Omit<ResultTable, 'name'> | null;

const MAKERS: Record<TableName, (result: Attribution) => Made> = {
  credit: creditTable,
  effects: effectsTable,
  matrix: matrixTable,
  orders: ordersTable,
  shapley: shapleyTable,
  positions: positionsTable,
  hazard: hazardTable,
};

function creditTable({ sums, credits, decimals, intervals }: Attribution): Made {
  const bounds = (name: string) => (intervals ? [`${name}_low`, `${name}_high`] : []);
  const of = (interval: CreditInterval | undefined, scale = 1) =>
    intervals ? [numberOf(interval!.low / scale), numberOf(interval!.high / scale)] : [];
  const unit = 10 ** decimals;
  const rows = credits.flatMap(({ model, conversions, values }, at) => {
    const conversionUnits = apportion(conversions, sums.conversions, 10 ** CREDIT_DECIMALS);
    const valueUnits = apportion(values, sums.value, 1);
    const interval = intervals?.[at];
    return sums.channels.map((channel, number) => [
      model,
      channel,
      exact(conversionUnits[number]!, CREDIT_DECIMALS),
      ...of(interval?.conversions[number]),
      sums.conversions > 0 ? conversions[number]! / sums.conversions : null,
      ...of(interval?.conversionShare[number]),
      exact(valueUnits[number]!, decimals),
      ...of(interval?.values[number], unit),
      sums.value > 0 ? values[number]! / sums.value : null,
      ...of(interval?.valueShare[number]),
    ]);
  });
  const columns = [
    'model',
    'channel',
    'conversions',
    ...bounds('conversions'),
    'conversion_share',
    ...bounds('conversion_share'),
    'value',
    ...bounds('value'),
    'value_share',
    ...bounds('value_share'),
  ];
  return { columns, rows };
}

function effectsTable({ sums, findings, decimals, credits }: Attribution): Made {
  const { effects } = findings;
  if (!effects) return null;
  const normalised = credits.find(({ model }) => model === 'markov_normalised');
  const conversions =
    normalised && apportion(normalised.conversions, sums.conversions, 10 ** CREDIT_DECIMALS);
  const values = normalised && apportion(normalised.values, sums.value, 1);
  return {
    columns: [
      'channel',
      'removal_effect',
      'removal_effect_value',
      ...(normalised ? ['normalised_conversions', 'normalised_value'] : []),
    ],
    rows: sums.channels.map((channel, number) => [
      channel,
      effects.effects[number]!,
      effects.valueEffects![number]!,
      ...(normalised
        ? [exact(conversions![number]!, CREDIT_DECIMALS), exact(values![number]!, decimals)]
        : []),
    ]),
  };
}

function matrixTable({ sums }: Attribution): Made {
  const { chain, channels } = sums;
  const { from, to, counts } = chain;
  const leaving = new Map<number, number>();
  for (const [t, state] of from.entries()) leaving.set(state, (leaving.get(state) ?? 0) + counts[t]!);
  const name = (state: number) => {
    if (state === START) return '(start)';
    if (state === CONVERSION) return '(conversion)';
    if (state === NULL) return '(null)';
    return Array.from(
      chain.stateChannels.subarray(chain.stateStarts[state]!, chain.stateStarts[state + 1]!),
      (channel) => channels[channel],
    ).join(' > ');
  };
  const place = (state: number) => (state < 0 ? 2 ** 31 - state : state);
  const walked = Array.from(from.keys())
    .filter((t) => counts[t]! > 0)
    .sort((a, b) => from[a]! - from[b]! || place(to[a]!) - place(to[b]!));
  return {
    columns: ['from', 'to', 'probability', 'count'],
    rows: walked.map((t) => [name(from[t]!), name(to[t]!), counts[t]! / leaving.get(from[t]!)!, counts[t]!]),
  };
}

function ordersTable({ orders, order: chosen }: Attribution): Made {
  return (
    orders && {
      columns: [
        'order',
        'states',
        'held_out_log_likelihood',
        'standard_error',
        'auc',
        'behind_best',
        'behind_best_error',
        'is_chosen',
      ],
      rows: orders.map((each) => [
        each.order,
        each.states,
        numberOf(each.heldOutLogLikelihood),
        numberOf(each.standardError),
        numberOf(each.auc),
        numberOf(each.behindBest),
        numberOf(each.behindBestError),
        each.order === chosen,
      ]),
    }
  );
}

function shapleyTable({ sums, findings }: Attribution): Made {
  const { rate } = findings;
  const values = shapleyConversions(sums.sets, sums.bySet.conversions);
  return {
    columns: ['game', 'channel', 'shapley_value', 'method', 'standard_error'],
    rows: [
      ...sums.channels.map((channel, number) => ['conversions', channel, values[number]!, 'exact', null]),
      ...(rate
        ? sums.channels.map((channel, number) => [
            'conversion_rate',
            channel,
            rate.values[number]!,
            rate.method,
            rate.standardErrors?.[number] ?? null,
          ])
        : []),
    ],
  };
}

function positionsTable({ sums, positions }: Attribution): Made {
  return (
    positions && {
      columns: ['channel', 'position', 'conversions'],
      rows: sums.channels.flatMap((channel, number) =>
        Array.from({ length: positions.positions }, (_, position) => [
          channel,
          position + 1,
          positions.values[number * positions.positions + position]!,
        ]),
      ),
    }
  );
}

function hazardTable({ sums, findings }: Attribution): Made {
  if (!findings.hazard) return null;
  const { fit, exposures } = findings.hazard;
  const about = [fit.converged, fit.iterations, fit.logLikelihood];
  return {
    columns: ['channel', 'rate', 'exposure', 'converged', 'iterations', 'log_likelihood'],
    rows: [
      ...sums.channels.map((channel, number) => [channel, fit.rates[number]!, exposures[number]!, ...about]),
      ['(baseline)', fit.baseline, null, ...about],
    ],
  };
}
