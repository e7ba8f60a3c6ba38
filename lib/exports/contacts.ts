import { csvBatches } from '../formats/csv-rows.ts';
import type { InputFile } from '../formats/format.ts';
import { jsonObjects } from '../formats/jsonl.ts';

/** What a shop knows of a person, from its own contact file: clear, and kept no longer than the export takes. */
export interface Contact {
  email?: string;
  phone?: string;
  customer_id?: string;
  loyalty_id?: string;
  first_name?: string;
  last_name?: string;
  city?: string;
  postal_code?: string;
  /** ISO 3166, upper case. */
  country?: string;
  /** Consent to giving data to ad platforms, and to ads that are made for the person; empty is not known. */
  ad_user_data: AdConsent;
  ad_personalization: AdConsent;
}

export type AdConsent = 'granted' | 'denied' | 'unknown';

export const CONTACT_COLUMNS = [
  'email',
  'phone',
  'customer_id',
  'loyalty_id',
  'first_name',
  'last_name',
  'city',
  'postal_code',
  'country',
  'ad_user_data',
  'ad_personalization',
] as const;
type Column = (typeof CONTACT_COLUMNS)[number];

/** A file that cannot be a contact file: the message holds nothing of what is in it but its column names. */
export class BadContacts extends Error {}

/**
 * Reads a contact file, CSV or JSON Lines with the names of `CONTACT_COLUMNS`; others are ignored. Held in memory whole.
 * @returns also how many lines could not be read
 * @throws BadContacts where it has no column that tells a person, or none of consent
 */
export async function readContacts(file: InputFile): Promise<{ contacts: Contact[]; unreadable: number }> {
  const contacts: Contact[] = [];
  let unreadable = 0;
  if (/\.(jsonl|ndjson|json)$/i.test(file.name)) {
    for await (const lines of jsonObjects(file)) {
      for (const line of lines) {
        if (line.unreadable === undefined) contacts.push(contactOf((name) => line.value[name]));
        else unreadable++;
      }
    }
    return { contacts, unreadable };
  }
  for await (const { header, rows } of csvBatches(file)) {
    requireColumns(file.name, header.names);
    const at = new Map(header.names.map((name, position) => [name, position]));
    for (const row of rows) {
      if (row.unreadable !== undefined) unreadable++;
      else contacts.push(contactOf((name) => row.cells[at.get(name) ?? -1]));
    }
  }
  return { contacts, unreadable };
}

function requireColumns(fileName: string, names: readonly string[]): void {
  const identifying: Column[] = ['email', 'phone', 'customer_id', 'loyalty_id'];
  if (!identifying.some((name) => names.includes(name))) {
    throw new BadContacts(
      `${fileName}: its first line names none of ${identifying.join(', ')}; contacts are joined by these`,
    );
  }
  if (!names.includes('ad_user_data')) {
    throw new BadContacts(
      `${fileName}: no column ad_user_data; without consent (granted) to ad platforms nobody's data goes out`,
    );
  }
}

function contactOf(field: (name: Column) => unknown): Contact {
  const contact: Contact = {
    ad_user_data: consentOf(field('ad_user_data')),
    ad_personalization: consentOf(field('ad_personalization')),
  };
  for (const name of CONTACT_COLUMNS) {
    if (name === 'ad_user_data' || name === 'ad_personalization') continue;
    const value = textOf(field(name));
    if (value !== null) contact[name] = name === 'country' ? value.toUpperCase() : value;
  }
  if (contact.country !== undefined && !/^[A-Z]{2}$/.test(contact.country)) delete contact.country;
  return contact;
}

/** Only the very words count; anything else is no consent. */
function consentOf(value: unknown): AdConsent {
  const word = textOf(value)?.toLowerCase();
  return word === 'granted' || word === 'denied' ? word : 'unknown';
}

function textOf(value: unknown): string | null {
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : '';
  return text === '' ? null : text;
}
