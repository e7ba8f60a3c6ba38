import { IDENTIFIER_KINDS } from './identifier.ts';

/**
 * The rules that keep strangers apart, as numbers that the resolver reads. Limits and manual rules come as rows of the
 * seeds `identity_limits` and `identity_rules`.
 */

/** Identifier kinds by strength; the numbers are those of `identity_nodes.kind`. */
export const KIND_CODES = { customer: 0, loyalty: 1, email: 2, phone: 3, anonymous: 4, payment: 5 } as const;

/** What an identifier of each kind is called once it has been seen with too many others. */
const SHARED_RULES = [
  'shared_account',
  'household_card',
  'shared_email',
  'shared_phone',
  'shared_device',
  'shared_payment',
] as const;

/** Why a link was refused, by its code; code 0 is a link that was followed. */
export const RULES = [
  '',
  'blocked',
  'separated',
  ...SHARED_RULES,
  'degree',
  'conflict',
  'too_large',
] as const;
export type IdentityRule = Exclude<(typeof RULES)[number], ''>;

/** The code of a rule in `refused` and `shared` of a partition. */
export const ruleCode = (rule: IdentityRule): number => RULES.indexOf(rule);

const SHARED_CODES = SHARED_RULES.map(ruleCode);
export const sharedRuleOf = (kind: number): number => SHARED_CODES[kind]!;

/**
 * What is counted about an identifier: distinct others of each kind, all of them together; of cards and devices the
 * distinct persons among them; of cards the payment tokens, as who may have paid.
 */
const COUNTED = [...IDENTIFIER_KINDS, 'links', 'persons', 'payers'] as const;
export const LINKS = COUNTED.indexOf('links');
export const PERSONS = COUNTED.indexOf('persons');
export const PAYERS = COUNTED.indexOf('payers');
/** Kinds that are judged by persons: what a household shares. */
export const JUDGED_BY_PERSONS: readonly number[] = [KIND_CODES.loyalty, KIND_CODES.anonymous];
const NO_LIMIT = 2 ** 31 - 1;

/** How much an identifier may be seen with before it is taken to be several people's. */
export interface IdentityLimits {
  /** At [kind x kinds of counts + what is counted]: the most that is still one person's; read it by `mostOf`. */
  most: Int32Array;
  /** Most identifiers of one person, payment tokens aside. */
  personSize: number;
}

export interface IdentityPolicy {
  limits: IdentityLimits;
  /** Identifiers whose links join nobody. */
  blocked?: readonly number[];
  /** Identifiers that are never taken to be shared. */
  allowed?: readonly number[];
  /** Pairs that never end in one person. */
  separated?: readonly (readonly [number, number])[];
}

export const mostOf = ({ most }: IdentityLimits, kind: number, counted: number): number =>
  most[kind * COUNTED.length + counted]!;

/** One row of sql/seeds/identity_limits.csv. */
export interface LimitRow {
  limit_name: string;
  kind: string;
  counted: string;
  most: number;
}

/** One row of sql/seeds/identity_rules.csv. */
export interface RuleRow {
  rule_id: string;
  rule: string;
  identifier_key: string;
  other_key: string | null;
}

/** Without any limit: links are refused by unique identifiers and manual rules alone. */
export const noLimits = (): IdentityLimits => ({
  most: new Int32Array(IDENTIFIER_KINDS.length * COUNTED.length).fill(NO_LIMIT),
  personSize: NO_LIMIT,
});

const isCounted = (kind: number, what: number): boolean => {
  if (what === PAYERS) return kind === KIND_CODES.loyalty;
  return what !== PERSONS || JUDGED_BY_PERSONS.includes(kind);
};

/**
 * Limits from the rows of the seed; what no row limits is unlimited.
 * @throws Error naming a row whose kinds nothing reads, or whose limit is none
 */
export function limitsOf(rows: readonly LimitRow[]): IdentityLimits {
  const limits = noLimits();
  for (const { limit_name, kind, counted, most } of rows) {
    if (!(Number.isInteger(Number(most)) && Number(most) >= 1))
      throw new Error(
        `identity_limits, row ${limit_name}: most is ${most}; it must be a whole number from 1`,
      );
    const of = IDENTIFIER_KINDS.indexOf(kind as (typeof IDENTIFIER_KINDS)[number]);
    const what = COUNTED.indexOf(counted as (typeof COUNTED)[number]);
    if (kind === 'person' && counted === 'identifiers') limits.personSize = Number(most);
    else if (of >= 0 && what >= 0 && isCounted(of, what))
      limits.most[of * COUNTED.length + what] = Number(most);
    else
      throw new Error(
        `identity_limits, row ${limit_name}: nothing counts "${counted}" of "${kind}"; kind is one of ${IDENTIFIER_KINDS.join(', ')} with counted one of ${COUNTED.join(', ')}, or person with identifiers; only loyalty and anonymous count persons, only loyalty payers`,
      );
  }
  return limits;
}

/**
 * The policy for identifiers that are numbered by `nodeOf`. Rules about identifiers that it does not know say nothing here.
 * @throws Error naming a row that is no rule
 */
export function policyOf(
  limits: readonly LimitRow[],
  rules: readonly RuleRow[],
  nodeOf: (identifierKey: string) => number | undefined,
): IdentityPolicy & { blocked: number[]; allowed: number[]; separated: [number, number][] } {
  const policy = {
    limits: limitsOf(limits),
    blocked: [] as number[],
    allowed: [] as number[],
    separated: [] as [number, number][],
  };
  for (const { rule_id, rule, identifier_key, other_key } of rules) {
    if (!['block', 'allow', 'separate'].includes(rule))
      throw new Error(`identity_rules, row ${rule_id}: rule "${rule}" must be block, allow or separate`);
    if ((rule === 'separate') !== Boolean(other_key))
      throw new Error(
        `identity_rules, row ${rule_id}: other_key must be ${rule === 'separate' ? 'the identifier to keep apart from' : `empty for ${rule}`}`,
      );
    if (identifier_key === other_key)
      throw new Error(`identity_rules, row ${rule_id}: an identifier cannot be apart from itself`);
    const node = nodeOf(identifier_key);
    if (node === undefined) continue;
    if (rule === 'block') policy.blocked.push(node);
    else if (rule === 'allow') policy.allowed.push(node);
    else {
      const other = nodeOf(other_key!);
      if (other !== undefined) policy.separated.push([node, other]);
    }
  }
  return policy;
}
