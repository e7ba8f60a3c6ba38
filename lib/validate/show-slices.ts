import { type TextColumn, textTable } from '../report/text-table.ts';
import { BANDS, SLICE_MEASURES, type SlicesFared, type SliceTally } from './slice-coverage.ts';

/** What intervals without replicates covered, by rule. */
export type RuleSlices = readonly { rule: string; fared: SlicesFared }[];

const left = (title: string): TextColumn => ({ title, align: 'left' });
const right = (title: string): TextColumn => ({ title, align: 'right' });
const percent = (part: number) => (Number.isNaN(part) ? '-' : `${(part * 100).toFixed(1)}%`);

const bandName = (band: number) => {
  const next = BANDS[band + 1];
  return next === undefined ? `${BANDS[band]} and more` : `${BANDS[band]} to ${next - 1}`;
};

/** How intervals of a channel in an eighth of the world's days fared, by how many persons are behind it. */
export function slicesText(rules: RuleSlices): string {
  const rows = rules.flatMap(({ rule, fared }) =>
    SLICE_MEASURES.flatMap((measure) =>
      fared[measure].flatMap((tally, band) => {
        const all = countOf(tally);
        return all === 0
          ? []
          : [
              [
                rule,
                measure,
                bandName(band),
                String(all),
                percent(tally.held / all),
                percent(tally.below / all),
                percent(tally.above / all),
              ],
            ];
      }),
    ),
  );
  const withheld = rules.map(
    ({ rule, fared }) => `${rule} ${percent(fared.withheld / Math.max(1, fared.slices))}`,
  );
  return [
    'Intervals without replicates, of a channel in an eighth of the days: revenue, share of that eighth, change against the eighth before',
    '',
    textTable(
      [
        left('Model'),
        left('Measure'),
        left('Persons'),
        right('Intervals'),
        right('Held'),
        right('Too low'),
        right('Too high'),
      ],
      rows,
    ),
    `Too few persons for an interval of revenue: ${withheld.join(', ')}`,
  ].join('\n');
}

const countOf = ({ held, below, above }: SliceTally) => held + below + above;
