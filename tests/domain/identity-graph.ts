import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';
import {
  type IdentityEvidence,
  type IdentityPolicy,
  KIND_CODES,
  type Partition,
  RULES,
  resolvePersons,
} from '../../lib/domain/identity.ts';
import {
  type IdentityLimits,
  type LimitRow,
  limitsOf,
  type RuleRow,
} from '../../lib/domain/identity-policy.ts';

/** Evidence by names instead of numbers: "c:alice" is an account, l: a card, e: an email, p: a phone, d: a device, t: a token. */
const LETTERS: Record<string, number> = {
  c: KIND_CODES.customer,
  l: KIND_CODES.loyalty,
  e: KIND_CODES.email,
  p: KIND_CODES.phone,
  d: KIND_CODES.anonymous,
  t: KIND_CODES.payment,
};
export const kindOf = (name: string): number => LETTERS[name[0]!]!;

/** Two identifiers that were seen together, and when. */
export type NamedLink = readonly [one: string, other: string, at: number];

/** What a record carries; its strongest identifier is linked with each of the others, as sql/ does it. */
export const record = (at: number, ...names: string[]): NamedLink[] => {
  const [strongest, ...others] = names.toSorted((a, b) => kindOf(a) - kindOf(b));
  return others.map((other) => [strongest!, other, at]);
};

const STANDARD_ROWS: LimitRow[] = parse(
  readFileSync(fileURLToPath(new URL('../../sql/seeds/identity_limits.csv', import.meta.url)), 'utf8'),
  { columns: (header: string[]) => header.map((cell) => cell.split(':')[0]!) },
);

/** The limits that a shop has which sets none of its own. */
export const STANDARD_LIMITS: IdentityLimits = limitsOf(STANDARD_ROWS);

/** Those of a shop where a card or browser may have met two persons: of the two it makes one. */
export const BRIDGING_LIMITS: IdentityLimits = limitsOf(
  STANDARD_ROWS.map((row) => (row.counted === 'persons' ? { ...row, most: 2 } : row)),
);

export interface NamedGraph {
  names: string[];
  evidence: IdentityEvidence;
  nodeOf(name: string): number;
}

/** Numbers identifiers by kind, age and name. */
export function graphOf(links: readonly NamedLink[]): NamedGraph {
  const firstSeen = new Map<string, number>();
  for (const [one, other, at] of links)
    for (const name of [one, other]) firstSeen.set(name, Math.min(at, firstSeen.get(name) ?? at));
  const names = [...firstSeen.keys()].sort(
    (a, b) => kindOf(a) - kindOf(b) || firstSeen.get(a)! - firstSeen.get(b)! || (a < b ? -1 : 1),
  );
  const nodes = new Map(names.map((name, node) => [name, node]));
  return {
    names,
    nodeOf: (name) => nodes.get(name)!,
    evidence: {
      kinds: Int32Array.from(names, kindOf),
      from: Int32Array.from(links, ([one]) => nodes.get(one)!),
      to: Int32Array.from(links, ([, other]) => nodes.get(other)!),
      firstSeen: Float64Array.from(links, ([, , at]) => at),
    },
  };
}

export type NamedRule = readonly [rule: 'block' | 'allow' | 'separate', name: string, other?: string];

export function policyFor(
  graph: NamedGraph,
  limits: IdentityLimits,
  rules: readonly NamedRule[],
): IdentityPolicy {
  const known = (name: string) => graph.names.includes(name);
  const nodes = (word: string) =>
    rules.filter(([rule, name]) => rule === word && known(name)).map(([, name]) => graph.nodeOf(name));
  return {
    limits,
    blocked: nodes('block'),
    allowed: nodes('allow'),
    separated: rules
      .filter(([rule, name, other]) => rule === 'separate' && known(name) && known(other!))
      .map(([, name, other]) => [graph.nodeOf(name), graph.nodeOf(other!)]),
  };
}

export const ruleRow = ([rule, identifier_key, other]: NamedRule): RuleRow => ({
  rule_id: [rule, identifier_key, other].join('-'),
  rule,
  identifier_key,
  other_key: other ?? null,
});

export interface NamedPersons {
  /** The name that each identifier's person has. */
  of: Record<string, string>;
  /** Persons as sorted lists of identifiers. */
  groups: string[][];
  /** "rule one other" of each refused link, each once. */
  refused: string[];
  /** Rule by shared identifier. */
  shared: Record<string, string>;
}

export function resolveNamed(
  links: readonly NamedLink[],
  rules: readonly NamedRule[] = [],
  limits: IdentityLimits = STANDARD_LIMITS,
): NamedPersons {
  const graph = graphOf(links);
  return named(graph, resolvePersons(graph.evidence, policyFor(graph, limits, rules)));
}

export function named({ names, evidence }: NamedGraph, { person, refused, shared }: Partition): NamedPersons {
  const groups = new Map<number, string[]>();
  for (const [node, name] of names.entries()) {
    const group = groups.get(person[node]!);
    if (group) group.push(name);
    else groups.set(person[node]!, [name]);
  }
  const pair = (link: number) =>
    [evidence.from[link]!, evidence.to[link]!]
      .sort((a, b) => a - b)
      .map((node) => names[node]!)
      .join(' ');
  const refusals = Array.from(refused, (code, link) => (code === 0 ? '' : `${RULES[code]} ${pair(link)}`));
  return {
    of: Object.fromEntries(names.map((name, node) => [name, names[person[node]!]!])),
    groups: [...groups.values()].map((group) => group.sort()).sort(),
    refused: [...new Set(refusals.filter((text) => text !== ''))].sort(),
    shared: Object.fromEntries(shared.nodes.map((node) => [names[node]!, RULES[shared.rules[node]!]!])),
  };
}
