import { textTable } from '../../report/text-table.ts';
import type { Comparison } from './compare.ts';

/** The bench's table: product beside plain SQL, and whether each is within its bounds. */
export function comparisonTable(journeys: number, comparisons: readonly Comparison[]): string {
  const megabytes = (bytes: number) => `${Math.round(bytes / 1e6).toLocaleString('en-US')} MB`;
  return textTable(
    [
      { title: 'ropo attribute', align: 'left' },
      { title: 'Seconds', align: 'right' },
      { title: 'Peak memory', align: 'right' },
      { title: 'Plain DuckDB', align: 'left' },
      { title: 'Seconds', align: 'right' },
      { title: 'Peak memory', align: 'right' },
      { title: 'Ratio', align: 'right' },
      { title: 'Wanted', align: 'left' },
      { title: '', align: 'left' },
    ],
    comparisons.map(({ what, against, product, baseline, ratio, mostRatio, mostBytes, fromJourneys }) => [
      what,
      product.seconds.toFixed(2),
      megabytes(product.peakBytes),
      against,
      baseline.seconds.toFixed(2),
      megabytes(baseline.peakBytes),
      `${ratio.toFixed(2)} x`,
      `at most ${mostRatio} x, ${megabytes(mostBytes)}`,
      journeys < fromJourneys
        ? 'not measured at this size'
        : ratio <= mostRatio && product.peakBytes <= mostBytes
          ? 'met'
          : 'NOT MET',
    ]),
  );
}
