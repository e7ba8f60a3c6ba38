import { go, useAddress } from '../../address.ts';
import { type Row, useFigures } from '../../figures.ts';
import { Panel } from '../../parts/panel.tsx';
import { ScrollTable } from '../../parts/scroll-table.tsx';
import { useModel } from '../../shop.ts';
import { NO_FILTERS, useKpi } from '../../use-kpi.ts';
import { channelsWords } from '../../words/channels.ts';
import { useWords } from '../../words/language.ts';
import { modelWords } from '../../words/models.ts';
import { standingsOf } from './standings.ts';

/** Which channels are ahead of which, and between which there is no order. */
export function RanksPanel() {
  const words = useWords(channelsWords);
  const names = useWords(modelWords);
  const figures = useFigures();
  const chosen = useModel();
  const by = useAddress().ranked === 'roas' ? 'roas' : 'revenue';
  // The pairs are of all time and of whole channels.
  const intervals = useKpi('attribution-intervals', {
    by: 'channel',
    period: null,
    compare: false,
    filters: NO_FILTERS,
  });
  const differences = useKpi('channel-differences', { by });
  return (
    <Panel
      id="ranks"
      title={words.ranks}
      lead={words.ranksLead(names[chosen ?? ''] ?? chosen ?? '')}
      asked={differences}
      also={[intervals]}
      height={480}
    >
      {(_answer, pairs) => (
        <>
          <fieldset class="choice">
            <legend class="unseen">{words.measure}</legend>
            {(['revenue', 'roas'] as const).map((one) => (
              <label key={one}>
                <input
                  type="radio"
                  name="ranked"
                  checked={by === one}
                  onChange={() => go({ ranked: one === 'revenue' ? null : one })}
                />
                {one === 'revenue' ? words.byRevenue : words.byRoas}
              </label>
            ))}
          </fieldset>
          <ScrollTable caption={words.ranks}>
            <thead>
              <tr>
                <th scope="col" class="plain">
                  {words.channel}
                </th>
                <th scope="col" class="number plain">
                  {by === 'revenue' ? words.byRevenue : words.byRoas}
                </th>
                <th scope="col" class="number plain">
                  {words.aheadCount}
                </th>
                <th scope="col" class="plain">
                  {words.notFrom}
                </th>
              </tr>
            </thead>
            <tbody>
              {standingsOf(intervals.rows, pairs, by).map(({ row, ahead, alike }) => (
                <tr key={String(row.label)}>
                  <th scope="row">{row.label}</th>
                  <td class="number">
                    {figures.of(row[by], by === 'revenue' ? 'money' : 'ratio', row, { short: true })}
                    <small>{intervalOf(row, by)}</small>
                  </td>
                  <td class="number">{words.channels(ahead)}</td>
                  <td>{alike.length > 0 ? alike.join(', ') : '–'}</td>
                </tr>
              ))}
            </tbody>
          </ScrollTable>
        </>
      )}
    </Panel>
  );

  function intervalOf(row: Row, measure: 'revenue' | 'roas'): string {
    const unit = measure === 'revenue' ? 'money' : 'ratio';
    const write = (value: Row[string] | undefined) => figures.of(value, unit, row, { short: true });
    const low = write(row[`${measure}_low`]);
    const high = write(row[`${measure}_high`]);
    return low === null || high === null ? '' : `${low} – ${high}`;
  }
}
