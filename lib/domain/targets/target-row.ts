import { currencyExponent } from '../money.ts';

/** The sums over days that a target can be set for, by KPI and measure. */
export const TARGET_SERIES = [
  { kpi: 'purchases', measure: 'purchases', unit: 'count', split: 'store', title: 'Purchases' },
  { kpi: 'purchases', measure: 'sold', unit: 'money', split: 'store', title: 'Sold' },
  { kpi: 'attribution', measure: 'revenue', unit: 'money', split: 'channel', title: 'Attributed revenue' },
  { kpi: 'attribution', measure: 'spend', unit: 'money', split: 'channel', title: 'Spend' },
  { kpi: 'ropo', measure: 'revenue', unit: 'money', split: 'store', title: 'Researched store revenue' },
  { kpi: 'customers', measure: 'new_customers', unit: 'count', split: 'none', title: 'New customers' },
] as const;

/** Why a row of the targets cannot be, or null. Cells by column; empty cells are ''. */
export function targetProblem(cells: Readonly<Record<string, string>>): string | null {
  const { quarter = '', kpi = '', measure = '', value = '', currency = '' } = cells;
  if (!/^\d{4}-Q[1-4]$/.test(quarter)) return `quarter "${quarter}" must be like 2025-Q3`;
  const series = TARGET_SERIES.find((one) => one.kpi === kpi && one.measure === measure);
  if (!series) {
    const names = TARGET_SERIES.map((one) => `${one.kpi} ${one.measure}`).join(', ');
    return `kpi and measure "${kpi} ${measure}" must be one of ${names}`;
  }
  if (value === '' || !(Number(value) > 0)) return `value "${value}" must be a number above zero`;
  if (series.unit === 'money' && currencyExponent(currency) === null)
    return `currency "${currency}" is no ISO 4217 code`;
  if (series.unit === 'count' && currency !== '') return `currency "${currency}" must be empty for a count`;
  const isModelled = kpi === 'attribution' && measure === 'revenue';
  if (isModelled && (cells.model ?? '') === '') return 'model is missing: attributed revenue is of one model';
  if (!isModelled && (cells.model ?? '') !== '')
    return `model "${cells.model}" must be empty: ${kpi} ${measure} is of no model`;
  if (series.split !== 'channel' && (cells.channel ?? '') !== '')
    return `channel "${cells.channel}" must be empty for ${kpi} ${measure}`;
  if (series.split !== 'store' && (cells.store_id ?? '') !== '')
    return `store_id "${cells.store_id}" must be empty for ${kpi} ${measure}`;
  return null;
}
