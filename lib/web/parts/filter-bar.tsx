import type { KpiGuide } from '../../domain/kpi-guide.ts';
import type { Choice } from '../../pipeline/choices.ts';
import { go, useAddress } from '../address.ts';
import { useFigures } from '../figures.ts';
import { COMPARISONS, PRESETS } from '../period.ts';
import { useCurrency, useModel, usePeriod, useShop } from '../shop.ts';
import { ROW_FILTERS } from '../use-kpi.ts';
import { VIEWS, type ViewName } from '../views/registry.ts';
import { term } from '../words/api-terms.ts';
import { useLanguage, useWords } from '../words/language.ts';
import { modelWords } from '../words/models.ts';
import { shellWords } from '../words/shell.ts';
import { Field, type FieldProps } from './field.tsx';
import { useFilterWords } from './filter-words.ts';

type FilterName = (typeof ROW_FILTERS)[number];

/** Filters that the bar always shows; of the others only those that are set. */
const USUAL: readonly FilterName[] = ['channel', 'store', 'persona', 'customer_type'];

/** Filters of all views: what one of them cannot use is shown as such. */
export function FilterBar({ view }: { view: ViewName }) {
  const words = useWords(shellWords);
  const address = useAddress();
  const { catalogue, currencies } = useShop();
  const kpis = VIEWS[view].kpis.flatMap((name) => catalogue.get(name) ?? []);
  const set = useFilterWords(view);
  const narrowing = ROW_FILTERS.filter((name) => address[name] !== undefined);
  return (
    <form class="filters" aria-label={words.filters} onSubmit={(event) => event.preventDefault()}>
      <details open={innerWidth > 700}>
        <summary>
          {words.showFilters}
          <span class="set">
            {set
              .filter(({ name }) => name !== 'compare')
              .map(({ value }) => value)
              .join(' · ')}
          </span>
        </summary>
        <div class="fields">
          <PeriodFields applies={kpis.some((kpi) => kpi.has_period)} />
          <ModelField applies={kpis.some((kpi) => kpi.has_model)} />
          {currencies.length > 1 && <CurrencyField />}
          {ROW_FILTERS.filter((name) => USUAL.includes(name) || address[name] !== undefined).map((name) => (
            <RowFilter key={name} name={name} kpis={kpis} />
          ))}
          {narrowing.length > 0 && (
            <button
              type="button"
              class="quiet"
              onClick={() => go(Object.fromEntries(ROW_FILTERS.map((name) => [name, null])))}
            >
              {words.clear}
            </button>
          )}
        </div>
      </details>
    </form>
  );
}

function PeriodFields({ applies }: { applies: boolean }) {
  const words = useWords(shellWords);
  const address = useAddress();
  const { lastDay } = useShop();
  const { preset, from, to } = usePeriod();
  const figures = useFigures();
  const isOpen = preset === 'own';
  const span = from === undefined || to === undefined ? null : `${figures.day(from)} – ${figures.day(to)}`;
  const canCompare = applies && from !== undefined && to !== undefined;
  return (
    <>
      <Field title={words.period} applies={applies} {...(isOpen || span === null ? {} : { more: span })}>
        {(field) => (
          <select
            {...field}
            value={preset}
            onChange={({ currentTarget: { value } }) =>
              value === 'own'
                ? go({ period: null, from: from ?? lastDay, to: to ?? lastDay })
                : go({ period: value, from: null, to: null })
            }
          >
            {PRESETS.map((one) => (
              <option key={one} value={one}>
                {words.presets[one]}
              </option>
            ))}
            <option value="own">{words.presets.own}</option>
          </select>
        )}
      </Field>
      {isOpen ? (
        <>
          <Field title={words.from} applies={applies}>
            {(field) => (
              <DayInput
                {...field}
                value={from}
                {...(to ? { max: to } : {})}
                onDay={(day) => go({ from: day, period: null })}
              />
            )}
          </Field>
          <Field title={words.to} applies={applies}>
            {(field) => (
              <DayInput
                {...field}
                value={to}
                {...(from ? { min: from } : {})}
                onDay={(day) => go({ to: day, period: null })}
              />
            )}
          </Field>
        </>
      ) : null}
      <Field
        title={words.compare}
        applies={canCompare}
        reason={applies ? words.comparisonNeedsPeriod : words.doesNotApply}
      >
        {(field) => (
          <select
            {...field}
            value={address.compare ?? 'previous_period'}
            onChange={({ currentTarget: { value } }) => go({ compare: value })}
          >
            {COMPARISONS.map((one) => (
              <option key={one} value={one}>
                {words.comparisons[one]}
              </option>
            ))}
          </select>
        )}
      </Field>
    </>
  );
}

function DayInput({
  value,
  onDay,
  ...rest
}: {
  value: string | undefined;
  min?: string;
  max?: string;
  onDay(day: string): void;
} & FieldProps) {
  return (
    <input
      type="date"
      value={value ?? ''}
      {...rest}
      onChange={({ currentTarget }) => {
        if (currentTarget.value !== '' && currentTarget.validity.valid) onDay(currentTarget.value);
      }}
    />
  );
}

function ModelField({ applies }: { applies: boolean }) {
  const words = useWords(shellWords);
  const names = useWords(modelWords);
  const { models } = useShop();
  const model = useModel();
  return (
    <Field title={words.model} applies={applies}>
      {(field) => (
        <select {...field} value={model} onChange={({ currentTarget: { value } }) => go({ model: value })}>
          {models.map((one) => (
            <option key={one} value={one}>
              {names[one] ?? one}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

function CurrencyField() {
  const words = useWords(shellWords);
  const { currencies } = useShop();
  const currency = useCurrency();
  return (
    <Field title={words.currency} applies>
      {(field) => (
        <select
          {...field}
          value={currency}
          onChange={({ currentTarget: { value } }) => go({ currency: value })}
        >
          {currencies.map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

/** Where the shop's own values of a filter stand; campaigns are too many to list. */
const LISTS = {
  channel: 'channels',
  store: 'stores',
  region: 'regions',
  category: 'categories',
  device: 'devices',
  persona: 'personas',
} as const;

function RowFilter({ name, kpis }: { name: FilterName; kpis: readonly KpiGuide[] }) {
  const words = useWords(shellWords);
  const language = useLanguage();
  const value = useAddress()[name] ?? '';
  const { choices } = useShop();
  const filter = kpis.flatMap((kpi) => kpi.filters).find((one) => one.name === name);
  const listed: readonly Choice[] = name in LISTS ? choices[LISTS[name as keyof typeof LISTS]] : [];
  const options: readonly Choice[] =
    filter?.values?.map((one) => ({ value: one, title: one.replaceAll('_', ' ') })) ?? listed;
  const isListed = value === '' || options.some((one) => one.value === value);
  return (
    <Field title={words.filter[name]} applies={filter !== undefined}>
      {(field) => (
        <select
          {...field}
          value={value}
          onChange={({ currentTarget }) => go({ [name]: currentTarget.value })}
        >
          <option value="">{words.everything}</option>
          {!isListed && <option value={value}>{value}</option>}
          {options.map((one) => (
            <option key={one.value} value={one.value}>
              {name === 'persona' || name === 'customer_type' ? term(one.title, language) : one.title}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
