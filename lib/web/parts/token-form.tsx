import { useId, useState } from 'preact/hooks';
import { giveToken } from '../ask.ts';
import { useWords } from '../words/language.ts';
import { shellWords } from '../words/shell.ts';

/** Asks for the token that the API wants. */
export function TokenForm() {
  const words = useWords(shellWords);
  const id = useId();
  const [token, setToken] = useState('');
  return (
    <form
      class="instead large"
      onSubmit={(event) => {
        event.preventDefault();
        if (token.trim() !== '') giveToken(token.trim());
      }}
    >
      <h2>{words.tokenTitle}</h2>
      <p class="faint">{words.tokenHelp}</p>
      <label for={id}>{words.token}</label>
      <input
        id={id}
        type="password"
        autocomplete="off"
        value={token}
        onInput={(event) => setToken(event.currentTarget.value)}
      />
      <button type="submit">{words.giveToken}</button>
    </form>
  );
}
