import { type IdentityEvidence, RULES, resolvePersons } from '../domain/identity.ts';
import { identityDigest } from '../domain/identity-digest.ts';
import { personHistory } from '../domain/identity-history.ts';
import { numbers } from '../domain/identity-links.ts';
import { type IdentityPolicy, type LimitRow, policyOf, type RuleRow } from '../domain/identity-policy.ts';
import type { Warehouse } from '../ports.ts';
import { type BuildStep, buildStep } from './build-step.ts';

/** Who is who: the links between identifiers as a partition into persons, what became of each link, and who was who when. */
export const resolveIdentity: BuildStep = buildStep(
  'resolve_identity',
  ['identity_nodes', 'identity_links', 'seed_identity_limits', 'seed_identity_rules'],
  [
    {
      name: 'identity_partition',
      folder: 'staging',
      grain:
        'One row per linked identifier: the identifier that stands for its person, and the link since which it did.',
      key: ['node'],
    },
    {
      name: 'identity_refusals',
      folder: 'staging',
      grain: 'One row per link between identifiers that was not followed, with the rule against it.',
      key: ['link'],
    },
    {
      name: 'identity_shared',
      folder: 'staging',
      grain: 'One row per identifier that several people use: it joins nobody.',
      key: ['node'],
    },
    {
      name: 'identity_stages',
      folder: 'staging',
      grain: 'One row per identifier and past stage: the identifier that stood for its person then.',
      key: ['node', 'until_link'],
    },
    {
      name: 'identity_digest',
      folder: 'staging',
      grain: 'One row: what the resolution came to, as a hash and in figures.',
      key: ['digest'],
    },
  ],
  async (warehouse: Warehouse, make) => {
    const { kind } = await warehouse.columns('SELECT kind FROM identity_nodes ORDER BY node');
    const links = await warehouse.columns(
      'SELECT from_node, to_node, seen_at_ms FROM identity_links ORDER BY link',
    );
    const evidence: IdentityEvidence = {
      kinds: kind as Int32Array,
      from: links.from_node as Int32Array,
      to: links.to_node as Int32Array,
      firstSeen: links.seen_at_ms as Float64Array,
    };
    const partition = resolvePersons(evidence, await readPolicy(warehouse));
    const history = personHistory(evidence, partition);
    const { person, refused, shared } = partition;
    const refusals = numbers(refused.length).filter((link) => refused[link] !== 0);
    await make('identity_partition', {
      node: numbers(person.length),
      person_node: person,
      since_link: history.since,
    });
    await make('identity_refusals', {
      link: refusals,
      rule: Array.from(refusals, (link) => RULES[refused[link]!]!),
    });
    await make('identity_shared', {
      node: Int32Array.from(shared.nodes),
      rule: shared.nodes.map((node) => RULES[shared.rules[node]!]!),
      people: Int32Array.from(shared.people),
      links: Int32Array.from(shared.links),
    });
    await make('identity_stages', {
      node: history.node,
      from_link: history.fromLink,
      until_link: history.untilLink,
      person_node: history.person,
    });
    const { digest, persons, largestPerson } = identityDigest(evidence, partition, history);
    await make('identity_digest', {
      digest: [digest],
      persons: Int32Array.of(persons),
      largest_person: Int32Array.of(largestPerson),
    });
  },
);

async function readPolicy(warehouse: Warehouse): Promise<IdentityPolicy> {
  const limits = await warehouse.query('SELECT * FROM seed_identity_limits ORDER BY limit_name');
  const rules = await warehouse.query('SELECT * FROM seed_identity_rules ORDER BY rule_id');
  const known = await warehouse.query(
    `SELECT n.identifier_key, n.node
     FROM identity_nodes n
     JOIN (SELECT identifier_key FROM seed_identity_rules UNION SELECT other_key FROM seed_identity_rules) r
       ON r.identifier_key = n.identifier_key`,
  );
  const nodes = new Map(known.map(({ identifier_key, node }) => [String(identifier_key), Number(node)]));
  return policyOf(limits as unknown as LimitRow[], rules as unknown as RuleRow[], (key) => nodes.get(key));
}
