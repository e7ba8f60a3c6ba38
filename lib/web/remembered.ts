/** What the reader chose last, for pages opened without it in their address; null where nothing may be kept. */
export function remembered(name: string): string | null {
  try {
    return localStorage.getItem(`ropo-${name}`);
  } catch {
    return null;
  }
}

export function remember(name: string, value: string): void {
  try {
    localStorage.setItem(`ropo-${name}`, value);
  } catch {
    // Then the next page begins with the default.
  }
}
