import { RudderAnalytics } from '@rudderstack/analytics-js/bundled';

window.startTracker = (collector, key) => {
  window.tracker = new RudderAnalytics();
  window.tracker.load(key, collector, {
    getSourceConfig: () => ({
      updatedAt: '2026-01-01T00:00:00.000Z',
      source: {
        id: 'source',
        name: 'shop',
        writeKey: key,
        enabled: true,
        workspaceId: 'workspace',
        connections: [],
        destinations: [],
        config: { statsCollection: { errors: { enabled: false }, metrics: { enabled: false } } },
      },
    }),
    plugins: ['XhrQueue', 'StorageEncryption', 'NativeDestinationQueue'],
    sendAdblockPage: false,
  });
};
