import type { Kpi, Measure } from './kpi.ts';
import { sum } from './measures.ts';

const figure = (name: string, title: string, definition: string, of = `${name}_amount`): Measure =>
  sum(name, 'by_row', title, definition, of);

const TARGETS: Kpi = {
  name: 'targets',
  title: 'Targets',
  definition:
    "The shop's targets by quarter: what has come of each, what should have by now, and how the quarter is expected to end",
  groupings: ['kpi'],
  hasModel: false,
  hasPeriod: false,
  texts: ['quarter'],
  remarks: ['unit', 'status', 'note'],
  filters: [{ name: 'quarter', definition: 'Only this quarter, such as 2025-Q3', values: null }],
  measures: [
    figure('target', 'Target', 'What the shop wants to reach; of spend, its budget'),
    figure('actual', 'So far', 'Sum of the quarter up to the last day of which all data are there'),
    figure(
      'pace',
      'Pace',
      'What should have come by then: the target by the usual weight of the weekdays that have passed',
    ),
    {
      ...figure('linear_pace', 'Linear pace', 'The target by the part of the days that have passed'),
      isDetail: true,
    },
    figure(
      'forecast',
      'Forecast',
      'What the quarter is expected to come to: so far, and the rest by the level of the last weeks and the weekdays to come; no season of the year is in it',
    ),
    figure('forecast_low', 'from', 'Lower bound of the band that is to hold 8 of 10 quarters'),
    figure(
      'forecast_high',
      'to',
      'Upper bound; none where the quarter is over or there are fewer than eight weeks to foretell from',
    ),
  ],
  caveat:
    'The band of 80% held 81% to 88% of simulated quarters of a steady shop, 70% to 76% where the level moves 5% a week, and 55% to 81% where a shop doubles in a year, the less the more of the quarter is to come. On track: the target lies in the band',
  privacy: {
    describes: 'records',
    why: 'It sets sums of a quarter beside targets that the shop set for itself: of the shop, a channel or a store',
    // The running quarter grows day by day: two answers would tell a day.
    insideOnly: ['kpi'],
  },
};

const ALERTS: Kpi = {
  name: 'alerts',
  title: 'Alerts',
  definition:
    'What has left its usual limits on the last whole day of the data or in the week to it, sources that have fallen silent, and days with too many refused records',
  groupings: ['alert'],
  hasModel: false,
  hasPeriod: false,
  texts: ['severity', 'subject'],
  remarks: ['unit', 'since'],
  measures: [
    figure('value', 'Value', 'What was found', 'alert_amount'),
    figure('low', 'from', 'The least that is usual', 'low_amount'),
    figure('high', 'to', 'The most that is usual', 'high_amount'),
  ],
  caveat:
    'Limits are made for one false alarm about the figures in twenty days, over all figures together; in simulated shops it was 2 to 8 days in a hundred. Holidays and sales are no exception to them',
  privacy: {
    describes: 'records',
    why: 'It says which sums of the whole shop and which sources of data are unusual',
    insideOnly: ['alert'],
  },
};

export const TARGET_KPIS: readonly Kpi[] = [TARGETS, ALERTS];
