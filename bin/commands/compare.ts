import { type Command, Option } from 'commander';
import { openReader } from '../../lib/adapters/embedded/reader.ts';
import type { ShopDirectory } from '../../lib/adapters/embedded/shop-directory.ts';
import { type Published, reportKpi } from '../../lib/pipeline/report-kpi.ts';
import { type Comparison, comparisonOf, comparisonText } from '../../lib/report/show-comparison.ts';
import { say, UserError } from './context.ts';

/** `ropo compare`: the models side by side, and what does not depend on the model. */
export function defineCompare(
  command: Command,
  shopIn: (options: { data?: string }) => ShopDirectory,
): Command {
  return command
    .addOption(new Option('--format <format>', 'how to write it').choices(['table', 'json']).default('table'))
    .action(async (options: { data?: string; format: 'table' | 'json' }) => {
      const reader = await openReader(shopIn(options));
      try {
        const published = await reader.published();
        if (!published) throw new UserError('Nothing has been built yet. Run: npx ropo build');
        const comparison = await compareModels(published);
        if (comparison.currencies.length === 0)
          throw new UserError(
            'There is nothing to compare: no purchase has a path, or interval_replicates is 0 in seeds/settings.csv',
          );
        say(options.format === 'json' ? JSON.stringify(comparison, null, 2) : comparisonText(comparison));
      } finally {
        reader.close();
      }
    });
}

/** The models of a published build, compared; no currencies where there are no intervals. */
export async function compareModels(published: Published): Promise<Comparison> {
  return comparisonOf(
    await reportKpi(published, { kpi: 'attribution-intervals' }),
    await reportKpi(published, { kpi: 'model-comparison' }),
    await reportKpi(published, { kpi: 'model-conclusions' }),
  );
}
