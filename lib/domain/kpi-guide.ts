import type { Kpi, Measure } from './kpi.ts';
import type { PrivacyRule } from './suppression.ts';

/** A KPI as the catalogue publishes it. */
export interface KpiGuide {
  name: string;
  title: string;
  definition: string;
  caveat: string | null;
  groupings: readonly string[];
  has_model: boolean;
  has_period: boolean;
  filters: { name: string; definition: string; values: readonly string[] | null; default: string | null }[];
  measures: {
    name: string;
    title: string;
    unit: Measure['unit'];
    definition: string;
    /** How it is made from sums of the query, or from the rows as a whole. */
    formula: string;
    /** Whether rows of one currency and model sum to the row of all. */
    is_additive: boolean;
    /** What it is where there is nothing to divide by; null for what is no ratio. */
    of_nothing: string | null;
    is_detail: boolean;
  }[];
  /** Tables that its query reads. */
  sources: readonly string[];
  privacy: { describes: PrivacyRule['describes']; rule: string };
}

/** @param sources tables that the KPI's query reads */
export function kpiGuide(kpi: Kpi, sources: readonly string[]): KpiGuide {
  return {
    name: kpi.name,
    title: kpi.title,
    definition: kpi.definition,
    caveat: kpi.caveat ?? null,
    groupings: kpi.groupings,
    has_model: kpi.hasModel,
    has_period: kpi.hasPeriod,
    filters: (kpi.filters ?? []).map(({ name, definition, values, default: standard }) => ({
      name,
      definition,
      values,
      default: standard ?? null,
    })),
    measures: kpi.measures.map((measure) => ({
      name: measure.name,
      title: measure.title,
      unit: measure.unit,
      definition: measure.definition,
      formula: formulaOf(measure, kpi),
      is_additive: isAdditive(measure, kpi),
      of_nothing: ofNothing(measure),
      is_detail: measure.isDetail ?? false,
    })),
    sources,
    privacy: { describes: kpi.privacy.describes, rule: privacyRule(kpi.privacy) },
  };
}

/** Sums add up; ratios do not, nor do estimates, nor what a measure says does not. */
export const isAdditive = ({ of, additive }: Measure, { estimate }: Kpi): boolean =>
  additive ?? (typeof of === 'string' && estimate === undefined);

function formulaOf(measure: Measure, kpi: Kpi): string {
  const { of } = measure;
  if (typeof of !== 'string') return `sum(${of.over}) / sum(${of.under})`;
  if (isAdditive(measure, kpi)) return `sum(${of})`;
  return kpi.estimate
    ? `${of}, a sum or an estimate from the sums of the rows`
    : `${of}, of the row as a whole`;
}

function ofNothing({ of }: Measure): string | null {
  if (typeof of === 'string') return null;
  return of.noneOfNothing ? `none where ${of.over} or ${of.under} is zero` : `none where ${of.under} is zero`;
}

function privacyRule(rule: PrivacyRule): string {
  if (rule.describes === 'records') return `all rows are shown: ${lowerFirst(rule.why)}`;
  return `a row needs enough known people (${rule.persons.join(', ')}); smaller rows are shown together`;
}

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);
