import type { Published } from '../pipeline/report-kpi.ts';
import { readSqlFolder } from '../pipeline/sql-files.ts';
import type { Cell, Row } from '../ports.ts';

const queries = new Map(readSqlFolder('exports').map((file) => [file.name, file.select]));

/** A purchase whose money was taken at a till, as the published build knows it. */
export interface StorePurchase {
  conversion_id: string;
  store_id: string | null;
  person_id: string | null;
  consent: string;
  is_consent_denied: boolean;
  /** Seconds since 1970 UTC. */
  at: number;
  /** "2025-03-09 14:05:00+01:00", in the zone of its store. */
  local_at: string;
  /** Merchandise without tax that is stated, after returns. */
  net_minor: number;
  currency: string;
}

export interface PurchaseLine {
  sku: string;
  quantity: number;
  net_minor: number;
}

/** Days of purchase, both included; null is open. */
export interface Period {
  from: string | null;
  to: string | null;
}

const ask = (published: Published, name: string, ...parameters: Cell[]) =>
  published.query(queries.get(name)!, parameters);

export async function storePurchases(published: Published, { from, to }: Period): Promise<StorePurchase[]> {
  const rows = await ask(published, 'store_purchases', from, to);
  return rows.map((row) => ({
    conversion_id: String(row.conversion_id),
    store_id: row.store_id as string | null,
    person_id: row.person_id as string | null,
    consent: String(row.consent),
    is_consent_denied: row.is_consent_denied === true,
    at: secondsOf(row.utc_at),
    local_at: `${String(row.local_at)}${offsetOf(secondsOf(row.local_at) - secondsOf(row.utc_at))}`,
    net_minor: Number(row.net_minor),
    currency: String(row.currency),
  }));
}

/** Lines with a SKU of which something is left, by purchase. */
export async function purchaseLines(
  published: Published,
  { from, to }: Period,
): Promise<Map<string, PurchaseLine[]>> {
  const lines = new Map<string, PurchaseLine[]>();
  for (const row of await ask(published, 'purchase_lines', from, to)) {
    const line = { sku: String(row.sku), quantity: Number(row.quantity), net_minor: Number(row.net_minor) };
    if (line.net_minor <= 0) continue;
    const id = String(row.conversion_id);
    const known = lines.get(id);
    if (known) known.push(line);
    else lines.set(id, [line]);
  }
  return lines;
}

export const buyerIdentifiers = (published: Published): Promise<Row[]> => ask(published, 'buyer_identifiers');

/** Google's two fractions where the shop set them; 1 has them measured. */
export async function fractionSettings(
  published: Published,
): Promise<{ loyalty_fraction: number; transaction_upload_fraction: number }> {
  const [row] = await published.query('SELECT loyalty_fraction, transaction_upload_fraction FROM settings');
  return {
    loyalty_fraction: Number(row?.loyalty_fraction) || 1,
    transaction_upload_fraction: Number(row?.transaction_upload_fraction) || 1,
  };
}

const secondsOf = (text: Cell | undefined) => Date.parse(`${String(text).replace(' ', 'T')}Z`) / 1000;

function offsetOf(seconds: number): string {
  const minutes = Math.round(Math.abs(seconds) / 60);
  const two = (number: number) => String(number).padStart(2, '0');
  return `${seconds < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
