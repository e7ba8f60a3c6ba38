import { vi } from 'vitest';
import { compareModels } from '../../bin/commands/compare.ts';
import { showShop } from '../../bin/commands/shop-report.ts';
import { openReader } from '../../lib/adapters/embedded/reader.ts';
import { KPIS } from '../../lib/domain/kpi-catalogue.ts';
import { type KpiAnswer, reportKpi } from '../../lib/pipeline/report-kpi.ts';
import { type Comparison, comparisonText } from '../../lib/report/show-comparison.ts';
import { FORMATS, showKpi } from '../../lib/report/show-kpi.ts';
import type { TemporaryShop } from '../temporary-shop.ts';

export interface Answers {
  /** By "kpi by grouping". */
  answers: Map<string, KpiAnswer>;
  comparison: Comparison;
  comparisonTable: string;
  /** What `ropo start` prints. */
  report: string;
}

/** Asks a shop everything that there is to ask: each KPI by each grouping in each format, the comparison, the report. */
export async function everyAnswer({ shop }: TemporaryShop): Promise<Answers> {
  const reader = await openReader(shop.directory);
  const lines: string[] = [];
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    lines.push(String(text));
    return true;
  });
  try {
    const published = (await reader.published())!;
    const answers = new Map<string, KpiAnswer>();
    for (const kpi of KPIS) {
      for (const by of kpi.groupings) {
        const answer = await reportKpi(published, { kpi: kpi.name, by });
        for (const format of FORMATS) showKpi(answer, format);
        answers.set(`${kpi.name} by ${by}`, answer);
      }
    }
    const comparison = await compareModels(published);
    const comparisonTable = comparisonText(comparison);
    await showShop(published);
    return { answers, comparison, comparisonTable, report: lines.join('') };
  } finally {
    write.mockRestore();
    reader.close();
  }
}
