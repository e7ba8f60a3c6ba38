import type { Feedback } from '../contract/index.ts';
import { utcText } from '../instant.ts';
import type { RawRow } from '../raw-tables.ts';
import { type Acceptor, instantOf, keysOf, Refusal, rawLine, saidIn, storeOf } from './outcome.ts';
import { campaignText, cleanText } from './page.ts';

const NPS_MAX = 10;

/** Scores, contacts and reasons. What its sender writes besides, such as a comment, goes nowhere. */
export const acceptFeedback: Acceptor<Feedback> = (value, context) => {
  const store = storeOf(value.store_id, context);
  if (value.place === 'store' && !store)
    throw new Refusal('schema', 'store_id is missing: feedback about a store must name it');
  const row: RawRow = {
    record_id: value.feedback_id,
    occurred_at: utcText(instantOf('occurred_at', value.occurred_at, store?.time_zone ?? null, context)),
    feedback_kind: value.kind,
    place: value.place,
    store_id: value.store_id,
    order_id: value.order_id,
    receipt_id: value.receipt_id,
    sku: value.sku,
    channel: campaignText(value.channel),
    contact_by: codeOf(value.contact_by),
    ...scoreOf(value),
    feedback_reason: reasonOf(value),
    is_resolved_first_time: resolutionOf(value),
    revision: value.revision ?? 0,
    ...keysOf(value, store?.country ?? null, context),
  };
  return [rawLine('raw_feedback', saidIn(row), context, { row })];
};

/** @throws Refusal where a score lies outside its scale, is missing, or stands where none can be */
function scoreOf({ kind, score, score_max: most }: Feedback): {
  score: number | null;
  score_max: number | null;
} {
  if (kind === 'contact' || kind === 'return_reason') {
    if (score != null) throw new Refusal('bad_score', `score ${score}: feedback of kind ${kind} has none`);
    return { score: null, score_max: null };
  }
  if (score == null) throw new Refusal('schema', `score is missing: feedback of kind ${kind} needs one`);
  if (kind === 'nps') {
    if (!Number.isInteger(score) || score < 0 || score > NPS_MAX)
      throw new Refusal('bad_score', `score ${score}: of nps it is a whole number from 0 to ${NPS_MAX}`);
    if (most != null && most !== NPS_MAX)
      throw new Refusal('bad_score', `score_max ${most}: of nps it is ${NPS_MAX}`);
    return { score, score_max: NPS_MAX };
  }
  if (most == null) throw new Refusal('schema', 'score_max is missing: a rating is out of something');
  if (score < 0 || score > most)
    throw new Refusal('bad_score', `score ${score} lies outside its scale of 0 to ${most}`);
  return { score, score_max: most };
}

/** Codes are compared with each other: small letters, single blanks, nothing personal. */
const codeOf = (text: string | null | undefined): string | null =>
  text == null ? null : (cleanText(text)?.toLowerCase().replaceAll(/\s+/g, ' ') ?? null);

function reasonOf({ kind, reason }: Feedback): string | null {
  const code = codeOf(reason);
  if (code === null && (kind === 'contact' || kind === 'return_reason'))
    throw new Refusal('schema', `reason is missing: feedback of kind ${kind} needs one`);
  return code;
}

function resolutionOf({ kind, resolved_first_time: resolved }: Feedback): boolean | null {
  if (resolved != null && kind !== 'contact')
    throw new Refusal('schema', `resolved_first_time is of contacts only, not of ${kind}`);
  return resolved ?? null;
}
