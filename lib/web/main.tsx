import { render } from 'preact';
import { currentAddress } from './address.ts';
import { App } from './app.tsx';
import { loadItalian } from './words/italian-texts.ts';
import { languageOf } from './words/language.ts';

// Whoever reads Italian is not shown English first.
if (languageOf(currentAddress().lang) === 'it') await loadItalian();

render(<App />, document.getElementById('page')!);
