import { type Static, Type } from '@sinclair/typebox';
import { choice, id, identifiers, instant, maybe } from './fields.ts';

const { consent: _, ...identity } = identifiers;

/** What a person says about measurement apart from any visit: in the account, by mail, at the till. */
export const Consent = Type.Object(
  {
    consent_id: maybe(id('Unique per statement; absent: the person and the time')),
    occurred_at: instant('When the person said so'),
    consent: choice(
      ['granted', 'denied'],
      'What the person said. The latest counts; denied takes the person off what came before too',
    ),
    ...identity,
  },
  {
    $id: 'ropo/consents/1',
    title: 'consents',
    description: 'Consent that a person gives or takes back, for all of their records',
  },
);
export type Consent = Static<typeof Consent>;
