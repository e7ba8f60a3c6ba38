import { type IdentityPolicy, type Partition, RULES, resolvePersons } from '../domain/identity.ts';
import { type LimitRow, policyOf, type RuleRow } from '../domain/identity-policy.ts';
import type { IdentityLink, IdentityStore } from '../ports.ts';
import { type NumberedEvidence, numberEvidence } from './identity-part.ts';
import { passageBy } from './who-is-passage.ts';

/** What decides who is who beside the links: rows of the seeds identity_limits and identity_rules. */
export interface IdentityRules {
  limits: readonly LimitRow[];
  rules: readonly RuleRow[];
}

/** How much of the links one question may read. */
export interface WalkLimits {
  /** Links of one identifier; one with more is not gone through. Must be above every limit of the rules. */
  links: number;
  /** Identifiers in all. */
  identifiers: number;
}

export const WALK_LIMITS: WalkLimits = { links: 2_000, identifiers: 5_000 };

/**
 * A link of a person and what became of it: `rule` is null where it was followed. Where both ends join nobody, it is the
 * rule of either.
 */
export interface JudgedLink extends IdentityLink {
  rule: string | null;
}

/** The person of an identifier with the evidence around it. */
export interface WhoIs {
  person_id: string;
  /** Identifiers of the person, strongest and oldest first. */
  identifiers: { identifier_key: string; kind: number | null; rule: string | null }[];
  /** Links of those identifiers. */
  links: JudgedLink[];
  /** Whether all was read that the answer depends on; false where the limits of the walk cut it short. */
  is_whole: boolean;
}

/** How a person is named: after the identifier that stands for it, as sql/staging/persons.sql does. */
export const personName = (identifierKey: string) => `p${identifierKey.slice(0, 11)}`;

/**
 * Who an identifier belongs to, from the links around it: the same answer as that of a build on the same links.
 * Reads the links of the identifier, of its neighbours, of theirs and so on, but goes through no identifier that joins
 * nobody. Requests: one per identifier read; time: linear in the links read, which are resolved once.
 */
export async function personOf(
  store: Pick<IdentityStore, 'linksOf'>,
  identifierKey: string,
  rules: IdentityRules,
  walk: WalkLimits = WALK_LIMITS,
): Promise<WhoIs> {
  const byPair = new Map<string, IdentityLink>();
  const read = new Set<string>();
  let isWhole = true;
  let next = [identifierKey];
  const mayPass = passageBy(rules);
  while (next.length > 0) {
    const room = walk.identifiers - read.size;
    if (next.length > room) {
      isWhole = false;
      next = next.slice(0, room);
      if (room <= 0) break;
    }
    for (const key of next) read.add(key);
    const found = await Promise.all(next.map((key) => store.linksOf(key, walk.links)));
    for (const link of found.flat()) byPair.set(`${link.strong_key} ${link.weak_key}`, link);
    const ways: IdentityLink[] = [];
    for (const [at, key] of next.entries()) {
      const own = found[at]!;
      if (!mayPass(key, own)) continue;
      if (own.length < walk.links) for (const link of own) ways.push(link);
      else isWhole = false;
    }
    next = unreadEnds(ways, read);
  }
  return answer(identifierKey, partOf(Array.from(byPair.values()), rules), isWhole);
}

interface Part extends NumberedEvidence {
  partition: Partition;
  policy: IdentityPolicy;
  blocked: ReadonlySet<number>;
}

function partOf(links: readonly IdentityLink[], { limits, rules }: IdentityRules): Part {
  const numbered = numberEvidence(links);
  const policy = policyOf(limits, rules, numbered.nodeOf);
  const partition = resolvePersons(numbered.evidence, policy);
  return { ...numbered, partition, policy, blocked: new Set(policy.blocked) };
}

/** The ends of some links that were not read yet. */
function unreadEnds(links: readonly IdentityLink[], read: ReadonlySet<string>): string[] {
  const ends = new Set<string>();
  for (const { strong_key, weak_key } of links)
    for (const key of [strong_key, weak_key]) if (!read.has(key)) ends.add(key);
  return Array.from(ends).sort();
}

function answer(
  identifierKey: string,
  { links, keys, nodeOf, evidence, partition, blocked }: Part,
  isWhole: boolean,
): WhoIs {
  const own = nodeOf(identifierKey);
  if (own === undefined)
    return {
      person_id: personName(identifierKey),
      identifiers: [{ identifier_key: identifierKey, kind: null, rule: null }],
      links: [],
      is_whole: isWhole,
    };
  const person = partition.person[own]!;
  const members = keys.flatMap((key, node) => (partition.person[node] === person ? [{ key, node }] : []));
  const isMember = new Set(members.map(({ key }) => key));
  return {
    person_id: personName(keys[person]!),
    identifiers: members.map(({ key, node }) => ({
      identifier_key: key,
      kind: evidence.kinds[node]!,
      rule: blocked.has(node) ? 'blocked' : ruleNamed(partition.shared.rules[node]!),
    })),
    links: links.flatMap((link, at) =>
      isMember.has(link.strong_key) || isMember.has(link.weak_key)
        ? [{ ...link, rule: ruleNamed(partition.refused[at]!) }]
        : [],
    ),
    is_whole: isWhole,
  };
}

const ruleNamed = (code: number): string | null => (code === 0 ? null : RULES[code]!);
