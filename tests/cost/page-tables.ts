import { estimate } from '../../lib/cost/estimate.ts';
import { amountText, headroomText, usdText } from '../../lib/cost/show-cost.ts';
import { workloadOf } from '../../lib/cost/workload.ts';

/** The sizes that docs/cost-and-scale.md shows. */
export const SIZES = [1e6, 1e8, 1e10] as const;
const ESTIMATES = SIZES.map((events) => estimate(workloadOf(events)));

const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
const rule = (lefts: number, rights: number) => `|${'---|'.repeat(lefts)}${'---:|'.repeat(rights)}`;

/** What a month costs, a row for each service. */
export function costTable(): string {
  const [small] = ESTIMATES;
  const services = [...small!.services.map(({ service }) => service)].sort(
    (a, b) => usdOf(2, b) - usdOf(2, a),
  );
  return [
    row(['USD a month', ...SIZES.map((events) => `${events.toLocaleString('en-US')} events`)]),
    rule(1, SIZES.length),
    ...services.map((service) => row([service, ...SIZES.map((_, at) => usdText(usdOf(at, service)))])),
    row(['**all**', ...ESTIMATES.map(({ total }) => `**${usdText(total)}**`)]),
    row(['for a million events', ...ESTIMATES.map(({ perMillion }) => usdText(perMillion))]),
  ].join('\n');
}

const usdOf = (at: number, service: string) =>
  ESTIMATES[at]!.services.find((one) => one.service === service)!.usd;

/** How much room is left under each limit, the first to bind at the top. */
export function limitsTable(): string {
  const all = ESTIMATES.map(({ limits }) => limits);
  const order = [...all[0]!].sort((a, b) => a.bindsAt - b.bindsAt);
  return [
    row([
      'Limit',
      'Set by',
      'Binds at events a month',
      ...SIZES.map((events) => `room at ${events.toLocaleString('en-US')}`),
    ]),
    rule(2, 1 + SIZES.length),
    ...order.map(({ service, what, limit, unit, setBy, bindsAt }) =>
      row([
        `${service}: ${what}, ${limit.toLocaleString('en-US')} ${unit}`,
        setBy,
        amountText(bindsAt),
        ...all.map((limits) => headroomText(limits.find((one) => one.what === what)!)),
      ]),
    ),
  ].join('\n');
}
