import type { JsonObject } from './jsonl.ts';

/** Fields of JSON objects that others write: what is not of the kind that is looked for counts as absent. */

/** Ids come as text or as numbers; whole numbers too long to be exact are none, as is empty text. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  const isExact = Number.isSafeInteger(value) || (Number.isFinite(value) && !Number.isInteger(value));
  return isExact ? String(value) : undefined;
}

export function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

/** The objects of a list. */
export function objectsOf(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function withoutAbsent(record: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value != null));
}

/** An object as JSON without the fields of some names, however deep they stand. */
export function jsonWithout(value: unknown, names: ReadonlySet<string>): string {
  return JSON.stringify(value, (name, inner: unknown) => (names.has(name) ? undefined : inner));
}
