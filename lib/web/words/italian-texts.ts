import { createStore } from '../store.ts';

/** Turns an English text of an answer into Italian. */
type Translation = (english: string) => string;

/** Null until Italian texts of answers are loaded: who reads English never loads them. */
export const italianTexts = createStore<Translation | null>(null);

let loading: Promise<void> | undefined;
/** Loads them once; where they cannot be had, texts of answers stay English. */
export function loadItalian(): Promise<void> {
  loading ??= import('./italian/texts.ts').then(
    ({ italian }) => italianTexts.set(italian),
    () => italianTexts.set((english) => english),
  );
  return loading;
}
