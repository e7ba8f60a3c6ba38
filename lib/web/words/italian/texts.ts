import { ATTRIBUTION_TEXTS } from './attribution.ts';
import { JOURNEY_TEXTS } from './journeys.ts';
import { QUALITY_TEXTS } from './quality.ts';
import { ROPO_TEXTS } from './ropo.ts';
import { ROW_TITLES } from './row-titles.ts';
import { STAGE_FORMULAS } from './stage-formulas.ts';
import { STAGE_TEXTS } from './stages.ts';
import { STORE_TEXTS } from './stores.ts';
import { TEMPLATES } from './templates.ts';
import { TERMS } from './terms.ts';
import { TITLES } from './titles.ts';
import { VALUE_TEXTS } from './value.ts';

/** Texts of the catalogue: titles, definitions and caveats of KPIs, titles and definitions of their columns. */
export const CATALOGUE_TEXTS: Readonly<Record<string, string>> = {
  ...ROW_TITLES,
  ...TITLES,
  ...ATTRIBUTION_TEXTS,
  ...ROPO_TEXTS,
  ...STORE_TEXTS,
  ...JOURNEY_TEXTS,
  ...VALUE_TEXTS,
  ...QUALITY_TEXTS,
};
/** Texts of rows, without those with something in them. */
export const ROW_TEXTS: Readonly<Record<string, string>> = {
  ...STAGE_FORMULAS,
  ...STAGE_TEXTS,
  ...TERMS,
};
export { TEMPLATES } from './templates.ts';

const TEXTS = new Map(Object.entries({ ...ROW_TEXTS, ...CATALOGUE_TEXTS, ...TERMS }));

const escaped = (text: string) => text.replaceAll(/[.*+?^$()|[\]\\/]/g, '\\$&');
const PATTERNS = Object.entries(TEMPLATES).map(([english, own]) => ({
  own,
  names: [...english.matchAll(/\{(#?\d)\}/g)].map(([, name]) => name!),
  pattern: new RegExp(
    `^${escaped(english).replaceAll(/\{(#?)\d\}/g, (_, digits) => (digits === '' ? '(.+?)' : '(\\d+)'))}$`,
  ),
}));

/**
 * An English text of an answer in Italian; what is not known, such as a name that the shop gave, stays as it is. By the
 * English and not by the name of a KPI, so that a definition that was changed is missing and not out of date.
 */
export function italian(text: string): string {
  return TEXTS.get(text) ?? templated(text) ?? inParts(text, '; ') ?? joined(text) ?? text;
}

/** A name made of two known words, such as a persona's; a list of which a part is unknown is somebody else's name. */
function joined(text: string): string | null {
  const parts = text.split(', ');
  return parts.length > 1 && parts.every((part) => TEXTS.has(part)) ? parts.map(italian).join(', ') : null;
}

/** What several reasons were put together from; a text with its own semicolon is whole in TEXTS. */
function inParts(text: string, between: string): string | null {
  return text.includes(between) ? text.split(between).map(italian).join(between) : null;
}

function templated(text: string): string | null {
  for (const { own, names, pattern } of PATTERNS) {
    const found = pattern.exec(text)?.slice(1);
    if (!found || found.some((part) => part.includes('; ') && !TEXTS.has(part))) continue;
    const parts = found.map((part) => TEXTS.get(part) ?? templated(part) ?? inParts(part, ', ') ?? part);
    return names.reduce((done, name, at) => done.replace(`{${name}}`, () => parts[at]!), own);
  }
  return null;
}
