import type { PlaceboFinding } from '../domain/placebo-findings.ts';
import type { MatchLevel, StepReached } from '../domain/research-steps.ts';

/**
 * All that is known about one receipt or order, and why it counts as it does. Money is in whole minor units of its
 * currency; `local_at` is in the time zone of the document's store; identifiers are named by kind only.
 */
export interface Explanation {
  data_label: string | null;
  build_id: string;
  built_at: string;
  document: ExplainedDocument;
  person: ExplainedPerson;
  timeline: Timeline;
  lines: ExplainedLine[];
  models: ExplainedModel[];
  /** Why no model credits anything; null where they do. */
  no_credit: string | null;
  returns: ExplainedReturn[];
  excluded: Exclusion[];
}

export interface ExplainedDocument {
  document_id: string;
  document_kind: 'order' | 'receipt';
  receipt_id: string | null;
  order_id: string | null;
  store_id: string | null;
  store_name: string | null;
  region: string | null;
  time_zone: string;
  occurred_at: string;
  local_at: string;
  currency: string;
  tender: string | null;
  /** What kind of purchase it counts as; null where it is none. */
  conversion_kind: string | null;
  revenue_minor: number | null;
  /** Other documents of the same web order. */
  related: { document_id: string; document_kind: string; is_sale: boolean }[];
}

export interface ExplainedPerson {
  person_id: string | null;
  /** Key that linked the document to the person. */
  identified_by: string | null;
  evidence_strength: string | null;
  evidence_meaning: string | null;
  consent: string;
  /** Kinds of identifier that the document itself carries. */
  document_keys: string[];
  /** How many identifiers of each kind the person is known by. */
  known_by: Record<string, number>;
  devices: number;
  why_unknown: string | null;
}

export interface Happening {
  kind: 'touchpoint' | 'product_view' | 'store_visit' | 'purchase';
  place: string;
  happened_at: string;
  local_at: string;
  seconds_before: number;
  what: string;
  /** Place on the path that is credited, from 1. */
  position: number | null;
  channel: string | null;
  source: string | null;
  medium: string | null;
  campaign: string | null;
  sku: string | null;
  product_name: string | null;
  category: string | null;
  store_id: string | null;
  store_name: string | null;
  revenue_minor: number | null;
  currency: string | null;
  /** Lines whose latest research this product view is, each with the finest level. */
  matches: { line: string; level: MatchLevel }[];
}

export interface Timeline {
  happenings: Happening[];
  /** Happenings in reach that are not listed, by kind. */
  left_out: Record<string, number>;
}

export interface LineMatch {
  level: MatchLevel;
  lag_seconds: number;
  is_in_window: boolean;
  viewed_at: string;
  channel: string | null;
  campaign: string | null;
}

export interface ExplainedLine {
  line: string;
  treatment: string;
  /** Why it is no merchandise that counts; null where it is. */
  why_excluded: string | null;
  line_kind: string;
  sku: string | null;
  product_id: string | null;
  product_name: string | null;
  category: string | null;
  quantity: number | null;
  amount_minor: number;
  tax_minor: number;
  /** What ROPO makes of it; null for what is not handed over in a store. */
  ropo: ExplainedResearch | null;
}

export interface ExplainedResearch extends StepReached {
  purchase_class: string;
  /** After its part of the receipt's discounts. */
  sold_minor: number;
  returned_minor: number;
  entered_at: string | null;
  window_days: number;
  matches: LineMatch[];
  /** Views between entering the store and paying: a class of its own. */
  in_aisle: LineMatch[];
  placebos: PlaceboFinding[];
}

export interface ExplainedModel {
  model: string;
  credited_minor: number;
  taken_back_minor: number;
  touchpoints: {
    position: number;
    touched_at: string;
    channel: string;
    campaign: string;
    share: number;
    credited_minor: number;
    taken_back_minor: number;
  }[];
}

export interface ExplainedReturn {
  return_id: string;
  document_id: string;
  conversion_id: string | null;
  /** Whether something is taken from this document; else this document gives it back. */
  is_of_purchase: boolean;
  store_id: string | null;
  store_name: string | null;
  local_at: string;
  time_zone: string;
  currency: string;
  revenue_minor: number;
  excess_minor: number;
}

export interface Exclusion {
  what: string;
  count: number;
  why: string;
}
