import { objectOf, textOf } from './json-fields.ts';
import type { JsonObject } from './jsonl.ts';

export type Consent = 'granted' | 'denied';

/** What consent tools call the purpose that measuring falls under; C0002 is OneTrust's "performance cookies". */
const MEASURING = new Set([
  'analytics',
  'analytics_storage',
  'measurement',
  'statistics',
  'performance',
  'c0002',
]);

/**
 * What a message says of consent to measurement, or undefined where it says nothing of it: silence is neither yes nor
 * no. Read are our own `consent.measurement`, Segment's `consent.categoryPreferences` (names of the shop's or of
 * OneTrust's), Google's `consent.analytics_storage`, and RudderStack's `consentManagement` with the ids that are
 * allowed and denied. Where two of them differ, no goes before yes.
 */
export function consentOf(context: JsonObject): string | undefined {
  if (context.consent == null && context.consentManagement == null) return undefined;
  const consent = objectOf(context.consent);
  const own = answerOf(consent.measurement);
  const said = [
    own,
    answerOf(consent.analytics_storage),
    ...byCategory(objectOf(consent.categoryPreferences)),
    ...byIds(objectOf(context.consentManagement)),
  ];
  if (said.includes('denied')) return 'denied';
  if (said.includes('granted')) return 'granted';
  // What we do not understand is for the contract to refuse: it must not pass for silence.
  return own;
}

function answerOf(value: unknown): string | undefined {
  if (value === true) return 'granted';
  if (value === false) return 'denied';
  return textOf(value)?.toLowerCase();
}

function byCategory(categories: JsonObject): (string | undefined)[] {
  return Object.entries(categories).flatMap(([name, value]) =>
    MEASURING.has(name.toLowerCase()) ? [answerOf(value)] : [],
  );
}

function byIds({ allowedConsentIds: allowed, deniedConsentIds: denied }: JsonObject): Consent[] {
  const names = (ids: unknown) =>
    Array.isArray(ids) && ids.some((id) => MEASURING.has(textOf(id)?.toLowerCase() ?? ''));
  return [...(names(denied) ? ['denied' as const] : []), ...(names(allowed) ? ['granted' as const] : [])];
}
