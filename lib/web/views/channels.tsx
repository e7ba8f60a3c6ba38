import { useKpi } from '../use-kpi.ts';
import { ChannelTable } from './channels/channel-table.tsx';
import { ConclusionsPanel } from './channels/conclusions-panel.tsx';
import { ModelsPanel } from './channels/models-panel.tsx';
import { RanksPanel } from './channels/ranks-panel.tsx';
import { SpendPanel } from './channels/spend-panel.tsx';

/** Channels: what every model says, what only some say, and what they cost. */
export default function Channels() {
  const channels = useKpi('attribution', { by: 'channel' });
  return (
    <div class="grid">
      <ChannelTable channels={channels} />
      <SpendPanel channels={channels} />
      <ConclusionsPanel />
      <ModelsPanel />
      <RanksPanel />
    </div>
  );
}
