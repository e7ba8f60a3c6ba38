import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openEngine } from '../../adapters/embedded/duckdb.ts';
import { openShop } from '../../adapters/embedded/shop.ts';
import { openBuild } from '../../adapters/embedded/warehouse.ts';
import type { Slip } from '../../demo/identity-noise.ts';
import type { PersonTruth } from '../../demo/truth-people.ts';
import { writeDemoShop } from '../../demo/write-shop.ts';
import type { ClearIdentifiers, IdentifierKeys, Identify } from '../../domain/identifier.ts';
import { inputFile } from '../../formats/files.ts';
import { FORMATS } from '../../formats/index.ts';
import { importFiles } from '../../pipeline/import-files.ts';
import { readSeeds } from '../../pipeline/seeds.ts';
import { createIdentityTables } from './identity-tables.ts';
import { type IdentityScore, type IdentityTruth, scoreIdentity } from './score.ts';

export interface IdentityTrial {
  persons: number;
  seed: number;
  /** How many times the default noise. */
  noise: number;
}

export interface TriedIdentity extends IdentityTrial, IdentityScore {
  /** Mistaken identifiers that the shop's records hold. */
  slips: number;
}

/** Imported a day after the demo shop's half-year. */
const NOW = Date.UTC(2025, 6, 2);

/** Writes a demo shop below `root`, imports it as real data would be, resolves who is who, and scores that. */
export async function tryIdentity(trial: IdentityTrial, root: string): Promise<TriedIdentity> {
  const directory = join(root, 'demo');
  const files = await writeDemoShop({ directory, ...trial });
  const shop = await openShop(root, 'validate', () => NOW);
  try {
    for (const { format, file } of files)
      await importFiles(shop.importer, FORMATS[format]!, [inputFile(file)]);
    const engine = await openEngine({ spillDirectory: shop.directory.spill });
    try {
      const warehouse = await openBuild(shop.directory, engine, 'validate');
      await createIdentityTables(warehouse, readSeeds(shop.directory.seeds));
      const persons = await warehouse.query(
        'SELECT n.identifier_key, p.person_id FROM identity_nodes n JOIN persons p ON p.identifier_key = n.identifier_key',
      );
      const links = await warehouse.query('SELECT strong_key, weak_key FROM identity_pairs');
      const slips = linesOf<Slip>(join(directory, 'truth', 'slips.jsonl'));
      const people = linesOf<PersonTruth>(join(directory, 'truth', 'people.jsonl'));
      const truth: IdentityTruth = {
        ownersOf: ownersOf(people, slips, shop.importer.identify),
        householdOf: new Map(people.map((person) => [person.person_id, person.household_id])),
        links: links.map((row) => [String(row.strong_key), String(row.weak_key)]),
      };
      const personOf = new Map(persons.map((row) => [String(row.identifier_key), String(row.person_id)]));
      return { ...trial, slips: slips.length, ...scoreIdentity(personOf, truth) };
    } finally {
      engine.close();
    }
  } finally {
    shop.close();
  }
}

const linesOf = <T>(path: string): T[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);

/** Who uses each identifier. A mistyped address is of who mistyped it; a till's address and a cashier's card are nobody's. */
function ownersOf(
  people: readonly PersonTruth[],
  slips: readonly Slip[],
  identify: Identify,
): Map<string, Set<string>> {
  const owners = new Map<string, Set<string>>();
  const own = (person: string, clear: ClearIdentifiers) => {
    for (const key of Object.values(identify(clear, null) as IdentifierKeys)) {
      if (key === undefined) continue;
      if (!owners.has(key)) owners.set(key, new Set());
      owners.get(key)!.add(person);
    }
  };
  for (const { person_id, customer_id, loyalty_id, email, phone, payment_token, anonymous_ids } of people) {
    own(person_id, { customer_id, loyalty_id, email, phone, payment_token });
    for (const anonymous_id of anonymous_ids) own(person_id, { anonymous_id });
  }
  for (const { kind, person_id, value } of slips)
    if (kind === 'mistyped_email') own(person_id, { email: value });
  return owners;
}
