import { hrefOf } from '../address.ts';
import type { ViewName } from '../views/registry.ts';
import { useWords } from '../words/language.ts';
import { shellWords } from '../words/shell.ts';

/** In the place of a view that the reader's role may not open: what it holds, and which views there are. */
export function NotForRole({ view, views }: { view: ViewName; views: readonly ViewName[] }) {
  const words = useWords(shellWords);
  return (
    <div class="instead large" role="alert">
      <p>{words.viewNotForRole(words.view[view])}</p>
      <p class="faint">{words.notForRoleHelp}</p>
      <ul class="more-views">
        {views.map((name) => (
          <li key={name}>
            <a href={hrefOf({ view: name === 'overview' ? null : name })}>{words.view[name]}</a>
          </li>
        ))}
      </ul>
    </div>
  );
}
