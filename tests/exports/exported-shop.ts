import { openReader } from '../../lib/adapters/embedded/reader.ts';
import { erasedAmong } from '../../lib/domain/accept/erased.ts';
import { createIdentify } from '../../lib/domain/identifier.ts';
import type { Contact } from '../../lib/exports/contacts.ts';
import type { ExportContext, ExportRules } from '../../lib/exports/export-purchases.ts';
import { type TemporaryShop, temporaryShop } from '../temporary-shop.ts';

export const SECRET = process.env.ROPO_IDENTITY_SECRET!;

/** So many regular customers, each with one receipt of 10.00 EUR in Cologne and consent. */
export const REGULARS = 12;

const receipt = (receipt_id: string, more: object = {}) => ({
  receipt_id,
  store_id: 'köln',
  occurred_at: '2025-03-09T14:05:00',
  consent: 'granted',
  lines: [{ sku: 'A', amount: '10.00' }],
  ...more,
});

/** A shop in which every reason to leave a purchase out occurs, each with its own amount. */
export async function exportedShop(): Promise<TemporaryShop> {
  const shop = await temporaryShop();
  await shop.give({
    stores: [
      { store_id: 'köln', time_zone: 'Europe/Berlin', currency: 'EUR', country: 'DE' },
      { store_id: 'kuwait', time_zone: 'Asia/Kuwait', currency: 'KWD', country: 'KW' },
      { store_id: 'st-johns', time_zone: 'America/St_Johns', currency: 'CAD', country: 'CA' },
    ],
    web_events: [
      // The card of c-card is known to be of the same person as the email.
      {
        event_id: 'e1',
        event: 'Identified',
        occurred_at: '2025-03-01T10:00:00Z',
        loyalty_id: 'card-9',
        email: 'Card.Owner+vip@gmail.com',
        consent: 'granted',
      },
    ],
    orders: [
      {
        order_id: 'web-1',
        occurred_at: '2025-03-09T10:00:00Z',
        currency: 'EUR',
        email: 'kunde0@example.org',
        consent: 'granted',
        lines: [{ sku: 'A', amount: '500.00' }],
      },
    ],
    consents: [{ occurred_at: '2025-05-01T10:00:00Z', consent: 'denied', email: 'withdrawn@example.org' }],
    receipts: [
      ...Array.from({ length: REGULARS }, (_, i) => receipt(`r${i}`, { email: `kunde${i}@example.org` })),
      receipt('card', {
        loyalty_id: 'card-9',
        occurred_at: '2025-07-09T23:30:00',
        lines: [
          { sku: 'KÄSE', quantity: '0.42', amount: '9.99', tax: '0.65' },
          { sku: 'BROT', quantity: '2', amount: '7.00', tax: '0.46' },
          { line_kind: 'gift_card', amount: '50.00' },
        ],
      }),
      receipt('card-back', {
        occurred_at: '2025-07-10T09:00:00',
        lines: [
          {
            sku: 'BROT',
            line_kind: 'return',
            quantity: '-1',
            amount: '-3.50',
            tax: '-0.23',
            original_receipt_id: 'card',
          },
        ],
      }),
      receipt('whole', { email: 'whole@example.org', lines: [{ sku: 'B', amount: '21.00' }] }),
      receipt('whole-back', {
        lines: [{ sku: 'B', line_kind: 'return', amount: '-21.00', original_receipt_id: 'whole' }],
      }),
      receipt('nobody', { lines: [{ amount: '22.00' }] }),
      receipt('denied', { email: 'denied@example.org', consent: 'denied', lines: [{ amount: '23.00' }] }),
      receipt('withdrawn', { email: 'withdrawn@example.org', lines: [{ amount: '29.00' }] }),
      receipt('unknown', { email: 'unknown@example.org', consent: null, lines: [{ amount: '24.00' }] }),
      receipt('stranger', { email: 'stranger@example.org', lines: [{ amount: '25.00' }] }),
      receipt('no-ads', { email: 'no-ads@example.org', lines: [{ amount: '26.00' }] }),
      receipt('two-minds', { email: 'two-minds@example.org', lines: [{ amount: '27.00' }] }),
      receipt('tiny', { store_id: 'kuwait', phone: '22251234', lines: [{ amount: '0.001' }] }),
      receipt('newfoundland', {
        store_id: 'st-johns',
        email: 'kunde1@example.org',
        occurred_at: '2025-01-02T00:10:00',
        lines: [{ amount: '28.00' }],
      }),
    ],
  });
  await shop.shop.build();
  return shop;
}

const contact = (more: Partial<Contact>): Contact => ({
  ad_user_data: 'granted',
  ad_personalization: 'granted',
  ...more,
});

export const CONTACTS: Contact[] = [
  ...Array.from({ length: REGULARS }, (_, i) => contact({ email: `Kunde${i}@Example.org` })),
  contact({
    email: 'card.owner+vip@GMAIL.com',
    phone: '0221 1234567',
    customer_id: 'K-9',
    first_name: 'Zoë',
    last_name: "O'Neil",
    city: 'Köln',
    postal_code: '50667',
    country: 'DE',
    ad_personalization: 'denied',
  }),
  contact({ loyalty_id: 'card-9', email: 'second@example.org' }),
  contact({ email: 'whole@example.org' }),
  contact({ email: 'denied@example.org' }),
  contact({ email: 'withdrawn@example.org' }),
  contact({ email: 'unknown@example.org', ad_personalization: 'unknown' }),
  contact({ email: 'no-ads@example.org', ad_user_data: 'unknown' }),
  contact({ email: 'two-minds@example.org' }),
  contact({ email: 'two-minds@example.org', ad_user_data: 'denied' }),
  contact({ phone: '+965 22251234' }),
  contact({ email: 'never-bought@example.org' }),
  contact({}),
];

export const RULES: ExportRules = {
  period: { from: null, to: null },
  takesUnknownConsent: false,
  leastPersons: 10,
};

/** Runs an export on the published build. */
export async function withContext<T>(
  shop: TemporaryShop,
  work: (context: ExportContext) => Promise<T>,
  more: Partial<ExportContext> = {},
): Promise<T> {
  const reader = await openReader(shop.shop.directory);
  try {
    const published = (await reader.published())!;
    const identify = createIdentify(SECRET);
    const nobody = erasedAmong(new Set());
    const [isErased, isWithdrawn] = [nobody, nobody];
    const secret = SECRET;
    return await work({ published, identify, secret, isErased, isWithdrawn, contacts: CONTACTS, ...more });
  } finally {
    reader.close();
  }
}
