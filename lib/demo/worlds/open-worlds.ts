import { channelsOf, WEEKLY } from './media.ts';
import type { Baseline, World } from './world.ts';

/** Worlds where touches come by themselves: who is touched is no likelier to buy, but by the touch. */

/** Steady demand that has nothing to do with marketing. */
const STEADY: Baseline = {
  steady: 0.12,
  bursts: 0,
  burstDays: 0,
  perBurst: 0,
  activityShape: 2,
  activeBuyMore: false,
};

export const PLAIN: World = {
  name: 'plain',
  works: 'every channel, each touch on its own, by 0.4% to 4% of an order',
  harvests: 'nothing',
  trap: 'half of the orders come without any cause that can be seen; frequent channels are on their paths by chance',
  baseline: STEADY,
  memoryDays: 30,
  channels: channelsOf({
    Display: [{ steady: 2 }, { orders: 0.004, halfLifeDays: 3 }],
    'Paid Video': [{ steady: 1.2 }, { orders: 0.009, halfLifeDays: 5 }],
    'Paid Social': [{ steady: 0.9 }, { orders: 0.016, halfLifeDays: 3 }],
    'Paid Search': [{ steady: 0.6 }, { orders: 0.03, halfLifeDays: 2 }],
    'Paid Shopping': [{ steady: 0.5 }, { orders: 0.04, halfLifeDays: 1.5 }],
    'Brand Search': [{ steady: 0.4 }, { orders: 0.025, halfLifeDays: 1 }],
    Retargeting: [{ steady: 1 }, { orders: 0.006, halfLifeDays: 2 }],
    Affiliates: [{ steady: 0.35 }, { orders: 0.02, halfLifeDays: 1 }],
    Email: [WEEKLY, { orders: 0.01, halfLifeDays: 2 }],
    'Organic Search': [{ steady: 0.7 }, { orders: 0.012, halfLifeDays: 2 }],
    Referral: [{ steady: 0.3 }, { orders: 0.018, halfLifeDays: 3 }],
    Direct: [{ steady: 0.6 }, { orders: 0.005, halfLifeDays: 1 }],
  }),
};

export const ORDER: World = {
  name: 'order',
  works:
    'openers (Display, Paid Video, Paid Social) only before all else; closers (Paid Search, Brand Search, Retargeting, Affiliates, Email) only after an opener',
  harvests: 'Direct',
  trap: 'the same touch is worth much or nothing by its place in the path',
  baseline: STEADY,
  memoryDays: 14,
  channels: channelsOf({
    Display: [{ steady: 1.4 }, { orders: 0.06, halfLifeDays: 5, later: 0, opens: true }],
    'Paid Video': [{ steady: 0.8 }, { orders: 0.09, halfLifeDays: 6, later: 0, opens: true }],
    'Paid Social': [{ steady: 0.7 }, { orders: 0.05, halfLifeDays: 4, later: 0, opens: true }],
    'Paid Search': [{ steady: 0.8 }, { orders: 0.05, halfLifeDays: 2, unopened: 0 }],
    'Paid Shopping': [{ steady: 0.4 }, { orders: 0.02, halfLifeDays: 2 }],
    'Brand Search': [{ steady: 0.6 }, { orders: 0.06, halfLifeDays: 1, unopened: 0 }],
    Retargeting: [{ steady: 0.9 }, { orders: 0.03, halfLifeDays: 2, unopened: 0 }],
    Affiliates: [{ steady: 0.4 }, { orders: 0.07, halfLifeDays: 1, unopened: 0 }],
    Email: [WEEKLY, { orders: 0.03, halfLifeDays: 2, unopened: 0 }],
    'Organic Search': [{ steady: 0.5 }, { orders: 0.01, halfLifeDays: 2 }],
    Referral: [{ steady: 0.3 }, { orders: 0.02, halfLifeDays: 3 }],
    Direct: [{ steady: 0.6 }, { orders: 0, halfLifeDays: 1 }],
  }),
};

export const FADING: World = {
  name: 'fading',
  works: 'every channel but Direct, for hours: half-lives of 3 hours to 2 days',
  harvests: 'nothing',
  trap: 'between touch and purchase lie weeks; what is older than some days is on the path by chance',
  baseline: { ...STEADY, steady: 0.15 },
  memoryDays: 30,
  channels: channelsOf({
    Display: [{ steady: 1.6 }, { orders: 0.004, halfLifeDays: 0.25 }],
    'Paid Video': [{ steady: 0.9 }, { orders: 0.012, halfLifeDays: 1 }],
    'Paid Social': [{ steady: 0.7 }, { orders: 0.022, halfLifeDays: 0.5 }],
    'Paid Search': [{ steady: 0.4 }, { orders: 0.06, halfLifeDays: 0.25 }],
    'Paid Shopping': [{ steady: 0.35 }, { orders: 0.07, halfLifeDays: 0.125 }],
    'Brand Search': [{ steady: 0.3 }, { orders: 0.05, halfLifeDays: 0.125 }],
    Retargeting: [{ steady: 0.9 }, { orders: 0.005, halfLifeDays: 0.5 }],
    Affiliates: [{ steady: 0.2 }, { orders: 0.05, halfLifeDays: 0.25 }],
    Email: [WEEKLY, { orders: 0.015, halfLifeDays: 1.5 }],
    'Organic Search': [{ steady: 0.6 }, { orders: 0.01, halfLifeDays: 0.5 }],
    Referral: [{ steady: 0.25 }, { orders: 0.03, halfLifeDays: 2 }],
    Direct: [{ steady: 0.7 }, { orders: 0, halfLifeDays: 0.5 }],
  }),
};

export const SATURATION: World = {
  name: 'saturation',
  works:
    'the first touch of each channel; each repetition of Display, Retargeting, Paid Social or Email a half or less',
  harvests: 'nothing',
  trap: 'frequent channels are on every path several times and stopped working after the first',
  baseline: STEADY,
  memoryDays: 30,
  channels: channelsOf({
    Display: [{ steady: 5 }, { orders: 0.02, halfLifeDays: 3, repeat: 0.2 }],
    'Paid Video': [{ steady: 0.8 }, { orders: 0.02, halfLifeDays: 5, repeat: 0.8 }],
    'Paid Social': [{ steady: 2 }, { orders: 0.03, halfLifeDays: 3, repeat: 0.4 }],
    'Paid Search': [{ steady: 0.4 }, { orders: 0.04, halfLifeDays: 2 }],
    'Paid Shopping': [{ steady: 0.35 }, { orders: 0.05, halfLifeDays: 1.5 }],
    'Brand Search': [{ steady: 0.3 }, { orders: 0.02, halfLifeDays: 1 }],
    Retargeting: [{ steady: 4 }, { orders: 0.01, halfLifeDays: 2, repeat: 0.3 }],
    Affiliates: [{ steady: 0.3 }, { orders: 0.03, halfLifeDays: 1 }],
    Email: [WEEKLY, { orders: 0.025, halfLifeDays: 2, repeat: 0.5 }],
    'Organic Search': [{ steady: 0.6 }, { orders: 0.02, halfLifeDays: 2 }],
    Referral: [{ steady: 0.3 }, { orders: 0.03, halfLifeDays: 3 }],
    Direct: [{ steady: 0.5 }, { orders: 0, halfLifeDays: 1 }],
  }),
};
