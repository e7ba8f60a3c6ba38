/**
 * Kinds of customer. Counts are means over the half-year for a person of average activity; the rest are
 * probabilities.
 */
export interface Persona {
  name: string;
  /** Share of all persons. */
  share: number;
  /** Things wanted, each looked into on the web over some days. */
  needs: number;
  /** Trips to the store without looking anything up. */
  trips: number;
  /** Orders on the web out of habit. */
  orders: number;
  /** Browsing for its own sake. */
  browsing: number;
  /** That what was researched is bought in a store. */
  storeShare: number;
  /** That a need is bought without any marketing. */
  natural: number;
  /** Lines of a basket beyond the first. */
  extraLines: number;
  /** That a line is bought marked down. */
  markdown: number;
  online: boolean;
  account: number;
  loyalty: number;
  app: number;
  newsletter: number;
  /** Per session, with an account. */
  login: number;
}

export const PERSONAS: readonly Persona[] = [
  {
    name: 'bargain_hunter',
    share: 0.18,
    needs: 2.4,
    trips: 1.0,
    orders: 0.45,
    browsing: 2.2,
    storeShare: 0.55,
    natural: 0.34,
    extraLines: 1.1,
    markdown: 0.55,
    online: true,
    account: 0.6,
    loyalty: 0.62,
    app: 0.5,
    newsletter: 0.7,
    login: 0.35,
  },
  {
    name: 'enthusiast',
    share: 0.12,
    needs: 3.3,
    trips: 1.5,
    orders: 0.7,
    browsing: 2.6,
    storeShare: 0.6,
    natural: 0.48,
    extraLines: 0.9,
    markdown: 0.12,
    online: true,
    account: 0.75,
    loyalty: 0.66,
    app: 0.65,
    newsletter: 0.55,
    login: 0.45,
  },
  {
    name: 'family',
    share: 0.2,
    needs: 2.3,
    trips: 1.9,
    orders: 0.45,
    browsing: 1.0,
    storeShare: 0.7,
    natural: 0.5,
    extraLines: 2.2,
    markdown: 0.25,
    online: true,
    account: 0.55,
    loyalty: 0.72,
    app: 0.5,
    newsletter: 0.45,
    login: 0.35,
  },
  {
    name: 'loyal_regular',
    share: 0.2,
    needs: 2.2,
    trips: 2.5,
    orders: 0.3,
    browsing: 0.8,
    storeShare: 0.85,
    natural: 0.55,
    extraLines: 1.5,
    markdown: 0.15,
    online: true,
    account: 0.7,
    loyalty: 0.95,
    app: 0.55,
    newsletter: 0.6,
    login: 0.4,
  },
  {
    name: 'store_only',
    share: 0.15,
    needs: 0,
    trips: 3.0,
    orders: 0,
    browsing: 0.0,
    storeShare: 1,
    natural: 0,
    extraLines: 1.3,
    markdown: 0.2,
    online: false,
    account: 0,
    loyalty: 0.42,
    app: 0,
    newsletter: 0,
    login: 0,
  },
  {
    name: 'web_only',
    share: 0.15,
    needs: 2.8,
    trips: 0.08,
    orders: 1.3,
    browsing: 1.8,
    storeShare: 0.05,
    natural: 0.45,
    extraLines: 0.7,
    markdown: 0.2,
    online: true,
    account: 0.65,
    loyalty: 0.1,
    app: 0.4,
    newsletter: 0.45,
    login: 0.4,
  },
];
