import { type Static, Type } from '@sinclair/typebox';
import { choice, id, identifiers, instant, maybe, revision, text } from './fields.ts';

/** What can be said: how likely a recommendation is, how good something was, why a person got in touch, why goods came back. */
export const FEEDBACK_KINDS = ['nps', 'rating', 'contact', 'return_reason'] as const;

/** Where what it is about happened. */
export const FEEDBACK_PLACES = ['online', 'store'] as const;

/** What a person said about a purchase or the shop, as figures and codes. Free comments are personal text and not taken. */
export const Feedback = Type.Object(
  {
    feedback_id: id('Unique per answer, contact or returned line'),
    kind: choice(
      FEEDBACK_KINDS,
      'nps: a score of 0 to 10; rating: a score out of score_max; contact: a question to the service, with its reason; return_reason: why goods came back',
    ),
    occurred_at: instant('When it was said'),
    place: choice(FEEDBACK_PLACES, 'Whether it is about the web shop or a store'),
    store_id: maybe(id('Store; needed where place is store; must be one of the stores')),
    order_id: maybe(id('The web order that it is about')),
    receipt_id: maybe(id('The till receipt that it is about')),
    sku: maybe(id('The SKU that it is about')),
    channel: maybe(
      text('Marketing channel that brought it, by name; absent: the last one before its purchase', 100),
    ),
    contact_by: maybe(text('How a contact was made: phone, email, chat, counter', 40)),
    score: maybe(
      Type.Number({ description: 'Of nps a whole number from 0 to 10; of rating from 0 to score_max' }),
    ),
    score_max: maybe(
      Type.Number({ exclusiveMinimum: 0, maximum: 1000, description: 'Best score of the scale; of nps 10' }),
    ),
    reason: maybe(
      text('Code or short name of the reason, as the shop lists them; no sentence of a person', 80),
    ),
    resolved_first_time: maybe(
      Type.Boolean({ description: 'Of a contact: whether it was settled without a second one' }),
    ),
    revision,
    ...identifiers,
  },
  {
    $id: 'ropo/feedback/1',
    title: 'feedback',
    description: 'A score, a service contact or a reason of return; comments are not taken',
  },
);
export type Feedback = Static<typeof Feedback>;
