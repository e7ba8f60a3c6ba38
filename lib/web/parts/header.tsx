import { useEffect, useRef } from 'preact/hooks';
import { go, hrefOf, useAddress } from '../address.ts';
import { newerBuild, newest } from '../ask.ts';
import { useFigures } from '../figures.ts';
import { remember } from '../remembered.ts';
import type { Shop } from '../shop.ts';
import { useStore } from '../store.ts';
import { type ViewName, viewsFor } from '../views/registry.ts';
import { LANGUAGES, useLanguage, useWords } from '../words/language.ts';
import { shellWords } from '../words/shell.ts';
import { SignOut } from './sign-in.tsx';
import { THEMES, themeOf } from './theme.ts';

const LANGUAGE_NAMES = { en: 'English', it: 'Italiano' };

/** Whose data it is, how fresh, the views, language and appearance. */
export function Header({ view, shop }: { view: ViewName; shop: Shop | null }) {
  const words = useWords(shellWords);
  const address = useAddress();
  const nav = useRef<HTMLElement>(null);
  // Which views the reader's role may open is known with the shop; until then none is offered.
  const views = shop === null ? [] : viewsFor(shop.catalogue);
  useEffect(() => {
    // On a phone the names scroll sideways: that of the view one is in is in sight.
    const box = nav.current;
    const current = box?.querySelector<HTMLElement>('[aria-current]');
    if (box && current) box.scrollLeft = current.offsetLeft + current.offsetWidth / 2 - box.clientWidth / 2;
  }, [view, views.length, words]);
  return (
    <header class="top">
      <div class="bar">
        <a class="brand" href={hrefOf({ view: null }, address)}>
          {words.product}
        </a>
        {shop?.facts.data_label && <span class="data-label">{shop.facts.data_label}</span>}
        {shop && <Freshness shop={shop} />}
        <Choices />
      </div>
      <nav aria-label={words.views} ref={nav}>
        <ul>
          {views.map((name) => (
            <li key={name}>
              <a
                href={hrefOf({ view: name === 'overview' ? null : name }, address)}
                {...(name === view ? { 'aria-current': 'page' as const } : {})}
              >
                {words.view[name]}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <Newer />
    </header>
  );
}

function Freshness({ shop }: { shop: Shop }) {
  const words = useWords(shellWords);
  const figures = useFigures();
  const { facts, lastDay } = shop;
  return (
    <p class="fresh">
      {lastDay !== null && <span>{words.completeThrough(figures.day(lastDay))}</span>}
      <span class="built">{words.builtAt(figures.instant(facts.built_at))}</span>
    </p>
  );
}

function Choices() {
  const words = useWords(shellWords);
  const language = useLanguage();
  const { theme } = useAddress();
  return (
    <div class="choices">
      <label>
        <span class="unseen">{words.language}</span>
        <select
          value={language}
          onChange={({ currentTarget: { value } }) => {
            remember('lang', value);
            go({ lang: value }, { replace: true });
          }}
        >
          {LANGUAGES.map((one) => (
            <option key={one} value={one} lang={one}>
              {LANGUAGE_NAMES[one]}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span class="unseen">{words.theme}</span>
        <select
          value={themeOf(theme)}
          onChange={({ currentTarget: { value } }) => {
            remember('theme', value);
            go({ theme: value }, { replace: true });
          }}
        >
          {THEMES.map((one) => (
            <option key={one} value={one}>
              {words.themes[one]}
            </option>
          ))}
        </select>
      </label>
      <SignOut />
      <button type="button" class="quiet print-button" onClick={() => print()}>
        {words.print}
      </button>
    </div>
  );
}

/** Offers the figures of a build that was published while the page was open. */
function Newer() {
  const words = useWords(shellWords);
  const newer = useStore(newerBuild);
  return (
    <div role="status">
      {newer !== null && (
        <p class="newer">
          {words.newer}{' '}
          <button type="button" onClick={newest}>
            {words.showNewer}
          </button>
        </p>
      )}
    </div>
  );
}
