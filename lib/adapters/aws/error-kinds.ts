/** Errors that our own code makes of what a record holds, and would make of it again. */
const BY_CODE = [TypeError, RangeError, SyntaxError, URIError];

/** Answers of a service that say that what it was given can not be taken, now or later. */
const NOT_TAKEN = new Set([
  'ValidationException',
  'InvalidArgumentException',
  'SerializationException',
  'ItemCollectionSizeLimitExceededException',
  'EntityTooLarge',
]);

/**
 * Whether an error comes of what a record holds, so that trying again ends the same. Any other comes of the world, and
 * passes: a record is not given up for that.
 */
export function isOfTheRecord(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (NOT_TAKEN.has(error.name)) return true;
  const { code } = error as { code?: unknown };
  // Failures of the network are TypeErrors, too: with what caused them, or with a code of the system.
  if (error.cause !== undefined || (code !== undefined && !String(code).startsWith('ERR_'))) return false;
  return BY_CODE.some((kind) => error instanceof kind);
}
