import { useAddress } from '../address.ts';
import { useFigures } from '../figures.ts';
import { useShop } from '../shop.ts';
import type { ViewName } from '../views/registry.ts';
import { useWords } from '../words/language.ts';
import { shellWords } from '../words/shell.ts';
import { useFilterWords } from './filter-words.ts';

/** What a printed view must say of itself, for on paper nothing can be hovered or chosen. Only there is it seen. */
export function PaperHead({ view }: { view: ViewName }) {
  const words = useWords(shellWords);
  const figures = useFigures();
  const { facts, lastDay } = useShop();
  const filters = useFilterWords(view);
  // Where it is found again; it follows from the address, which is read so that a change is noticed.
  useAddress();
  const facets: [string, string | null][] = [
    ...filters.map(({ title, value }): [string, string] => [title, value]),
    [words.dataThrough, lastDay && figures.day(lastDay)],
    [words.calculated, figures.instant(facts.built_at)],
    [words.build, facts.build_id],
    [words.found, location.href],
  ];
  return (
    <dl class="paper-head">
      {facets.map(
        ([title, value]) =>
          value && (
            <div key={title}>
              <dt>{title}</dt>
              <dd>{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}
