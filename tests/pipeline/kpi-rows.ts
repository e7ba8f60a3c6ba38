import { openReader } from '../../lib/adapters/embedded/reader.ts';
import { type KpiAnswer, type KpiQuestion, reportKpi } from '../../lib/pipeline/report-kpi.ts';
import type { TemporaryShop } from '../temporary-shop.ts';

/** Rows of a KPI on the published build of a shop. */
export async function kpiRows({ shop }: TemporaryShop, question: KpiQuestion): Promise<KpiAnswer['rows']> {
  const reader = await openReader(shop.directory);
  try {
    const published = await reader.published();
    if (!published) throw new Error('Nothing is published');
    return (await reportKpi(published, question)).rows;
  } finally {
    reader.close();
  }
}
