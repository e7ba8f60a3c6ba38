import type { KpiAnswer } from '../../pipeline/report-kpi.ts';
import { gridChart } from './grid-chart.ts';
import { lagChart } from './lag-chart.ts';
import { shareChart } from './share-chart.ts';
import { waterfallChart } from './waterfall-chart.ts';

const CHARTS: Record<string, (answer: KpiAnswer) => string> = {
  ropo: shareChart,
  'ropo-waterfall': waterfallChart,
  'ropo-lags': lagChart,
  'ropo-grid': gridChart,
};

export const DRAWN_KPIS: readonly string[] = Object.keys(CHARTS);

/** A KPI's answer as a picture, an SVG file; null where the KPI has none or the answer no rows. */
export function chart(answer: KpiAnswer): string | null {
  return answer.rows.length === 0 ? null : (CHARTS[answer.kpi]?.(answer) ?? null);
}
