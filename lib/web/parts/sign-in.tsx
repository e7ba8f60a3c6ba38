import { useState } from 'preact/hooks';
import { session, signInProblem, signOut, startSignIn } from '../sign-in/session.ts';
import { useStore } from '../store.ts';
import { useLanguage, useWords } from '../words/language.ts';
import { signInWords } from '../words/sign-in.ts';

/** Leads whoever is not signed in to the server that signs in, and says what went wrong there. */
export function SignIn() {
  const words = useWords(signInWords);
  const language = useLanguage();
  const problem = useStore(signInProblem);
  const [isLeaving, setLeaving] = useState(false);
  return (
    <div class="instead large">
      <h2>{words.title}</h2>
      <p role="alert">{problem === null ? '' : words.problem[problem]}</p>
      <p class="faint">{words.help}</p>
      <button
        type="button"
        aria-disabled={isLeaving}
        onClick={() => {
          if (isLeaving) return;
          setLeaving(true);
          startSignIn(language).catch(() => {
            signInProblem.set('offline');
            setLeaving(false);
          });
        }}
      >
        {isLeaving ? words.leaving : words.signIn}
      </button>
    </div>
  );
}

/** Ends the session of whoever is signed in. */
export function SignOut() {
  const words = useWords(signInWords);
  const held = useStore(session);
  if (held === null) return null;
  return (
    <button type="button" class="quiet" title={held.name ?? undefined} onClick={() => void signOut()}>
      {words.signOut}
      {held.name !== null && <span class="unseen"> ({held.name})</span>}
    </button>
  );
}
