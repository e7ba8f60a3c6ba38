import { useKpi } from '../use-kpi.ts';
import { besideIntervals } from './channels/beside-intervals.ts';
import { BreakdownPanel } from './channels/breakdown-panel.tsx';
import { ChannelTable } from './channels/channel-table.tsx';
import { ConclusionsPanel } from './channels/conclusions-panel.tsx';
import { ModelsPanel } from './channels/models-panel.tsx';
import { RanksPanel } from './channels/ranks-panel.tsx';
import { SpendPanel } from './channels/spend-panel.tsx';

/** Channels: what every model says, what only some say, and what they cost. */
export default function Channels() {
  const figures = useKpi('attribution', { by: 'channel' });
  const channels = besideIntervals(figures, useKpi('attribution-intervals', { by: 'channel' }));
  return (
    <div class="grid">
      <ChannelTable channels={channels} />
      <SpendPanel channels={channels} />
      <ConclusionsPanel />
      <BreakdownPanel />
      <ModelsPanel />
      <RanksPanel />
    </div>
  );
}
