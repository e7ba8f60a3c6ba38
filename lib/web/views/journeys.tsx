import { DropOffPanel, FlowPanel } from './journeys/flow.tsx';
import { LengthsPanel, PathsPanel, RolesPanel } from './journeys/paths.tsx';
import { OverlapPanel, PerCustomerPanel } from './journeys/people.tsx';

/** How customers come to a purchase, and where they do not. */
export default function Journeys() {
  return (
    <div class="grid">
      <FlowPanel />
      <DropOffPanel by="funnel" />
      <PerCustomerPanel />
      <PathsPanel />
      <LengthsPanel by="touchpoints" />
      <LengthsPanel by="days_to_purchase" />
      <RolesPanel />
      <DropOffPanel by="channel" />
      <OverlapPanel />
    </div>
  );
}
