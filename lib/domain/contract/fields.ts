import { type TSchema, Type } from '@sinclair/typebox';

/**
 * The fields that several contracts share. Every contract is a TypeBox schema, which is JSON Schema:
 * what validates a record is what `ropo contracts` publishes.
 */

export const id = (description: string) => Type.String({ minLength: 1, maxLength: 400, description });

export const text = (description: string, maxLength = 1000) => Type.String({ maxLength, description });

/** Optional, and the same as absent when null: exports write null for what they do not know. */
export const maybe = <T extends TSchema>(schema: T) =>
  Type.Optional(
    Type.Union([schema, Type.Null()], schema.description ? { description: schema.description } : {}),
  );

export const instant = (description: string) =>
  Type.String({
    minLength: 10,
    maxLength: 40,
    description: `${description}. ISO 8601 with an offset (2025-03-09T14:05:00+01:00 or ...Z); without one only where the record names a known store, whose time zone is then used`,
  });

export const date = (description: string) =>
  Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: `${description}. ISO 8601 calendar date` });

/** Money in major units, exact: "19.99", 19.99 or "4.440892e-16". Text keeps any number of digits. */
export const amount = (description: string) =>
  Type.Union(
    [
      Type.String({ pattern: '^[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d{1,3})?$', maxLength: 60 }),
      Type.Number(),
    ],
    {
      description: `${description}. Major units (19.99), as text or number`,
    },
  );

export const quantity = (description: string) =>
  Type.Union([Type.String({ pattern: '^[+-]?(\\d+(\\.\\d*)?|\\.\\d+)$', maxLength: 40 }), Type.Number()], {
    description,
  });

export const currency = Type.String({
  pattern: '^[A-Z]{3}$',
  description: 'ISO 4217 code, upper case. A store supplies its own when absent',
});

export const choice = <const T extends readonly string[]>(values: T, description: string) =>
  Type.Unsafe<T[number]>(
    Type.Union(
      values.map((value) => Type.Literal(value)),
      { description },
    ),
  );

export const CONSENTS = ['granted', 'denied', 'unknown'] as const;

/** Who the record is about. Clear values never reach storage: they become keyed hashes on arrival. */
export const identifiers = {
  anonymous_id: maybe(id('Browser or device identifier, as the tracker gives it')),
  customer_id: maybe(id('Account number at the shop; one person has one')),
  loyalty_id: maybe(id('Loyalty card number; one person has one')),
  email: maybe(
    text('Email address in clear; a SHA-256 here (hex or base64) is taken as `email_sha256`', 320),
  ),
  email_sha256: maybe(
    Type.String({
      pattern: '^[0-9a-fA-F]{64}$',
      description:
        'SHA-256 (hex) of the trimmed, lower-case email address; the same person as the clear form',
    }),
  ),
  phone: maybe(
    text(
      'Phone number in clear; national numbers are read in the country of the store, numbers with an extension are left out',
      64,
    ),
  ),
  phone_sha256: maybe(
    Type.String({
      pattern: '^[0-9a-fA-F]{64}$',
      description:
        'SHA-256 (hex) of the phone number in E.164 form, with +. Hashes of the digits alone (as Meta wants them) agree among themselves only',
    }),
  ),
  consent: maybe(choice(CONSENTS, 'Consent to measurement at the time of the record; absent is unknown')),
};

/** Of records that a card may have paid. It links persons only where nothing stronger speaks against it. */
export const paymentToken = maybe(
  id(
    "Card as the payment provider's token or PAR (payment account reference), the same at every payment with it; never a card number: what looks like one is refused",
  ),
);

export const traffic = {
  utm_source: maybe(text('Campaign source', 2000)),
  utm_medium: maybe(text('Campaign medium', 2000)),
  utm_campaign: maybe(text('Campaign name', 2000)),
  utm_content: maybe(text('Creative', 2000)),
  utm_term: maybe(text('Keyword', 2000)),
};

export const revision = maybe(
  Type.Number({
    description:
      'Which version of the record this is: the highest wins, whatever order they arrive in. Absent is 0',
  }),
);
