import { channelsOf, WEEKLY } from './media.ts';
import type { Baseline, World } from './world.ts';

/** Worlds where some channels meet people who are about to buy. */

/** Demand in spells; in them people search, and those who are online more also buy more. */
const IN_SPELLS: Baseline = {
  steady: 0.03,
  bursts: 0.6,
  burstDays: 6,
  perBurst: 0.3,
  activityShape: 2,
  activeBuyMore: true,
};

export const HARVEST: World = {
  name: 'harvest',
  works: 'Display, Paid Video, Paid Social, Email; less so Paid Search, Paid Shopping, Referral',
  harvests: 'Brand Search, Retargeting, Direct, Affiliates, mostly Organic Search',
  trap: 'the harvesters stand right before the purchase because it was coming; they change next to nothing',
  baseline: IN_SPELLS,
  memoryDays: 30,
  channels: channelsOf({
    Display: [{ steady: 2 }, { orders: 0.008, halfLifeDays: 4 }],
    'Paid Video': [{ steady: 1.2 }, { orders: 0.018, halfLifeDays: 6 }],
    'Paid Social': [{ steady: 0.9 }, { orders: 0.03, halfLifeDays: 3 }],
    'Paid Search': [
      { steady: 0.3, perBurst: 0.15 },
      { orders: 0.03, halfLifeDays: 2 },
    ],
    'Paid Shopping': [
      { steady: 0.2, perBurst: 0.3 },
      { orders: 0.02, halfLifeDays: 1.5 },
    ],
    'Brand Search': [
      { steady: 0.02, perBurst: 0.9 },
      { orders: 0.002, halfLifeDays: 1 },
    ],
    Retargeting: [{ afterVisit: 0.5 }, { orders: 0.0005, halfLifeDays: 2 }],
    Affiliates: [
      { steady: 0.02, perBurst: 0.35 },
      { orders: 0.002, halfLifeDays: 1 },
    ],
    Email: [WEEKLY, { orders: 0.018, halfLifeDays: 2 }],
    'Organic Search': [
      { steady: 0.25, perBurst: 0.7 },
      { orders: 0.004, halfLifeDays: 2 },
    ],
    Referral: [{ steady: 0.3 }, { orders: 0.02, halfLifeDays: 3 }],
    Direct: [
      { steady: 0.25, perBurst: 0.8 },
      { orders: 0, halfLifeDays: 1 },
    ],
  }),
};

export const MIXED: World = {
  name: 'mixed',
  works: 'as in the worlds above at once: openers, closers after them, fatigue, half-lives of hours to days',
  harvests: 'Brand Search, Retargeting, Direct, Affiliates',
  trap: 'all of the above; the world that is most like a real shop',
  baseline: IN_SPELLS,
  memoryDays: 21,
  channels: channelsOf({
    Display: [{ steady: 3 }, { orders: 0.025, halfLifeDays: 4, repeat: 0.5, later: 0.4, opens: true }],
    'Paid Video': [{ steady: 1 }, { orders: 0.04, halfLifeDays: 6, later: 0.5, opens: true }],
    'Paid Social': [{ steady: 1 }, { orders: 0.035, halfLifeDays: 3, repeat: 0.6, opens: true }],
    'Paid Search': [
      { steady: 0.3, perBurst: 0.2 },
      { orders: 0.05, halfLifeDays: 1, unopened: 0.4 },
    ],
    'Paid Shopping': [
      { steady: 0.2, perBurst: 0.3 },
      { orders: 0.03, halfLifeDays: 0.5, unopened: 0.6 },
    ],
    'Brand Search': [
      { steady: 0.05, perBurst: 0.9 },
      { orders: 0.003, halfLifeDays: 1 },
    ],
    Retargeting: [{ afterVisit: 0.8 }, { orders: 0.001, halfLifeDays: 2 }],
    Affiliates: [
      { steady: 0.05, perBurst: 0.35 },
      { orders: 0.003, halfLifeDays: 0.5 },
    ],
    Email: [WEEKLY, { orders: 0.025, halfLifeDays: 2, repeat: 0.7, unopened: 0.5 }],
    'Organic Search': [
      { steady: 0.25, perBurst: 0.6 },
      { orders: 0.006, halfLifeDays: 1 },
    ],
    Referral: [{ steady: 0.3 }, { orders: 0.03, halfLifeDays: 3 }],
    Direct: [
      { steady: 0.3, perBurst: 0.7 },
      { orders: 0, halfLifeDays: 1 },
    ],
  }),
};

export const NULL: World = {
  name: 'null',
  works: 'nothing: all would have been bought anyway',
  harvests: 'every channel that meets people who search',
  trap: 'paths look as they do everywhere, and no euro of credit is true',
  baseline: { ...IN_SPELLS, steady: 0.08 },
  memoryDays: 30,
  channels: channelsOf({
    Display: [{ steady: 2 }, { orders: 0, halfLifeDays: 3 }],
    'Paid Video': [{ steady: 1.2 }, { orders: 0, halfLifeDays: 3 }],
    'Paid Social': [{ steady: 0.9 }, { orders: 0, halfLifeDays: 3 }],
    'Paid Search': [
      { steady: 0.3, perBurst: 0.2 },
      { orders: 0, halfLifeDays: 3 },
    ],
    'Paid Shopping': [
      { steady: 0.2, perBurst: 0.3 },
      { orders: 0, halfLifeDays: 3 },
    ],
    'Brand Search': [
      { steady: 0.05, perBurst: 0.9 },
      { orders: 0, halfLifeDays: 3 },
    ],
    Retargeting: [{ afterVisit: 0.5 }, { orders: 0, halfLifeDays: 3 }],
    Affiliates: [
      { steady: 0.05, perBurst: 0.35 },
      { orders: 0, halfLifeDays: 3 },
    ],
    Email: [WEEKLY, { orders: 0, halfLifeDays: 3 }],
    'Organic Search': [
      { steady: 0.25, perBurst: 0.7 },
      { orders: 0, halfLifeDays: 3 },
    ],
    Referral: [{ steady: 0.3 }, { orders: 0, halfLifeDays: 3 }],
    Direct: [
      { steady: 0.25, perBurst: 0.8 },
      { orders: 0, halfLifeDays: 3 },
    ],
  }),
};
