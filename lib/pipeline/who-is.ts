import {
  type IdentityPolicy,
  KIND_CODES,
  type Partition,
  RULES,
  resolvePersons,
  ruleCode,
} from '../domain/identity.ts';
import { type LimitRow, mostOf, policyOf, type RuleRow } from '../domain/identity-policy.ts';
import type { IdentityLink, IdentityStore } from '../ports.ts';
import { type NumberedEvidence, numberEvidence } from './identity-part.ts';

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
 * nobody. Requests: one per identifier read; time: as many resolutions of what was read as it is links wide.
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
  let part = partOf([], rules);
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
    part = partOf(Array.from(byPair.values()), rules);
    const ways: string[] = [];
    for (const [at, key] of next.entries()) {
      if (endsWalk(part, key, found[at]!)) continue;
      if (found[at]!.length < walk.links) ways.push(key);
      else isWhole = false;
    }
    next = unreadNeighbours(ways, read, byPair.values());
  }
  return answer(identifierKey, part, isWhole);
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

const DEGREE = ruleCode('degree');

/**
 * Whether what lies behind an identifier can matter. Not behind one that is blocked, has too many links, or is shared by
 * its own links alone, as accounts, emails and phones are, and cards of several accounts. Whether other cards and devices
 * are shared may depend on what is behind their neighbours.
 */
function endsWalk(
  { nodeOf, evidence, partition, blocked, policy }: Part,
  identifierKey: string,
  own: readonly IdentityLink[],
): boolean {
  const node = nodeOf(identifierKey);
  if (node === undefined) return true;
  const rule = partition.shared.rules[node]!;
  const kind = evidence.kinds[node]!;
  if (blocked.has(node) || rule === DEGREE) return true;
  if (rule === 0 || kind > KIND_CODES.phone) return false;
  if (kind !== KIND_CODES.loyalty) return true;
  const accounts = new Set(
    own.filter((link) => link.strong_kind === KIND_CODES.customer).map((link) => link.strong_key),
  );
  return accounts.size > mostOf(policy.limits, KIND_CODES.loyalty, KIND_CODES.customer);
}

/** The other ends of the links of some identifiers, where they were not read yet. */
function unreadNeighbours(
  of: readonly string[],
  read: ReadonlySet<string>,
  links: Iterable<IdentityLink>,
): string[] {
  const ends = new Set(of);
  const neighbours = new Set<string>();
  for (const { strong_key, weak_key } of links) {
    if (ends.has(strong_key) && !read.has(weak_key)) neighbours.add(weak_key);
    if (ends.has(weak_key) && !read.has(strong_key)) neighbours.add(strong_key);
  }
  return Array.from(neighbours).sort();
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
