import type { TSchema } from '@sinclair/typebox';
import { type TypeCheck, TypeCompiler } from '@sinclair/typebox/compiler';
import { CONTRACTS, type RecordKind } from '../contract/index.ts';
import { type Acceptance, type AcceptContext, type Acceptor, Refusal } from './outcome.ts';
import { acceptOrder, acceptReceipt, acceptRefund } from './sales.ts';
import { acceptFootfall, acceptProduct, acceptSpend, acceptStore, acceptStoreVisit } from './shop.ts';
import { acceptTouch, acceptWebEvent } from './web.ts';

export {
  type Acceptance,
  type AcceptContext,
  REJECTION_REASONS,
  type RejectionReason,
  type StoreFacts,
} from './outcome.ts';

const ACCEPTORS = {
  stores: acceptStore,
  products: acceptProduct,
  web_events: acceptWebEvent,
  touches: acceptTouch,
  orders: acceptOrder,
  refunds: acceptRefund,
  receipts: acceptReceipt,
  store_visits: acceptStoreVisit,
  footfall: acceptFootfall,
  spend: acceptSpend,
} as unknown as Record<RecordKind, Acceptor<unknown>>;

const checks = new Map<RecordKind, TypeCheck<(typeof CONTRACTS)[RecordKind]>>();

function checkOf(kind: RecordKind) {
  let check = checks.get(kind);
  if (!check) {
    check = TypeCompiler.Compile(CONTRACTS[kind]);
    checks.set(kind, check);
  }
  return check;
}

/** Fields whose values are personal and never stand in a message. */
const PERSONAL =
  /\/(anonymous_id|customer_id|loyalty_id|payment_token|email|phone|email_sha256|phone_sha256)$/;

function schemaProblem(kind: RecordKind, value: unknown): string {
  const error = checkOf(kind).Errors(value).First();
  if (!error) return 'does not match its contract';
  const field = error.path.slice(1) || 'the record';
  if (error.value === undefined) return `${kind}: ${field} is missing`;
  const shown = PERSONAL.test(error.path)
    ? 'its value'
    : (JSON.stringify(error.value)?.slice(0, 80) ?? 'its value');
  return `${kind}: ${field} = ${shown}: ${allowedBy(error.schema) ?? error.message.charAt(0).toLowerCase() + error.message.slice(1)}`;
}

/** "one of a, b, c" where a field has a list of values. */
function allowedBy(schema: TSchema): string | null {
  const options = (schema.anyOf ?? []) as TSchema[];
  const values = options
    .flatMap((option) => (option.anyOf as TSchema[] | undefined) ?? [option])
    .flatMap(({ const: value }) => (value === undefined ? [] : [value]));
  return values.length > 0 ? `it must be one of ${values.join(', ')}` : null;
}

/** Escapes that can hide what a database would refuse or cut: NUL, half of a surrogate pair. */
const SUSPICIOUS = /\\u(?:0000|[dD][89a-fA-F])/;

function hasBrokenText(value: unknown): boolean {
  if (typeof value === 'string') return !value.isWellFormed() || value.includes('\0');
  if (value === null || typeof value !== 'object') return false;
  return Object.entries(value).some(([key, inner]) => hasBrokenText(key) || hasBrokenText(inner));
}

/**
 * Decides about one record: the raw lines to store, or the reason why not. Pure, and never throws for what a record
 * holds: a bad record is a value.
 * @param original text of the record as it came, looked at for broken characters only
 */
export function accept(kind: RecordKind, value: unknown, context: AcceptContext, original = ''): Acceptance {
  if (!checkOf(kind).Check(value)) return { ok: false, reason: 'schema', detail: schemaProblem(kind, value) };
  if (original.includes('\\u') && SUSPICIOUS.test(original) && hasBrokenText(value)) {
    return {
      ok: false,
      reason: 'bad_text',
      detail: `${kind}: a text has unpaired surrogates or a NUL character`,
    };
  }
  try {
    return { ok: true, lines: ACCEPTORS[kind](value, context, kind) };
  } catch (error) {
    if (error instanceof Refusal)
      return { ok: false, reason: error.reason, detail: `${kind}: ${error.message}` };
    throw error;
  }
}
