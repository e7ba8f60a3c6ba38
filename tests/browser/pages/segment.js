import { AnalyticsBrowser } from '@segment/analytics-next';

window.startTracker = (collector, key, more = {}) => {
  const { host, protocol } = new URL(collector);
  const sending = { apiHost: `${host}/v1`, protocol: protocol.slice(0, -1), ...more };
  window.tracker = AnalyticsBrowser.load(
    { writeKey: key, cdnSettings: { integrations: { 'Segment.io': { apiKey: key, ...sending } } } },
    { integrations: { 'Segment.io': sending } },
  );
};
