import type { ComponentType } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { currentAddress, go, useAddress } from './address.ts';
import { wantsToken, watchBuild } from './ask.ts';
import { FilterBar } from './parts/filter-bar.tsx';
import { Header } from './parts/header.tsx';
import { NotForRole } from './parts/not-for-role.tsx';
import { watchPaper } from './parts/paper.ts';
import { PaperHead } from './parts/paper-head.tsx';
import { SignIn } from './parts/sign-in.tsx';
import { Skeleton } from './parts/states.tsx';
import { useTheme } from './parts/theme.ts';
import { TipLayer } from './parts/tip.tsx';
import { TokenForm } from './parts/token-form.tsx';
import { shop, shopProblem, useShopLoading } from './shop.ts';
import { hasSignIn } from './sign-in/session.ts';
import { useStore } from './store.ts';
import { VIEWS, type ViewName, viewOf, viewsFor } from './views/registry.ts';
import { useLanguage, useWords } from './words/language.ts';
import { shellWords } from './words/shell.ts';
import { signInWords } from './words/sign-in.ts';

/** The whole page: its frame, and the view that its address names. */
export function App() {
  const words = useWords(shellWords);
  const language = useLanguage();
  const view = viewOf(useAddress().view);
  const known = useStore(shop);
  const isLocked = useStore(wantsToken);
  const isOpen = known !== null && !isLocked && viewsFor(known.catalogue).includes(view);
  useTheme();
  useShopLoading();
  useEffect(() => watchBuild(), []);
  useEffect(() => watchPaper(), []);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  useEffect(() => {
    document.title = `${words.view[view]} · ${words.product}`;
  }, [view, language]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Enter on a link is a click
    // biome-ignore lint/a11y/noStaticElementInteractions: only catches the clicks on links inside
    <div class="page" onClick={followLink}>
      <a class="skip" href="#figures">
        {words.skip}
      </a>
      <Header view={view} shop={known} />
      {isOpen && <FilterBar view={view} />}
      <main id="figures" tabIndex={-1}>
        <h1 class="unseen">{words.view[view]}</h1>
        {isLocked ? (
          hasSignIn() ? (
            <SignIn />
          ) : (
            <TokenForm />
          )
        ) : isOpen ? (
          <>
            <PaperHead view={view} />
            <ViewOf name={view} />
          </>
        ) : known ? (
          <NotForRole view={view} views={viewsFor(known.catalogue)} />
        ) : (
          <Waiting />
        )}
      </main>
      <TipLayer />
    </div>
  );
}

/** Links within the page change its address without loading it again. */
function followLink(event: MouseEvent): void {
  const link = (event.target as Element).closest('a');
  const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  if (!link || !isPlain || link.target || link.download || link.origin !== location.origin) return;
  if (link.pathname !== '/' || link.hash !== '') return;
  event.preventDefault();
  const left = Object.fromEntries(Object.keys(currentAddress()).map((name) => [name, null]));
  go({ ...left, ...Object.fromEntries(new URLSearchParams(link.search)) });
}

const loaded = new Map<ViewName, ComponentType>();

function ViewOf({ name }: { name: ViewName }) {
  const [, setLoaded] = useState<ViewName | null>(null);
  const first = useRef(true);
  useEffect(() => {
    if (!loaded.has(name))
      void VIEWS[name].load().then(({ default: view }) => {
        loaded.set(name, view);
        setLoaded(name);
      });
    // Whoever went to another view by keyboard goes on at its beginning.
    if (!first.current) {
      scrollTo(0, 0);
      document.getElementById('figures')?.focus({ preventScroll: true });
    }
    first.current = false;
  }, [name]);
  const Loaded = loaded.get(name);
  return Loaded ? <Loaded key={name} /> : <Skeleton height={480} />;
}

/** Before the shop is known: still loading, or why it cannot be. */
function Waiting() {
  const words = useWords(shellWords);
  const problem = useStore(shopProblem);
  const signInTexts = useWords(signInWords);
  if (problem === null) return <Skeleton height={480} />;
  if (problem.status === 403 && hasSignIn())
    return (
      <div class="instead large" role="alert">
        <p>{signInTexts.noRole}</p>
        <p class="faint">{signInTexts.noRoleHelp}</p>
      </div>
    );
  const isEmpty = problem.status === 503;
  return (
    <div class="instead large" role="alert">
      <p>{isEmpty ? words.nothingBuilt : words.failed}</p>
      <p class="faint">{isEmpty ? words.nothingBuiltHelp : problem.title || words.offline}</p>
      <button type="button" onClick={() => location.reload()}>
        {words.again}
      </button>
    </div>
  );
}
