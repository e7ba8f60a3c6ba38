import type { TSchema } from '@sinclair/typebox';
import { type TypeCheck, TypeCompiler } from '@sinclair/typebox/compiler';
import { CONTRACTS, type RecordKind } from '../contract/index.ts';
import type { Acceptance } from './outcome.ts';

const checks = new Map<RecordKind, TypeCheck<(typeof CONTRACTS)[RecordKind]>>();

function checkOf(kind: RecordKind) {
  let check = checks.get(kind);
  if (!check) {
    check = TypeCompiler.Compile(CONTRACTS[kind]);
    checks.set(kind, check);
  }
  return check;
}

/** What a record has against its contract; null when it fits. */
export function schemaProblem(kind: RecordKind, value: unknown): Extract<Acceptance, { ok: false }> | null {
  if (checkOf(kind).Check(value)) return null;
  const error = checkOf(kind).Errors(value).First();
  if (!error) return { ok: false, reason: 'schema', detail: `${kind}: does not match its contract` };
  const field = error.path.slice(1) || 'the record';
  if (error.value === undefined)
    return { ok: false, reason: 'schema', detail: `${kind}: ${field} is missing` };
  const items = longList(error.schema, error.value);
  if (items !== null) {
    const detail = `${kind}: ${field} has ${(error.value as unknown[]).length} items; the limit is ${items}`;
    return { ok: false, reason: 'too_large', detail };
  }
  const wanted = allowedBy(error.schema) ?? described(error.schema) ?? inSentence(error.message);
  return {
    ok: false,
    reason: 'schema',
    detail: `${kind}: ${field} = ${shown(error.path, error.value)}: ${wanted}`,
  };
}

/** Fields whose values are personal, or text in which people may write what is. */
const PERSONAL =
  /\/(anonymous_id|customer_id|loyalty_id|payment_token|email|phone|email_sha256|phone_sha256|url|referrer|query|user_agent|tender|name|reason|utm_[a-z]+)$/;

/** A value as a message may quote it: a short word or a number, of a field that is not personal. */
function shown(path: string, value: unknown): string {
  if (PERSONAL.test(path) || (typeof value === 'object' && value !== null)) return 'its value';
  const text = JSON.stringify(value) ?? 'its value';
  return text.length <= 80 ? text : `${text.slice(0, 80)}...`;
}

/** Of a field that may be written in several ways, what it says: "expected union value" would help nobody. */
function described({ anyOf, description }: TSchema): string | null {
  return anyOf !== undefined && description !== undefined ? `it must be: ${inSentence(description)}` : null;
}

const inSentence = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);

/** "one of a, b, c" where a field has a list of values. */
function allowedBy(schema: TSchema): string | null {
  const options = (schema.anyOf ?? []) as TSchema[];
  const values = options
    .flatMap((option) => (option.anyOf as TSchema[] | undefined) ?? [option])
    .flatMap(({ const: value }) => (value === undefined ? [] : [value]));
  return values.length > 0 ? `it must be one of ${values.join(', ')}` : null;
}

/** The limit of a list that has more items than it; null for anything else. */
function longList(schema: TSchema, value: unknown): number | null {
  if (!Array.isArray(value)) return null;
  const options = [schema, ...((schema.anyOf ?? []) as TSchema[])];
  const limit = options.find(({ maxItems }) => maxItems !== undefined)?.maxItems as number | undefined;
  return limit !== undefined && value.length > limit ? limit : null;
}
