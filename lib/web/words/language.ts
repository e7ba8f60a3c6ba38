import { useAddress } from '../address.ts';
import { remembered } from '../remembered.ts';
import { useStore } from '../store.ts';
import { italianTexts, loadItalian } from './italian-texts.ts';

export const LANGUAGES = ['en', 'it'] as const;
export type Language = (typeof LANGUAGES)[number];

/** The same words in each language: one that is missing does not compile. */
export type InEach<T> = Readonly<Record<Language, T>>;
export const inEach = <T>(words: { en: T; it: NoInfer<T> }): InEach<T> => words;

const isLanguage = (text: string | null | undefined): text is Language =>
  LANGUAGES.some((language) => language === text);

/** The language of the address, else the one chosen before, else the browser's, else English. */
export function languageOf(given: string | undefined): Language {
  if (isLanguage(given)) return given;
  const chosen = remembered('lang');
  if (isLanguage(chosen)) return chosen;
  return navigator.languages.map((one) => one.slice(0, 2)).find(isLanguage) ?? 'en';
}

/** The language that is shown: the one before until texts of answers are there in the next, so that they never mix. */
export function useLanguage(): Language {
  const wanted = languageOf(useAddress().lang);
  const texts = useStore(italianTexts);
  if (wanted !== 'it' || texts !== null) return wanted;
  void loadItalian();
  return 'en';
}

/** The words of one area in the reader's language. */
export const useWords = <T>(words: InEach<T>): T => words[useLanguage()];
