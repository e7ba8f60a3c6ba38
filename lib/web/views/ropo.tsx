import { useWords } from '../words/language.ts';
import { ropoWords } from '../words/ropo.ts';
import { type Option, Select, useChoice } from './choice.tsx';
import { CollectedPanel, ReturnsPanel } from './ropo/after-sale.tsx';
import { GridPanel } from './ropo/grid.tsx';
import { LagPanel } from './ropo/lags.tsx';
import { ExtrapolationPanel, StoresPanel } from './ropo/ranges.tsx';
import { SharePanel } from './ropo/share.tsx';
import { OnlineToStorePanel, ShowroomingPanel, VisitsPanel } from './ropo/visits.tsx';
import { WaterfallPanel } from './ropo/waterfall.tsx';

/** Research online, purchase offline: how much, against chance, where, and how sure. */
export default function Ropo() {
  const words = useWords(ropoWords);
  const levels: Option[] = Object.entries(words.levels).map(([value, title]) => ({ value, title }));
  const level = useChoice('level', levels);
  return (
    <>
      <Select name="level" label={words.level} options={levels} />
      <div class="grid">
        <SharePanel level={level} />
        <LagPanel level={level} />
        <WaterfallPanel />
        <StoresPanel level={level} />
        <ExtrapolationPanel level={level} />
        <div class="stack">
          <OnlineToStorePanel level={level} />
          <ShowroomingPanel />
        </div>
        <GridPanel />
        <VisitsPanel />
        <ReturnsPanel />
        <CollectedPanel />
      </div>
    </>
  );
}
