import type { StageFigure } from './stage-figure.ts';
import { AWARENESS } from './stages/awareness.ts';
import { CONSIDERATION } from './stages/consideration.ts';
import { DECISION } from './stages/decision.ts';
import { LOYALTY } from './stages/loyalty.ts';
import { SERVICE } from './stages/service.ts';

/** All figures of the omnichannel model, in the order of its stages. */
export const STAGE_FIGURES: readonly StageFigure[] = [
  ...AWARENESS,
  ...CONSIDERATION,
  ...DECISION,
  ...SERVICE,
  ...LOYALTY,
];

export const ALL_CHANNELS = '(all channels)';
