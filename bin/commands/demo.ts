import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { demoCostRates, demoTargets } from '../../lib/demo/shop-settings.ts';
import { simulateWorld } from '../../lib/demo/worlds/simulate-world.ts';
import { WORLD_NAMES, worldNamed } from '../../lib/demo/worlds/worlds.ts';
import { writeWorld } from '../../lib/demo/worlds/write-world.ts';
import { type DemoFile, writeDemoShop } from '../../lib/demo/write-shop.ts';
import { csvText } from '../../lib/report/csv.ts';
import { UserError } from './context.ts';
import { progressBar } from './progress.ts';

const demoOf = (root: string) => join(root, 'demo');
const importedMark = (root: string) => join(demoOf(root), 'imported');

/** Whether a folder holds a shop of its own, which a demo must not touch. */
function holdsOtherShop(root: string): boolean {
  const lake = join(root, 'lake');
  return existsSync(lake) && readdirSync(lake).length > 0 && !existsSync(demoOf(root));
}

/** Whether the demo shop is still to be made or its import was cut short. */
export const needsDemo = (root: string) => !holdsOtherShop(root) && !existsSync(importedMark(root));

export const markImported = (root: string) =>
  writeFileSync(importedMark(root), 'All files of this folder were imported.\n');

/**
 * Writes the demo shop's files below `root`/demo and the settings that go with it; those of a causal world where one
 * is named.
 * @throws UserError when the folder holds another shop, or when there is no such world
 */
export async function makeDemo(
  root: string,
  persons: number,
  seed: number,
  world?: string,
): Promise<DemoFile[]> {
  if (world !== undefined && !WORLD_NAMES.includes(world))
    throw new UserError(`There is no world "${world}". The worlds are: ${WORLD_NAMES.join(', ')}`);
  if (holdsOtherShop(root))
    throw new UserError(`${root} holds a shop already; give --data another folder for the demo`);
  const begun = join(demoOf(root), 'begun');
  const about = `${persons} people, seed ${seed}${world === undefined ? '' : `, world ${world}`}`;
  if (existsSync(begun) && readFileSync(begun, 'utf8').trim() !== about) {
    throw new UserError(
      `${root} holds a demo of ${readFileSync(begun, 'utf8').trim()}; remove it, or give --data another folder`,
    );
  }
  mkdirSync(demoOf(root), { recursive: true });
  writeFileSync(begun, `${about}\n`);
  const bar = progressBar('demo shop');
  try {
    const files =
      world === undefined
        ? await writeDemoShop({
            directory: demoOf(root),
            persons,
            seed,
            onProgress: (done, total) => bar.show(done, total),
          })
        : await writeWorld(simulateWorld(worldNamed(world), persons, seed), demoOf(root));
    mkdirSync(join(root, 'seeds'), { recursive: true });
    writeDemoSettings(join(root, 'seeds', 'settings.csv'), about);
    if (world === undefined) {
      writeMadeUp(join(root, 'seeds', 'cost_rates.csv'), demoCostRates(persons));
      writeMadeUp(join(root, 'seeds', 'targets.csv'), demoTargets(persons));
    }
    return files;
  } finally {
    bar.end();
  }
}

/** Leaves settings alone that somebody else wrote. */
function writeDemoSettings(file: string, about: string): void {
  if (existsSync(file) && !readFileSync(file, 'utf8').includes('data_label,"Synthetic shop')) return;
  writeFileSync(file, demoSettings(about));
}

/** Leaves a table alone in which somebody else has rows. */
function writeMadeUp(file: string, { header, rows }: ReturnType<typeof demoCostRates>): void {
  const isOwn = (line: string) => line.trim() === '' || line.includes('Made up for the demo shop');
  if (existsSync(file) && !readFileSync(file, 'utf8').split('\n').slice(1).every(isOwn)) return;
  writeFileSync(file, csvText(header, rows));
}

function demoSettings(about: string): string {
  return csvText(
    ['name:varchar', 'value:varchar', 'unit:varchar', 'meaning:varchar'],
    [
      ['reporting_zone', 'Europe/Rome', 'IANA time zone', 'Zone of the demo shop'],
      ['data_label', `Synthetic shop, ${about}`, 'text', 'Shown with every number: none of this is real'],
    ],
  );
}
