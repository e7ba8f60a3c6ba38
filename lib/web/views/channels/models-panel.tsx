import { modelSpread, type SpreadRow } from '../../charts/model-spread.ts';
import { useFigures } from '../../figures.ts';
import { Chart } from '../../parts/chart.tsx';
import { Panel } from '../../parts/panel.tsx';
import { useModel, useShop } from '../../shop.ts';
import { NO_FILTERS, useKpi } from '../../use-kpi.ts';
import { channelsWords } from '../../words/channels.ts';
import { useWords } from '../../words/language.ts';
import { modelWords } from '../../words/models.ts';
import { ModelTable } from './model-table.tsx';

/** What each model says of each channel, beside the chosen one with its interval. */
export function ModelsPanel() {
  const words = useWords(channelsWords);
  const names = useWords(modelWords);
  const figures = useFigures();
  const { models } = useShop();
  const chosen = useModel();
  const intervals = useKpi('attribution-intervals', {
    by: 'channel',
    model: null,
    period: null,
    compare: false,
    filters: NO_FILTERS,
  });
  return (
    <Panel
      id="models"
      title={words.models}
      lead={words.modelsLead(names[chosen ?? ''] ?? chosen ?? '')}
      asked={intervals}
      height={520}
    >
      {(_answer, rows) => {
        const share = (value: unknown) => figures.share(Number(value));
        const all = [...new Set(rows.map(({ label }) => String(label)))];
        // What stands for several channels has no share in the picture, but a row in the table.
        const merged = all.filter((name) => name.startsWith('('));
        const channels = all.filter((name) => !merged.includes(name));
        const spread: SpreadRow[] = channels.map((name) => {
          const own = rows.filter(
            ({ label, revenue_share }) => label === name && typeof revenue_share === 'number',
          );
          const tipOf = (model: unknown, value: unknown) =>
            words.modelTip(name, names[String(model)] ?? String(model), share(value));
          const one = own.find(({ model }) => model === chosen);
          return {
            name,
            value: (one?.revenue_share as number | undefined) ?? null,
            low: (one?.share_low as number | null | undefined) ?? null,
            high: (one?.share_high as number | null | undefined) ?? null,
            tip: one
              ? `${tipOf(one.model, one.revenue_share)} (${share(one.share_low)} – ${share(one.share_high)})`
              : name,
            others: own
              .filter(({ model }) => model !== chosen)
              .map(({ model, revenue_share }) => ({
                value: Number(revenue_share),
                tip: tipOf(model, revenue_share),
              })),
          };
        });
        const inOrder = spread.toSorted((a, b) => (b.value ?? 0) - (a.value ?? 0));
        const widest = spread
          .map(({ name, value, others }) => {
            const all = [...others.map((other) => other.value), ...(value === null ? [] : [value])];
            return { name, least: Math.min(...all), most: Math.max(...all) };
          })
          .toSorted((a, b) => b.most - b.least - (a.most - a.least))[0];
        return (
          <Chart
            title={words.models}
            description={
              widest ? words.modelsDescribe(widest.name, share(widest.least), share(widest.most)) : ''
            }
            height={channels.length * 30 + 44}
            reads={[rows, chosen, figures]}
            draw={({ width }) => modelSpread({ width }, inOrder, share)}
            table={
              <ModelTable
                rows={rows}
                models={models}
                channels={[...inOrder.map(({ name }) => name), ...merged]}
              />
            }
          />
        );
      }}
    </Panel>
  );
}
