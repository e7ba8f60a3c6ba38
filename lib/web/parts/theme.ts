import { useEffect } from 'preact/hooks';
import { currentAddress, useAddress } from '../address.ts';
import { remembered } from '../remembered.ts';
import { createStore } from '../store.ts';

export const THEMES = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

export const themeOf = (given: string | undefined): Theme =>
  THEMES.find((one) => one === (given ?? remembered('theme'))) ?? 'auto';

const asked = matchMedia('(prefers-color-scheme: dark)');
const darkNow = () => {
  const theme = themeOf(currentAddress().theme);
  return theme === 'auto' ? asked.matches : theme === 'dark';
};

/** Whether the page is dark now. */
export const isDark = createStore(darkNow());
asked.addEventListener('change', () => apply());

function apply() {
  document.documentElement.dataset.theme = darkNow() ? 'dark' : 'light';
  isDark.set(darkNow());
}
apply();

/** Keeps the page in the theme of its address. */
export function useTheme(): Theme {
  const { theme } = useAddress();
  useEffect(apply, [theme]);
  return themeOf(theme);
}
