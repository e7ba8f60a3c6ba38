import { useKpi } from '../use-kpi.ts';
import { besideIntervals } from './channels/beside-intervals.ts';
import { CertaintyPanel } from './overview/certainty-panel.tsx';
import { MoversPanel } from './overview/movers-panel.tsx';
import { PeriodPanel } from './overview/period-panel.tsx';
import { RopoPanel } from './overview/ropo-panel.tsx';
import { SourcesPanel } from './overview/sources-panel.tsx';
import { AlertsPanel, TargetsPanel } from './overview/watch-panels.tsx';

/** The period on one screen: what revenue, where from, how sure, what changed. */
export default function Overview() {
  const purchases = useKpi('purchases', { by: 'all' });
  const figures = useKpi('attribution', { by: 'channel' });
  const channels = besideIntervals(figures, useKpi('attribution-intervals', { by: 'channel' }));
  const differences = useKpi('channel-differences', { by: 'revenue' });
  const conclusions = useKpi('model-conclusions');
  const ropo = useKpi('ropo', { by: 'all' });
  return (
    <div class="grid">
      <PeriodPanel {...{ purchases, channels, differences, conclusions, ropo }} />
      <SourcesPanel channels={channels} purchases={purchases} />
      <CertaintyPanel purchases={purchases} channels={channels} />
      <div class="stack">
        <MoversPanel channels={channels} />
        <RopoPanel ropo={ropo} />
        <AlertsPanel />
      </div>
      <TargetsPanel />
    </div>
  );
}
