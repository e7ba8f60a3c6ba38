import type { Kpi, Measure } from './kpi.ts';
import { STAGE_LEVELS, STAGE_PLACES, STAGES } from './stage-figure.ts';
import { STAGE_FIGURES } from './stage-figures.ts';
import { figuresShown, stageRows } from './stage-rows.ts';
import { addedUp } from './suppression.ts';

const measure = (name: string, unit: Measure['unit'], title: string, definition: string): Measure => ({
  name,
  title,
  unit,
  definition,
  of: name,
  additive: false,
});

export const STAGE_KPIS: readonly Kpi[] = [
  {
    name: 'stages',
    title: 'Stages',
    definition: `The omnichannel model: figures of the stages ${STAGES.join(', ')}, ${STAGE_PLACES.join(', ')}, on the levels ${STAGE_LEVELS.join(', ')}`,
    groupings: ['all', 'channel'],
    hasModel: false,
    hasPeriod: true,
    texts: ['stage', 'level', 'place', 'figure', 'figure_title', 'unit'],
    remarks: ['note', 'formula'],
    measures: [
      measure(
        'value',
        'by_row',
        'Value',
        'Numerator / denominator, or the numerator alone where the figure is a sum',
      ),
      measure('numerator', 'ratio', 'Numerator', 'Upper sum of the figure; money in major units'),
      measure('denominator', 'ratio', 'Denominator', 'Lower sum of the figure; money in major units'),
      measure('people', 'count', 'People', 'Known people behind it'),
    ],
    sensitiveRows: {
      column: 'figure',
      names: STAGE_FIGURES.filter(({ sensitive }) => sensitive).map(({ figure }) => figure),
    },
    estimate: (rows) => stageRows(rows),
    caveat:
      'Of whole months inside the period. Visits count with the channel that brought them, purchases, returns and contacts with the channel of the last touchpoint before the purchase. Figures that say "with chance" hold what chance alone finds',
    privacy: { describes: 'people', persons: ['people'], merge: addedUp('people'), whole: figuresShown },
  },
];
