import type { ComponentChildren } from 'preact';
import { useWords } from '../words/language.ts';
import { shellWords } from '../words/shell.ts';

/** A table with its caption, in a place where it scrolls by itself, by keyboard too; `after` stands below it. */
export function ScrollTable({
  caption,
  class: name,
  after,
  isTall = false,
  children,
}: {
  caption: string;
  class?: string;
  after?: ComponentChildren;
  /** Whether it has so many rows that they scroll below a head that stays. */
  isTall?: boolean;
  children: ComponentChildren;
}) {
  const words = useWords(shellWords);
  return (
    // Its name is not that of the panel around it: both are landmarks.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must scroll by keyboard
    <section class={isTall ? 'table tall' : 'table'} aria-label={`${words.scrolls}: ${caption}`} tabIndex={0}>
      <table {...(name === undefined ? {} : { class: name })}>
        <caption class="unseen">{caption}</caption>
        {children}
      </table>
      {after}
    </section>
  );
}
