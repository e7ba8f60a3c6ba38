import { createStore, useStore } from './store.ts';

/**
 * All that the page shows follows from its address: `?view=channels&period=last_30&model=markov&channel=Email`.
 * What is not given has its default, and is left out of addresses.
 */
export type Address = Readonly<Record<string, string>>;

const parse = (search: string): Address => Object.fromEntries(new URLSearchParams(search));

const address = createStore<Address>(typeof location === 'undefined' ? {} : parse(location.search));
/** Takes up the address that the browser shows. */
export const readAddress = (): void => address.set(parse(location.search));
if (typeof window !== 'undefined') window.addEventListener('popstate', readAddress);

export const useAddress = (): Address => useStore(address);
export const currentAddress = (): Address => address.get();

/** Changes to an address: null takes a part out. */
export type Changes = Readonly<Record<string, string | null>>;

/** The address after some changes, as a link. */
export function hrefOf(changes: Changes, from: Address = address.get()): string {
  const next = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...from, ...changes }))
    if (value !== null && value !== '') next.set(name, value);
  const text = next.toString();
  return text === '' ? '/' : `/?${text}`;
}

/** Goes to an address; `back` leads to where it came from unless `replace` is set. */
export function go(changes: Changes, { replace = false } = {}): void {
  const href = hrefOf(changes);
  if (href === location.pathname + location.search) return;
  if (replace) history.replaceState(null, '', href);
  else history.pushState(null, '', href);
  address.set(parse(location.search));
}
