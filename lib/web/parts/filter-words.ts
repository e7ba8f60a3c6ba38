import { useAddress } from '../address.ts';
import { useFigures } from '../figures.ts';
import { useCurrency, useModel, usePeriod, useShop } from '../shop.ts';
import { ROW_FILTERS } from '../use-kpi.ts';
import { VIEWS, type ViewName } from '../views/registry.ts';
import { term } from '../words/api-terms.ts';
import { useLanguage, useWords } from '../words/language.ts';
import { modelWords } from '../words/models.ts';
import { shellWords } from '../words/shell.ts';

/** What a filter of a view is set to, in words: "Period", "Last 90 days, 1 Apr 2025 – 29 Jun 2025". */
export interface SetFilter {
  name: 'period' | 'compare' | 'model' | 'currency' | (typeof ROW_FILTERS)[number];
  title: string;
  value: string;
}

/** What the figures of a view are narrowed down to; filters that it cannot use are left out. */
export function useFilterWords(view: ViewName): SetFilter[] {
  const words = useWords(shellWords);
  const models = useWords(modelWords);
  const language = useLanguage();
  const figures = useFigures();
  const address = useAddress();
  const { catalogue, currencies } = useShop();
  const { preset, from, to } = usePeriod();
  const model = useModel();
  const currency = useCurrency();
  const kpis = VIEWS[view].kpis.flatMap((name) => catalogue.get(name) ?? []);
  const set: SetFilter[] = [];
  const add = (name: SetFilter['name'], title: string, value: string | undefined) => {
    if (value) set.push({ name, title, value });
  };
  const span = [from, to].map((day) => (day === undefined ? '…' : figures.day(day))).join(' – ');
  const isAll = from === undefined && to === undefined;
  if (kpis.some((kpi) => kpi.has_period)) {
    const named = preset === 'own' ? span : `${words.presets[preset]}, ${span}`;
    add('period', words.period, isAll ? words.presets.all : named);
    const compare = (address.compare ?? 'previous_period') as keyof typeof words.comparisons;
    if (from !== undefined && to !== undefined && compare !== 'none')
      add('compare', words.compare, words.comparisons[compare]);
  } else add('period', words.period, words.presets.all);
  if (kpis.some((kpi) => kpi.has_model)) add('model', words.model, model && (models[model] ?? model));
  if (currencies.length > 1) add('currency', words.currency, currency);
  for (const name of ROW_FILTERS)
    if (kpis.some((kpi) => kpi.filters.some((filter) => filter.name === name)))
      add(name, words.filter[name], address[name] && term(address[name], language).replaceAll('_', ' '));
  return set;
}
