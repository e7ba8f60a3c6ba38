import { DAY } from '../demo/calendar.ts';
import type { WorldRun } from '../demo/worlds/simulate-world.ts';
import type { HazardJourneys } from '../domain/attribution/model-replicates.ts';
import { LOOKBACK_DAYS, type OrderPaths } from './look-back.ts';

/** What the additive hazard is fitted on, in the units of sql/fitting: exposures in millionths of a day. */
export function worldHazard(run: WorldRun, orderPaths: OrderPaths, halfLifeDays: number): HazardJourneys {
  const conversions = conversionKernels(run, orderPaths, halfLifeDays);
  const { exposures, baselineExposure, exposure } = exposuresOf(run, halfLifeDays);
  const { starts, channel, kernel, person, currency, net } = conversions;
  const data = { channels: run.world.channels.length, starts, channel, kernel, exposures, baselineExposure };
  return { data, person, currency, net, exposure };
}

const daysBetween = (from: number, to: number) => (Math.floor((to - from) / 1000) * 1000) / DAY;

/** Every order after the person's first touch: what is left of each channel's touches on its path. */
function conversionKernels(run: WorldRun, { person, first, end, start }: OrderPaths, halfLifeDays: number) {
  const { touchAt, touchChannel, orderAt, orderCents } = run;
  const starts = [0];
  const channel: number[] = [];
  const kernel: number[] = [];
  const orders: number[] = [];
  const left = new Float64Array(run.world.channels.length);
  for (const [order, to] of end.entries()) {
    if (to === start[order]) continue;
    left.fill(0);
    for (let touch = first[order]!; touch < to; touch++)
      left[touchChannel[touch]!]! += 2 ** (-daysBetween(touchAt[touch]!, orderAt[order]!) / halfLifeDays);
    for (const [number, amount] of left.entries()) {
      if (amount === 0) continue;
      channel.push(number);
      kernel.push(amount);
    }
    orders.push(order);
    starts.push(channel.length);
  }
  return {
    starts: Int32Array.from(starts),
    channel: Uint16Array.from(channel),
    kernel: Float64Array.from(kernel),
    person: Int32Array.from(orders, (order) => person[order]!),
    currency: Int32Array.from(orders, (order) => (first[order] === end[order] ? -1 : 0)),
    net: Float64Array.from(orders, (order) => orderCents[order]!),
  };
}

const MILLIONTHS = 1e6;

/** Days under the effect of each channel's touches by person, and as channel -1 the days since the first touch. */
function exposuresOf(run: WorldRun, halfLifeDays: number) {
  const { persons, touchStarts, touchAt, touchChannel, orderAt } = run;
  const channels = run.world.channels.length;
  const latest = (times: Float64Array) => times.reduce((found, at) => Math.max(found, at), 0);
  const observedUntil = Math.max(latest(touchAt), latest(orderAt));
  const rows: [person: number, channel: number, amount: number][] = [];
  const sums = new Float64Array(channels + 1);
  const own = new Float64Array(channels + 1);
  for (let person = 0; person < persons; person++) {
    const [from, to] = [touchStarts[person]!, touchStarts[person + 1]!];
    if (from === to) continue;
    own.fill(0);
    own[0] = Math.round(MILLIONTHS * daysBetween(touchAt[from]!, observedUntil));
    for (let touch = from; touch < to; touch++) {
      const days = Math.min(LOOKBACK_DAYS, daysBetween(touchAt[touch]!, observedUntil));
      own[touchChannel[touch]! + 1]! += Math.round(
        ((MILLIONTHS * halfLifeDays) / Math.LN2) * (1 - 2 ** (-days / halfLifeDays)),
      );
    }
    for (const [number, amount] of own.entries()) {
      sums[number]! += amount;
      if (amount > 0) rows.push([person, number - 1, amount]);
    }
  }
  return {
    exposures: sums.slice(1),
    baselineExposure: sums[0]!,
    exposure: {
      person: Int32Array.from(rows, ([person]) => person),
      channel: Int32Array.from(rows, ([, channel]) => channel),
      amount: Float64Array.from(rows, ([, , amount]) => amount),
    },
  };
}
