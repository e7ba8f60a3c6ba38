import type { ComponentType } from 'preact';

/** A view: what it asks for, and where it is. Its code is loaded when it is first opened. */
export interface View {
  /** KPIs that it asks: filters that none of them has do not apply to it. */
  kpis: readonly string[];
  load(): Promise<{ default: ComponentType }>;
}

export const VIEWS = {
  overview: {
    kpis: [
      'purchases',
      'attribution',
      'attribution-intervals',
      'targets',
      'alerts',
      'ropo',
      'reconciliation',
    ],
    load: () => import('./overview.tsx'),
  },
  channels: {
    kpis: [
      'attribution',
      'attribution-intervals',
      'model-comparison',
      'channel-differences',
      'model-conclusions',
    ],
    load: () => import('./channels.tsx'),
  },
  ropo: {
    kpis: [
      'ropo',
      'ropo-waterfall',
      'ropo-lags',
      'ropo-extrapolation',
      'online-to-store',
      'showrooming',
      'ropo-grid',
      'store-visits',
      'returns',
      'collected-orders',
    ],
    load: () => import('./ropo.tsx'),
  },
  journeys: {
    kpis: [
      'paths',
      'path-lengths',
      'journey-flow',
      'drop-off',
      'channel-roles',
      'channels-per-customer',
      'channel-overlap',
    ],
    load: () => import('./journeys.tsx'),
  },
  stages: { kpis: ['stages'], load: () => import('./stages.tsx') },
  economics: { kpis: ['channel-economics', 'cost-assumptions'], load: () => import('./economics.tsx') },
  customers: {
    kpis: ['customers', 'customer-value-fit', 'customer-value-calibration'],
    load: () => import('./customers.tsx'),
  },
  quality: {
    kpis: ['reconciliation', 'data-quality', 'identity-quality', 'data-freshness', 'purchases'],
    load: () => import('./quality.tsx'),
  },
} as const satisfies Readonly<Record<string, View>>;

export type ViewName = keyof typeof VIEWS;
export const VIEW_NAMES = Object.keys(VIEWS) as ViewName[];

/**
 * The views in which a reader may see something.
 * @param catalogue the KPIs that the reader's role may ask for
 */
export const viewsFor = (catalogue: ReadonlyMap<string, unknown>): ViewName[] =>
  VIEW_NAMES.filter((name) => VIEWS[name].kpis.some((kpi) => catalogue.has(kpi)));

export const viewOf = (given: string | undefined): ViewName =>
  VIEW_NAMES.find((name) => name === given) ?? 'overview';
