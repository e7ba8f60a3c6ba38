import { type Command, Option } from 'commander';
import { openReader } from '../../lib/adapters/embedded/reader.ts';
import type { ShopDirectory } from '../../lib/adapters/embedded/shop-directory.ts';
import { type Candidate, documentsMeant, explainReceipt } from '../../lib/pipeline/explain-receipt.ts';
import type { Published } from '../../lib/pipeline/report-kpi.ts';
import { explanationText } from '../../lib/report/show-explanation.ts';
import { printable, textTable } from '../../lib/report/text-table.ts';
import { say, UserError } from './context.ts';

interface ExplainOptions {
  data?: string;
  store?: string;
  all?: boolean;
  format: 'table' | 'json';
}

/** `ropo explain`: everything about one receipt or order, and why it counts as it does. */
export function defineExplain(
  command: Command,
  shopIn: (options: { data?: string }) => ShopDirectory,
): Command {
  return command
    .argument('<receipt>', 'receipt number, order number, or whole key as it stands in conversion_id')
    .option('--store <store>', 'where the number is used in several stores')
    .option('--all', 'the whole timeline of the person, out of reach included')
    .addOption(new Option('--format <format>', 'how to write it').choices(['table', 'json']).default('table'))
    .action(async (receipt: string, options: ExplainOptions) => {
      const reader = await openReader(shopIn(options));
      try {
        const published = await reader.published();
        if (!published) throw new UserError('Nothing has been built yet. Run: npx ropo build');
        const document = await documentNamed(published, receipt, options.store);
        const explanation = await explainReceipt(published, document, options.all === true);
        say(options.format === 'json' ? JSON.stringify(explanation, null, 2) : explanationText(explanation));
      } finally {
        reader.close();
      }
    });
}

/**
 * @throws UserError where the number means no document, or several
 */
async function documentNamed(
  published: Published,
  id: string,
  store: string | undefined,
): Promise<Candidate> {
  const found = await documentsMeant(published, id, store ?? null);
  const shown = printable(id, 80);
  if (found.length === 1) return found[0]!;
  if (found.length > 1) {
    throw new UserError(
      `"${shown}" means ${found.length} documents${store === undefined ? '' : ` of store ${printable(store)}`}:\n${candidateTable(found)}\nName one by its store (--store ${printable(String(found[0]!.store_id ?? 's1'))}) or by its whole key: npx ropo explain '${printable(String(found[0]!.document_id), 200)}'`,
    );
  }
  const elsewhere = store === undefined ? [] : await documentsMeant(published, id, null);
  throw new UserError(
    elsewhere.length > 0
      ? `Store ${printable(store!)} has no receipt or order "${shown}"; elsewhere there is:\n${candidateTable(elsewhere)}`
      : `There is no receipt or order "${shown}" in the published build. Give its number or its whole key; ropo sql "SELECT conversion_id FROM conversions" lists the purchases, ropo rejections what was set aside`,
  );
}

/** As many candidates as a screen holds; the rest are counted. */
const LISTED = 20;

function candidateTable(candidates: readonly Candidate[]): string {
  const left = (title: string) => ({ title, align: 'left' as const });
  const table = textTable(
    [left('Kind'), left('Store'), left('Local time'), left('Zone'), left('Key')],
    candidates
      .slice(0, LISTED)
      .map((row) => [
        String(row.document_kind),
        printable(String(row.store_id ?? '-')),
        String(row.local_at),
        String(row.time_zone),
        printable(String(row.document_id), 120),
      ]),
  );
  return candidates.length > LISTED ? `${table}\n... and ${candidates.length - LISTED} more` : table;
}
