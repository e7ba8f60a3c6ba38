import type { IdentifierKeys, Identify } from '../domain/identifier.ts';
import type { Published } from '../pipeline/report-kpi.ts';
import { type Choice, type ChosenPurchase, choosePurchases, type LeftOut } from './choose-purchases.ts';
import type { Contact } from './contacts.ts';
import {
  type GoogleFractions,
  type GoogleUserData,
  googleUserData,
  isTooSmallForGoogle,
} from './google-store-sales.ts';
import { matchContacts } from './match-contacts.ts';
import { type MetaEvent, metaEvent } from './meta-offline.ts';
import {
  buyerIdentifiers,
  fractionSettings,
  type Period,
  purchaseLines,
  type StorePurchase,
  storePurchases,
} from './store-purchases.ts';

/** Fewer persons than this leave the company only where the shop says so: figures of few tell of each. */
export const LEAST_PERSONS = 50;
/** Below this nobody may set it. */
export const LEAST_PERSONS_FLOOR = 10;

const DAY_SECONDS = 86_400;

export interface ExportContext {
  published: Published;
  identify: Identify;
  secret: string;
  isErased: (keys: IdentifierKeys) => boolean;
  /** Whether the latest word of any of these identifiers is a denial. */
  isWithdrawn: (keys: IdentifierKeys) => boolean;
  contacts: readonly Contact[];
}

export interface ExportRules {
  period: Period;
  takesUnknownConsent: boolean;
  leastPersons: number;
}

/** Purchases and money of one currency, given out or left out for one reason. */
export interface ExportLine {
  why: LeftOut | null;
  currency: string;
  purchases: number;
  net_minor: number;
}

export interface Exported<T> {
  items: T[];
  persons: number;
  lines: ExportLine[];
}

/** Too few persons to give out; nothing was written. */
export class TooFewPersons extends Error {
  readonly lines: ExportLine[];
  constructor(persons: number, least: number, lines: ExportLine[]) {
    super(
      persons === 0
        ? 'No purchase may be given out'
        : `Fewer than ${least} persons are behind the purchases that may be given out; take a longer period, or set --min-persons (at least ${LEAST_PERSONS_FLOOR})`,
    );
    this.lines = lines;
  }
}

/**
 * The store purchases of a period for Google Ads.
 * @throws TooFewPersons
 */
export async function exportGoogle(
  context: ExportContext,
  rules: ExportRules,
  conversionAction: string | null,
): Promise<Exported<GoogleUserData> & { fractions: GoogleFractions }> {
  const purchases = await storePurchases(context.published, rules.period);
  const refusedBy = (purchase: StorePurchase) => (isTooSmallForGoogle(purchase) ? 'too_small' : null);
  const choice = await choose(context, rules, purchases, refusedBy);
  const exported = gather(choice, rules, (purchase) => googleUserData(purchase, conversionAction));
  const settings = await fractionSettings(context.published);
  const identified = purchases.filter(({ person_id }) => person_id !== null).length;
  const measured = purchases.length === 0 ? 0 : identified / purchases.length;
  return {
    ...exported,
    fractions: {
      loyalty_fraction: settings.loyalty_fraction < 1 ? settings.loyalty_fraction : measured,
      transaction_upload_fraction:
        (settings.transaction_upload_fraction * exported.items.length) / Math.max(1, identified),
    },
  };
}

/**
 * The same for Meta.
 * @param now milliseconds since 1970 UTC
 * @throws TooFewPersons
 */
export async function exportMeta(
  context: ExportContext,
  rules: ExportRules,
  maxAgeDays: number,
  now: number,
): Promise<Exported<MetaEvent>> {
  const purchases = await storePurchases(context.published, rules.period);
  const oldest = now / 1000 - maxAgeDays * DAY_SECONDS;
  const refusedBy = ({ at }: StorePurchase) => (at < oldest ? 'too_old' : null);
  const choice = await choose(context, rules, purchases, refusedBy);
  const lines = await purchaseLines(context.published, rules.period);
  return gather(choice, rules, (purchase) =>
    metaEvent(purchase, lines.get(purchase.conversion_id) ?? [], context.secret),
  );
}

async function choose(
  { published, identify, isErased, isWithdrawn, contacts }: ExportContext,
  { takesUnknownConsent }: ExportRules,
  purchases: readonly StorePurchase[],
  refusedBy: (purchase: StorePurchase) => 'too_small' | 'too_old' | null,
): Promise<Choice> {
  const buyers = new Set(purchases.flatMap(({ person_id }) => person_id ?? []));
  const identifiers = await buyerIdentifiers(published);
  const known = matchContacts(contacts, { identify, identifiers, buyers, isErased, isWithdrawn });
  return choosePurchases(purchases, { known, takesUnknownConsent, refusedBy });
}

/** What goes out, with what was left out; a person whose contacts hold nothing to match by has no contact. */
function gather<T>(
  { chosen, leftOut }: Choice,
  { leastPersons }: ExportRules,
  make: (purchase: ChosenPurchase) => T | null,
): Exported<T> {
  const items: T[] = [];
  const persons = new Set<string>();
  const sums = new Map<string, ExportLine>();
  const count = ({ currency, net_minor }: StorePurchase, why: LeftOut | null) => {
    const name = `${why} ${currency}`;
    const line = sums.get(name) ?? { why, currency, purchases: 0, net_minor: 0 };
    line.purchases += 1;
    line.net_minor += net_minor;
    sums.set(name, line);
  };
  for (const purchase of chosen) {
    const item = make(purchase);
    count(purchase, item === null ? 'no_contact' : null);
    if (item === null) continue;
    items.push(item);
    persons.add(purchase.person_id);
  }
  for (const { purchase, why } of leftOut) count(purchase, why);
  const lines = [...sums.values()];
  if (persons.size < leastPersons) throw new TooFewPersons(persons.size, leastPersons, lines);
  return { items, persons: persons.size, lines };
}
