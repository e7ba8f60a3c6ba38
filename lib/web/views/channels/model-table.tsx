import { type Row, useFigures } from '../../figures.ts';
import { ScrollTable } from '../../parts/scroll-table.tsx';
import { channelsWords } from '../../words/channels.ts';
import { useWords } from '../../words/language.ts';
import { modelWords } from '../../words/models.ts';
import { shellWords } from '../../words/shell.ts';

/** The share of each channel in each model, with its interval. */
export function ModelTable({
  rows,
  models,
  channels,
}: {
  rows: readonly Row[];
  models: readonly string[];
  channels: readonly string[];
}) {
  const words = useWords(channelsWords);
  const shell = useWords(shellWords);
  const names = useWords(modelWords);
  const figures = useFigures();
  const at = new Map(rows.map((row) => [`${row.label}|${row.model}`, row]));
  return (
    <ScrollTable caption={words.models}>
      <thead>
        <tr>
          <th scope="col" class="plain">
            {words.channel}
          </th>
          {models.map((model) => (
            <th key={model} scope="col" class="number plain">
              {names[model] ?? model}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {channels.map((channel) => (
          <tr key={channel}>
            <th scope="row">{channel}</th>
            {models.map((model) => {
              const row = at.get(`${channel}|${model}`);
              if (typeof row?.revenue_share !== 'number')
                return (
                  <td key={model} class="number none">
                    {shell.noFigure}
                  </td>
                );
              const { share_low: low, share_high: high } = row;
              return (
                <td key={model} class="number">
                  {figures.share(row.revenue_share)}
                  {typeof low === 'number' && typeof high === 'number' && (
                    <small>
                      {figures.share(low)} – {figures.share(high)}
                    </small>
                  )}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}
