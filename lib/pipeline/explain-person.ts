import type { Row } from '../ports.ts';
import type { ExplainedPerson } from './explanation.ts';

/**
 * Who a document is of and how that is known, or why nobody is.
 * @param document a row of sql/explain/documents.sql
 * @param identifiers rows of sql/explain/identifiers.sql
 * @param related rows of sql/explain/related.sql
 */
export function explainPerson(
  document: Row,
  identifiers: readonly Row[],
  related: readonly Row[],
): ExplainedPerson {
  const counts = Object.fromEntries(identifiers.map(({ kind, identifiers: n }) => [String(kind), Number(n)]));
  const { device = 0, ...knownBy } = counts;
  const alone =
    document.identified_by === null || document.identified_by === 'order_id' ? [] : [document.identified_by];
  const keys = String(document.key_kinds ?? '');
  return {
    person_id: document.person_id as string | null,
    identified_by: document.identified_by as string | null,
    evidence_strength: document.evidence_strength as string | null,
    evidence_meaning: document.evidence_meaning as string | null,
    consent: String(document.consent),
    document_keys: keys === '' ? [] : keys.split(', '),
    known_by:
      Object.keys(knownBy).length > 0 ? knownBy : Object.fromEntries(alone.map((kind) => [String(kind), 1])),
    devices: device,
    why_unknown: document.person_id === null ? whyUnknown(document, related) : null,
  };
}

function whyUnknown(document: Row, related: readonly Row[]): string {
  if (document.is_erased)
    return document.consent === 'erased'
      ? 'Its person was erased: every identifier was taken out, the revenue was kept'
      : `The person of web order ${document.order_id}, which would have told who came, was erased`;
  if (document.is_withdrawn)
    return 'The person has withdrawn consent to measurement since: nothing is linked to them any more';
  if (document.is_consent_denied) {
    if (document.consent === 'denied')
      return 'Consent to measurement was denied: every identifier was dropped on arrival, the revenue was kept';
    return document.key_kinds
      ? 'The document states no consent, and match_unknown_consent is false: its identifiers link nobody'
      : document.order_id === null || document.document_kind === 'order'
        ? 'The document states no consent, and match_unknown_consent is false'
        : `Consent was denied, or not stated, with web order ${document.order_id}, which would have told who came`;
  }
  if (document.document_kind === 'receipt' && document.order_id !== null) {
    return related.some((other) => other.document_kind === 'order')
      ? `No account, loyalty card, email, phone or card token was shown, and web order ${document.order_id} names nobody either`
      : `No account, loyalty card, email, phone or card token was shown, and web order ${document.order_id} is not known`;
  }
  return 'No account, loyalty card, email, phone, card token or web order was given with it, or what was given identifies nobody';
}
