import { passingReason } from './retries.ts';

/** Errors that JavaScript itself throws where code of ours meets what it did not expect. */
const BY_CODE = [TypeError, RangeError, SyntaxError, URIError];

/**
 * Whether an error may come of what a record holds: only where our own code threw it. Whatever a service answers never
 * does, refusals and validation errors among them: a name, a key or a right of the deployment that is wrong is answered
 * in the same words as a record that cannot be stored.
 */
export function mayBeOfTheRecord(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, $metadata, $fault } = error as { code?: unknown; $metadata?: unknown; $fault?: unknown };
  if ($metadata !== undefined || $fault !== undefined) return false;
  // Failures of the network are TypeErrors, too: with what caused them, or with a code of the system.
  if (error.cause !== undefined || (code !== undefined && !String(code).startsWith('ERR_'))) return false;
  return BY_CODE.some((kind) => error instanceof kind);
}

/** Whether a service refuses what it is given, and will again: of one record of many, or of all where a name or right is wrong. */
export function isRefusal(error: unknown): boolean {
  const { $fault, $metadata } = (error ?? {}) as {
    $fault?: unknown;
    $metadata?: { httpStatusCode?: number };
  };
  const status = $metadata?.httpStatusCode ?? 0;
  return passingReason(error) === null && ($fault === 'client' || (status >= 400 && status < 500));
}
