import { euros } from '../catalogue.ts';
import { MEAN_ORDER } from './goods.ts';
import { BASELINE, type WorldRun } from './simulate-world.ts';

/** What a channel, or the baseline, brought: as expected given the persons and their touches, and as it happened. */
export interface Brought {
  expectedConversions: number;
  /** Cents; expected orders times the mean value of an order. */
  expectedRevenue: number;
  conversions: number;
  /** Cents. */
  revenue: number;
}

export interface ChannelTruth extends Brought {
  channel: string;
  touches: number;
  /** Cents. */
  spend: number;
  /** Cents that would be missing if the channel's ads were blank; above `expectedRevenue` where it opens the way. */
  expectedLossWithout: number;
}

export interface IncrementalTruth {
  channels: ChannelTruth[];
  baseline: Brought;
  /** All channels together, without the baseline. */
  incremental: Brought;
  total: Brought;
}

const nothing = (): Brought => ({ expectedConversions: 0, expectedRevenue: 0, conversions: 0, revenue: 0 });

const sum = (parts: readonly Brought[]): Brought =>
  parts.reduce<Brought>(
    (all, part) => ({
      expectedConversions: all.expectedConversions + part.expectedConversions,
      expectedRevenue: all.expectedRevenue + part.expectedRevenue,
      conversions: all.conversions + part.conversions,
      revenue: all.revenue + part.revenue,
    }),
    nothing(),
  );

/** Adds up who caused what. Baseline and channels come to the total, expected and as it happened. */
export function incrementalTruth(run: WorldRun): IncrementalTruth {
  const channels = run.world.channels.map(
    ({ name, touchCost }, number): ChannelTruth => ({
      ...nothing(),
      channel: name,
      touches: 0,
      spend: touchCost,
      expectedLossWithout: run.lostWithout[number]! * MEAN_ORDER,
    }),
  );
  const baseline = { ...nothing(), expectedConversions: run.baselineExpected };
  for (const [touch, number] of run.touchChannel.entries()) {
    channels[number]!.touches++;
    channels[number]!.expectedConversions += run.touchExpected[touch]!;
  }
  for (const channel of channels) channel.spend *= channel.touches;
  for (const [order, cause] of run.orderCause.entries()) {
    const brought = cause === BASELINE ? baseline : channels[run.touchChannel[cause]!]!;
    brought.conversions++;
    brought.revenue += run.orderCents[order]!;
  }
  for (const part of [...channels, baseline]) part.expectedRevenue = part.expectedConversions * MEAN_ORDER;
  const incremental = sum(channels);
  return { channels, baseline, incremental, total: sum([incremental, baseline]) };
}

/** The truth as `truth/incremental.json` holds it: money in euros, expectations with four decimals. */
export function incrementalJson(run: WorldRun) {
  const { channels, baseline, incremental, total } = incrementalTruth(run);
  const money = (cents: number) => euros(Math.round(cents));
  const share = (part: number) =>
    incremental.expectedRevenue === 0 ? null : Number((part / incremental.expectedRevenue).toFixed(6));
  const told = (brought: Brought) => ({
    expected_incremental_conversions: Number(brought.expectedConversions.toFixed(4)),
    expected_incremental_revenue: money(brought.expectedRevenue),
    realised_incremental_conversions: brought.conversions,
    realised_incremental_revenue: money(brought.revenue),
  });
  const unowed = (brought: Brought) => ({
    expected_conversions: Number(brought.expectedConversions.toFixed(4)),
    expected_revenue: money(brought.expectedRevenue),
    realised_conversions: brought.conversions,
    realised_revenue: money(brought.revenue),
  });
  return {
    synthetic: true,
    world: run.world.name,
    seed: run.seed,
    persons: run.persons,
    currency: 'EUR',
    mean_order_value: Number((MEAN_ORDER / 100).toFixed(6)),
    channels: channels.map((each) => ({
      channel: each.channel,
      touches: each.touches,
      spend: money(each.spend),
      ...told(each),
      true_share: share(each.expectedRevenue),
      expected_loss_without: money(each.expectedLossWithout),
    })),
    all_channels: told(incremental),
    baseline: unowed(baseline),
    total: unowed(total),
  };
}
