import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Argument, type Command } from 'commander';
import { openIdentityStore } from '../../lib/adapters/embedded/identity-store.ts';
import { openReader } from '../../lib/adapters/embedded/reader.ts';
import { openRuleFile } from '../../lib/adapters/embedded/rule-file.ts';
import { identitySecret, type ShopDirectory } from '../../lib/adapters/embedded/shop-directory.ts';
import { createIdentify, IDENTIFIER_KINDS, type IdentifierKind } from '../../lib/domain/identifier.ts';
import { kpiNamed } from '../../lib/domain/kpi-catalogue.ts';
import { clearOf, keyIn, ruleId, separateId, shortKey } from '../../lib/domain/manual-rules.ts';
import { identityDrift, refreshIdentity } from '../../lib/pipeline/identity-drift.ts';
import { publishedChanges, publishedGraph } from '../../lib/pipeline/published-graph.ts';
import { allPublishedLinks, publishedLinks, publishedRules } from '../../lib/pipeline/published-links.ts';
import { type Published, reportKpi } from '../../lib/pipeline/report-kpi.ts';
import { personOf } from '../../lib/pipeline/who-is.ts';
import { driftText, graphText, rulesText, whoText } from '../../lib/report/show-identity.ts';
import { kpiTable } from '../../lib/report/show-kpi.ts';
import { type GlobalOptions, say, UserError } from './context.ts';
import { noOtherWord } from './other-word.ts';

type ShopIn = (options: Partial<GlobalOptions>) => ShopDirectory;
interface RuleOptions extends Partial<GlobalOptions> {
  reason?: string;
  country?: string;
}

/** `ropo identity`: how good the identity graph is, who an identifier belongs to, and rules of the shop's own. */
export function defineIdentity(identity: Command, shopIn: ShopIn): Command {
  const shopOf = (options: Partial<GlobalOptions>) =>
    shopIn({ ...identity.opts<Partial<GlobalOptions>>(), ...options });
  const word = (name: string, description: string) =>
    identity.command(name).description(description).option('--data <dir>', 'folder that holds the shop');
  const kind = (name = 'kind') =>
    new Argument(`<${name}>`, 'kind of the identifier').choices(IDENTIFIER_KINDS);
  const country = ['--country <code>', 'country of a phone number without +, as IT'] as const;

  noOtherWord(identity).action((options: Partial<GlobalOptions>) => showQuality(shopOf(options)));
  word('who', 'the person of an identifier, and the links that made it')
    .addArgument(kind())
    .argument('<value>', 'as a record would state it; it is not printed')
    .option(...country)
    .action((of: IdentifierKind, value: string, options: RuleOptions) =>
      showWho(shopOf(options), of, value, options),
    );
  for (const [rule, description] of [
    ['block', 'an identifier joins nobody, from the next build on'],
    ['allow', 'an identifier is never taken to be shared, from the next build on'],
  ] as const)
    word(rule, description)
      .addArgument(kind())
      .argument('<value>', 'as a record would state it; only its key is kept')
      .option('--reason <text>', 'why, for those who read the rules')
      .option(...country)
      .action((of: IdentifierKind, value: string, options: RuleOptions) =>
        addRule(shopOf(options), rule, of, value, options),
      );
  word('separate', 'two identifiers never come into one person, from the next build on')
    .addArgument(kind())
    .argument('<value>', 'the one')
    .addArgument(kind('other-kind'))
    .argument('<other-value>', 'the other')
    .option('--reason <text>', 'why, for those who read the rules')
    .option(...country)
    .action((of: IdentifierKind, one: string, ofOther: IdentifierKind, other: string, options: RuleOptions) =>
      addSeparation(shopOf(options), [of, one], [ofOther, other], options),
    );
  word('rules', 'the rules of your own').action((options: Partial<GlobalOptions>) => {
    say(rulesText(openRuleFile(shopOf(options)).list()));
  });
  word('unrule', 'take a rule away, from the next build on')
    .argument('<id>', 'as ropo identity rules shows it')
    .action((id: string, options: Partial<GlobalOptions>) => {
      if (!openRuleFile(shopOf(options)).remove(id))
        throw new UserError('There is no rule of that id; ropo identity rules lists them');
      say(`${NEXT_BUILD} without it.`);
    });
  word('refresh', "top the online graph up with the published build's evidence").action(
    (options: Partial<GlobalOptions>) => refresh(shopOf(options)),
  );
  return identity;
}

const NEXT_BUILD = 'The next build (npx ropo build) resolves who is who anew';

const QUALITY = kpiNamed('identity-quality')!.groupings;

async function withPublished(
  directory: ShopDirectory,
  run: (published: Published) => Promise<void>,
): Promise<void> {
  const reader = await openReader(directory);
  try {
    const published = await reader.published();
    if (!published) throw new UserError('Nothing has been built yet. Run: npx ropo build');
    await run(published);
  } finally {
    reader.close();
  }
}

const showQuality = (directory: ShopDirectory) =>
  withPublished(directory, async (published) => {
    say(graphText(await publishedGraph(published), await publishedChanges(published)));
    for (const by of QUALITY) {
      const answer = await reportKpi(published, { kpi: 'identity-quality', by });
      const columns = answer.columns.filter(({ name }) => answer.rows.some((row) => row[name] != null));
      if (answer.rows.length > 0) say(`\n${kpiTable({ ...answer, columns })}`);
    }
    say();
    if (!hasOnlineGraph(directory)) {
      say('There is no online graph: records came by files alone. ropo identity refresh makes one.');
      return;
    }
    const store = openIdentityStore(directory);
    try {
      say(driftText(await identityDrift(store, allPublishedLinks(published), store.all())));
    } finally {
      await store.close();
    }
  });

const hasOnlineGraph = ({ root }: ShopDirectory) => existsSync(join(root, 'identity', 'links.mdb'));

/**
 * The key of a clear value. The value itself stands in no message.
 * @throws UserError when it identifies nobody
 */
function keyOf(directory: ShopDirectory, kind: IdentifierKind, value: string, country?: string): string {
  const identify = createIdentify(identitySecret(directory));
  const key = keyIn(identify(clearOf(kind, value), country?.toUpperCase() ?? null), kind);
  if (key !== undefined) return key;
  const hint = kind === 'phone' ? '; a number without + needs --country' : '';
  throw new UserError(
    `That ${kind} identifies nobody: it is malformed or one that trackers write for no one${hint}`,
  );
}

const showWho = (directory: ShopDirectory, kind: IdentifierKind, value: string, { country }: RuleOptions) =>
  withPublished(directory, async (published) => {
    const key = keyOf(directory, kind, value, country);
    const rules = await publishedRules(published);
    const who = await personOf(publishedLinks(published), key, rules);
    say(whoText(who, { kind, key }));
    if (!hasOnlineGraph(directory)) return;
    const store = openIdentityStore(directory);
    try {
      const online = await personOf(store, key, rules);
      const isEqual =
        online.person_id === who.person_id && online.identifiers.length === who.identifiers.length;
      say(
        isEqual
          ? '\nThe online graph says the same.'
          : `\nThe online graph says person ${online.person_id}, known by ${online.identifiers.length} identifiers: it has links that the build does not have, or lacks some. ropo identity shows how many.`,
      );
    } finally {
      await store.close();
    }
  });

const OPPOSITE = { block: 'allow', allow: 'block' } as const;

function addRule(
  directory: ShopDirectory,
  rule: 'block' | 'allow',
  kind: IdentifierKind,
  value: string,
  { reason = '', country }: RuleOptions,
): void {
  const key = keyOf(directory, kind, value, country);
  openRuleFile(directory).add(
    {
      rule_id: ruleId(rule, key),
      rule,
      identifier_key: key,
      other_key: '',
      reason,
      made_at: new Date().toISOString(),
    },
    ruleId(OPPOSITE[rule], key),
  );
  say(`${rule} ${kind} ${shortKey(key)}. ${NEXT_BUILD} and says what changed.`);
}

function addSeparation(
  directory: ShopDirectory,
  one: readonly [IdentifierKind, string],
  other: readonly [IdentifierKind, string],
  { reason = '', country }: RuleOptions,
): void {
  const [key, otherKey] = [keyOf(directory, ...one, country), keyOf(directory, ...other, country)];
  if (key === otherKey) throw new UserError('Both are the same identifier: it cannot be apart from itself');
  openRuleFile(directory).add({
    rule_id: separateId(key, otherKey),
    rule: 'separate',
    identifier_key: key,
    other_key: otherKey,
    reason,
    made_at: new Date().toISOString(),
  });
  say(
    `separate ${one[0]} ${shortKey(key)} from ${other[0]} ${shortKey(otherKey)}. ${NEXT_BUILD} and says what changed.`,
  );
}

const refresh = (directory: ShopDirectory) =>
  withPublished(directory, async (published) => {
    const store = openIdentityStore(directory);
    try {
      const { reads, writes } = await refreshIdentity(store, allPublishedLinks(published));
      say(
        `Read ${reads.toLocaleString('en-US')} links of build ${published.manifest.build_id}; ${writes.toLocaleString('en-US')} were new to the online graph or earlier.`,
      );
    } finally {
      await store.close();
    }
  });
