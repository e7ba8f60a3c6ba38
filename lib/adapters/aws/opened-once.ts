/**
 * Opens something when it is first asked for, and keeps it. What could not be opened is tried again the next time: a
 * function whose secret could not be read once is not broken for as long as it lives.
 */
export function openedOnce<T>(open: () => Promise<T>): () => Promise<T> {
  let opened: Promise<T> | undefined;
  return () => {
    opened ??= open().catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };
}
