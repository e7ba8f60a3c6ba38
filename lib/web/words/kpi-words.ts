import type { KpiAnswer } from '../../pipeline/kpi-answer.ts';
import { italianTexts } from './italian-texts.ts';
import type { Language } from './language.ts';

export type Column = KpiAnswer['columns'][number];

/** A text of the catalogue in the reader's language. */
const told = (english: string, language: Language): string =>
  language === 'it' ? (italianTexts.get()?.(english) ?? english) : english;

/** Title, definition and caveat of an answer's KPI in the reader's language. */
export function kpiWords({ title, definition, caveat }: KpiAnswer, language: Language) {
  return {
    title: told(title, language),
    definition: told(definition, language),
    caveat: caveat && told(caveat, language),
  };
}

export function columnWords(
  _kpi: string,
  { title, definition }: Column,
  language: Language,
): { title: string; definition: string } {
  return { title: told(title, language), definition: told(definition, language) };
}
