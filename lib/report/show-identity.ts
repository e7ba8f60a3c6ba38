import { IDENTIFIER_KINDS } from '../domain/identifier.ts';
import { shortKey } from '../domain/manual-rules.ts';
import type { IdentityDrift } from '../pipeline/identity-drift.ts';
import type { GraphChanges, GraphFacts } from '../pipeline/published-graph.ts';
import type { JudgedLink, WhoIs } from '../pipeline/who-is.ts';
import { printable, textTable } from './text-table.ts';

const left = (title: string) => ({ title, align: 'left' as const });
const whole = (n: number) => n.toLocaleString('en-US');
const kindName = (kind: number | null) =>
  kind === null ? 'identifier' : (IDENTIFIER_KINDS[kind] ?? 'identifier');
const named = (kind: number | null, key: string) => `${kindName(kind)} ${shortKey(key)}`;

/** What the graph of a build comes to, in a line, and what is different from the build before, in another. */
export function graphText(graph: GraphFacts, changes: GraphChanges): string {
  const facts = `Identity graph ${graph.graph_version}, stitched by ${graph.stitching === 'retro' ? 'what is known today' : 'what was known at the time'}: ${whole(graph.identifiers)} linked identifiers, ${whole(graph.links)} links (${whole(graph.refused_links)} refused), ${whole(graph.persons)} persons, the largest of ${whole(graph.largest_person)}; ${whole(graph.shared_identifiers)} shared identifiers, ${whole(graph.withdrawn_persons)} persons withdrew`;
  return `${facts}\n${changesText(changes)}`;
}

/** What a build changed about who is who, in a line. */
export function changesText(changes: GraphChanges): string {
  const total = changes.reduce((sum, { identifiers }) => sum + identifiers, 0);
  if (total === 0) return 'Who is who: as in the build before.';
  const parts = changes.map(
    ({ person_change, changed_by, identifiers, persons_before }) =>
      `${whole(identifiers)} ${person_change}${persons_before > 0 ? ` of ${whole(persons_before)} persons` : ''} (${changed_by})`,
  );
  return `Who is who: ${whole(total)} identifiers have another person than in the build before: ${parts.join(', ')}.`;
}

/** How the online graph and the published build differ, in lines. */
export function driftText(drift: IdentityDrift): string {
  const { build, online, equal } = drift;
  const agree = `Online graph: ${whole(online)} links; the build has ${whole(build)}, ${whole(equal)} are equal.`;
  const differences: [number, string][] = [
    [drift.missing_online, 'are in the build alone: ropo identity refresh adds them'],
    [drift.later_online, 'were seen earlier in the build: ropo identity refresh mends them'],
    [drift.earlier_online, 'were seen earlier online: by records that came after the build'],
    [drift.newer_online, 'are online alone and newer than the build: ropo build takes them in'],
    [
      drift.other_online,
      'are online alone, of a time that the build covers: by records that came late, or whose document or consent changed; ropo build shows which',
    ],
  ];
  return [agree, ...differences.flatMap(([n, why]) => (n > 0 ? [`  ${whole(n)} ${why}.`] : []))].join('\n');
}

/** A person, what is known of it, and which links made it one or were refused. No clear value is in it. */
export function whoText(who: WhoIs, asked: { kind: string; key: string }): string {
  const lines = [
    `${asked.kind} ${shortKey(asked.key)} is person ${who.person_id}, known by ${who.identifiers.length === 1 ? 'this identifier alone' : `${whole(who.identifiers.length)} identifiers`}.`,
  ];
  if (!who.is_whole)
    lines.push('Not all links around it were read, as there are too many: the build is what counts.');
  lines.push(
    '',
    textTable(
      [left('Identifier'), left('Joins nobody because of')],
      who.identifiers.map(({ kind, identifier_key, rule }) => [named(kind, identifier_key), rule ?? '']),
    ),
  );
  if (who.links.length > 0) lines.push('', linkTable(who.links));
  return lines.join('\n');
}

/** As many links as a screen holds; the rest are counted. */
const LISTED = 50;

function linkTable(links: readonly JudgedLink[]): string {
  const table = textTable(
    [left('Seen together'), left('with'), left('First seen'), left('Link')],
    links
      .toSorted((a, b) => Number(b.rule !== null) - Number(a.rule !== null))
      .slice(0, LISTED)
      .map((link) => [
        named(link.strong_kind, link.strong_key),
        named(link.weak_kind, link.weak_key),
        link.first_seen,
        link.rule === null ? 'followed' : `refused: ${link.rule}`,
      ]),
  );
  return links.length > LISTED ? `${table}\n... and ${whole(links.length - LISTED)} more` : table;
}

export interface ShownRule {
  rule_id: string;
  rule: string;
  identifier_key: string;
  other_key: string;
  reason: string;
  made_at: string;
}

/** The manual rules of a shop. */
export function rulesText(rules: readonly ShownRule[]): string {
  if (rules.length === 0)
    return 'There are no rules of your own. Make one with: ropo identity block|allow KIND VALUE, or: separate KIND VALUE KIND VALUE';
  return textTable(
    [left('Rule'), left('Identifier'), left('From'), left('Made'), left('Reason'), left('Id, for unrule')],
    rules.map((rule) => [
      rule.rule,
      printable(shortKey(rule.identifier_key)),
      printable(shortKey(rule.other_key)),
      printable(rule.made_at.slice(0, 10)),
      printable(rule.reason),
      printable(rule.rule_id, 80),
    ]),
  );
}
