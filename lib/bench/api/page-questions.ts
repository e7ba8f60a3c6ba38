import { KPIS } from '../../domain/kpi-catalogue.ts';
import type { Choices } from '../../pipeline/choices.ts';

/**
 * What pages ask, as paths of the API: the views over all time, over the last month beside the one before, and with a
 * filter set. What a shop has nothing of is not asked for.
 */
export function pageQuestions({ models, channels, stores, categories, last_day }: Choices): string[] {
  const to = monthBefore(last_day ?? '2025-06-30');
  const period = `from=${to.slice(0, 8)}01&to=${to}`;
  const model = models.includes('markov') ? 'markov' : models[0]!;
  const quoted = (name: string, values: readonly { value: string }[]) =>
    values.length === 0 ? '' : `&${name}=${encodeURIComponent(values[0]!.value)}`;
  const asked = [
    `attribution?by=channel&model=${model}`,
    `attribution?by=channel&model=${model}&${period}&compare=previous_period`,
    `attribution?by=channel&model=linear&${period}&compare=previous_year`,
    `attribution?by=campaign&model=${model}&${period}&limit=50`,
    `attribution?by=source_medium&model=last_touch&${period}`,
    `attribution?by=day&model=${model}&${period}`,
    `attribution?by=week&model=${model}${quoted('channel', channels)}`,
    `attribution?by=month&model=${model}`,
    `attribution?by=store&model=${model}&${period}${quoted('store', stores)}`,
    `attribution?by=category&model=${model}&${period}${quoted('category', categories)}`,
    `attribution?by=persona&model=${model}`,
    `attribution?by=channel&model=${model}&audience=outside`,
    'attribution-intervals',
    'model-comparison',
    'model-conclusions',
    'channel-differences?by=revenue',
    `purchases?by=day&${period}&compare=previous_period`,
    'purchases?by=store',
    'purchases?by=month',
    'ropo?by=store',
    `ropo?by=category&${period}`,
    'ropo-waterfall',
    'ropo-lags',
    'reconciliation',
    'returns',
    `store-attribution?by=store&model=${model}`,
    'online-to-store',
    `store-visits?by=store&${period}`,
    'footfall?by=store',
    'paths?limit=20',
    'path-lengths',
    'channel-roles',
    'journey-flow',
    'drop-off',
    'channels-per-customer',
    'channel-overlap',
    'stages',
    'channel-economics?by=channel',
    'cost-assumptions',
    'customers?by=persona',
    'customers?by=first_channel',
    'targets',
    'alerts',
    'data-freshness',
    `data-quality?by=day&${period}`,
    'identity-quality',
  ];
  return [
    ...asked.filter(isPossible).map((question) => `/v1/kpis/${question}`),
    '/v1/choices',
    '/v1/build',
    '/v1/kpis',
  ];
}

/** Whether the catalogue has the KPI, its grouping and its filters. */
function isPossible(question: string): boolean {
  const { pathname, searchParams } = new URL(question, 'http://localhost/');
  const kpi = KPIS.find(({ name }) => `/${name}` === pathname);
  if (!kpi) return false;
  const by = searchParams.get('by');
  const known = new Set(['by', 'limit', 'audience', ...(kpi.filters ?? []).map(({ name }) => name)]);
  if (kpi.hasPeriod) for (const name of ['from', 'to', 'compare']) known.add(name);
  if (kpi.hasModel) known.add('model');
  return (
    (by === null || kpi.groupings.includes(by)) && [...searchParams.keys()].every((name) => known.has(name))
  );
}

/** The last day of the month before that of a day. */
function monthBefore(day: string): string {
  const date = new Date(`${day.slice(0, 7)}-01T00:00:00Z`);
  date.setUTCDate(0);
  return date.toISOString().slice(0, 10);
}
