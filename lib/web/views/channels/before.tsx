import type { Row } from '../../figures.ts';
import { Value } from '../../parts/value.tsx';
import { channelsWords } from '../../words/channels.ts';
import { useWords } from '../../words/language.ts';
import { mayBeChance } from './beside-intervals.ts';

/** Revenue in the period before, and whether chance alone may have moved it since. */
export function Before({ row }: { row: Row }) {
  const words = useWords(channelsWords);
  return (
    <>
      <Value value={row.revenue_before} unit="money" row={row} />
      {mayBeChance(row) && <small>{words.maybeChance}</small>}
    </>
  );
}
