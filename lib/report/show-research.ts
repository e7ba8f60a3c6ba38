import { lagText, WATERFALL_STEPS } from '../domain/research-steps.ts';
import type { ExplainedLine, ExplainedResearch, Explanation, LineMatch } from '../pipeline/explanation.ts';
import { moneyText } from './money-text.ts';
import { printable } from './text-table.ts';

const STEPS: Record<(typeof WATERFALL_STEPS)[number], string> = {
  all: 'a line of a store purchase',
  identified: 'person identified',
  seen_online: 'person seen online before',
  researched: 'researched',
  credited: 'researched and credited',
};

/** What ROPO makes of each line: the step it reaches, the views found, and what chance alone finds. */
export function researchLines(explanation: Explanation): string[] {
  if (explanation.lines.some(({ ropo }) => ropo !== null))
    return explanation.lines.flatMap((line) => lineLines(line, explanation));
  return [
    'Not asked: ROPO is measured on merchandise that was bought or collected in a store, and nothing here counts as that.',
  ];
}

function lineLines(line: ExplainedLine, { document }: Explanation): string[] {
  const { ropo } = line;
  if (ropo === null) return [];
  const name = `Line ${line.line}, ${printable(line.sku ?? line.category ?? 'no SKU', 40)}, ${moneyText(ropo.sold_minor + ropo.returned_minor, document.currency)}`;
  const returned =
    ropo.returned_minor === 0 ? '' : ` after ${moneyText(-ropo.returned_minor, document.currency)} came back`;
  const step = `step ${WATERFALL_STEPS.indexOf(ropo.step) + 1} of ${WATERFALL_STEPS.length}, ${STEPS[ropo.step]}${ropo.level === null ? '' : ` (${levelText(ropo.level)})`}`;
  const beside =
    ropo.purchase_class === 'store'
      ? ''
      : ` (${ropo.purchase_class.replaceAll('_', ' ')}: beside ROPO, never inside it)`;
  return [
    `${name}${returned}${beside}: ${step}.${ropo.why_not_further === null ? '' : ` ${ropo.why_not_further}.`}`,
    ...matchLines(ropo),
    ...ropo.in_aisle
      .slice(0, 1)
      .map(
        (match) =>
          `  In the store, before paying: ${levelText(match.level)} viewed ${lagText(match.lag_seconds)} before.`,
      ),
    ...placeboLines(ropo),
  ];
}

/** One line a view: a view that agrees at a fine level agrees at every coarser one. */
function matchLines({ matches, window_days, entered_at }: ExplainedResearch): string[] {
  const views = new Map<string, LineMatch[]>();
  for (const match of matches) views.set(match.viewed_at, [...(views.get(match.viewed_at) ?? []), match]);
  return Array.from(views.values(), (levels) => {
    const [{ lag_seconds, is_in_window, channel, campaign }] = levels as [LineMatch];
    const outside = is_in_window ? '' : `, outside the window of ${window_days} days`;
    const session = `${printable(channel ?? 'an unknown channel')}${campaign === null || campaign === '(not set)' ? '' : ` / ${printable(campaign)}`}`;
    return `  ${levels.map(({ level }) => levelText(level)).join(', ')} viewed ${lagText(lag_seconds)} before${entered_at === null ? '' : ' entering the store'}${outside}, session of ${session}.`;
  });
}

export const levelText = (level: string) =>
  level === 'sku' ? 'SKU' : level === 'any' ? 'any product' : level;

const PLACEBOS: Record<string, string> = {
  own_basket: "items of the person's other purchases",
  stratum: 'items of persons alike (weaker: the only purchase)',
  week_shift: 'the same question whole weeks away',
  mirror: 'the window after the purchase',
};

function placeboLines({ placebos, window_days }: ExplainedResearch): string[] {
  return placebos.map(({ comparison, draws, matched, why_not }) => {
    if (draws === 0) return `  By chance, ${PLACEBOS[comparison]}: cannot be asked. ${why_not}.`;
    const found = Object.entries(matched).map(([level, n]) => `${levelText(level)} ${n}`);
    return `  By chance, ${PLACEBOS[comparison]}: of ${draws} found in ${window_days} days: ${found.join(', ')}.`;
  });
}
