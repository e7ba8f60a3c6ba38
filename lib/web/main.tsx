import { render } from 'preact';
import { currentAddress } from './address.ts';
import { App } from './app.tsx';
import { takeUpSession } from './sign-in/session.ts';
import { loadItalian } from './words/italian-texts.ts';
import { languageOf } from './words/language.ts';

// Whoever comes back from signing in goes on with the address from before, and its language.
await takeUpSession();

// Whoever reads Italian is not shown English first.
if (languageOf(currentAddress().lang) === 'it') await loadItalian();

render(<App />, document.getElementById('page')!);
