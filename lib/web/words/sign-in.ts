import { inEach } from './language.ts';

/** Words about who reads the page. */
export const signInWords = inEach({
  en: {
    title: 'Sign in to see the figures',
    help: 'You are led to the sign-in page and back here. The sign-in holds in this tab only.',
    signIn: 'Sign in',
    leaving: 'Leading to the sign-in page',
    signOut: 'Sign out',
    problem: {
      settings: 'The page does not know where to sign in: its settings could not be loaded.',
      'not-ours': 'This sign-in was not begun in this tab, or is over. Sign in again.',
      denied: 'The sign-in was refused: you or the sign-in page said no.',
      refused: 'The sign-in did not succeed: what came back is not good any more. Sign in again.',
      offline: 'The sign-in server does not answer. Try again.',
      ended: 'Your session has ended. Sign in again to go on where you were.',
    },
    noRole: 'Your account may see none of these figures.',
    noRoleHelp:
      'Ask whoever looks after this page to put you in one of the groups manager, marketer or partner; then sign out and in again.',
  },
  it: {
    title: 'Accedi per vedere le cifre',
    help: 'Vai alla pagina di accesso e poi torni qui. L’accesso vale solo in questa scheda.',
    signIn: 'Accedi',
    leaving: 'Apertura della pagina di accesso',
    signOut: 'Esci',
    problem: {
      settings: 'La pagina non sa dove farti accedere: non è stato possibile caricare le sue impostazioni.',
      'not-ours': 'Questo accesso non è iniziato in questa scheda, o è già concluso. Accedi di nuovo.',
      denied: 'L’accesso è stato rifiutato: da te o dalla pagina di accesso.',
      refused: 'L’accesso non è riuscito: la risposta non è più valida. Accedi di nuovo.',
      offline: 'Il server di accesso non risponde. Riprova.',
      ended: 'La tua sessione è finita. Accedi di nuovo per riprendere da dove eri.',
    },
    noRole: 'Il tuo account non può vedere nessuna di queste cifre.',
    noRoleHelp:
      'Chiedi a chi gestisce questa pagina di metterti in uno dei gruppi manager, marketer o partner; poi esci e accedi di nuovo.',
  },
});
