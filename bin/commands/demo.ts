import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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
 * Writes the demo shop's files below `root`/demo and the settings that go with it.
 * @throws UserError when the folder holds another shop
 */
export async function makeDemo(root: string, persons: number, seed: number): Promise<DemoFile[]> {
  if (holdsOtherShop(root))
    throw new UserError(`${root} holds a shop already; give --data another folder for the demo`);
  const begun = join(demoOf(root), 'begun');
  const about = `${persons} people, seed ${seed}`;
  if (existsSync(begun) && readFileSync(begun, 'utf8').trim() !== about) {
    throw new UserError(
      `${root} holds a demo of ${readFileSync(begun, 'utf8').trim()}; remove it, or give --data another folder`,
    );
  }
  mkdirSync(demoOf(root), { recursive: true });
  writeFileSync(begun, `${about}\n`);
  const bar = progressBar('demo shop');
  try {
    const files = await writeDemoShop({
      directory: demoOf(root),
      persons,
      seed,
      onProgress: (done, total) => bar.show(done, total),
    });
    mkdirSync(join(root, 'seeds'), { recursive: true });
    writeDemoSettings(join(root, 'seeds', 'settings.csv'), persons, seed);
    return files;
  } finally {
    bar.end();
  }
}

/** Leaves settings alone that somebody else wrote. */
function writeDemoSettings(file: string, persons: number, seed: number): void {
  if (existsSync(file) && !readFileSync(file, 'utf8').includes('data_label,"Synthetic shop')) return;
  writeFileSync(file, demoSettings(persons, seed));
}

function demoSettings(persons: number, seed: number): string {
  return csvText(
    ['name:varchar', 'value:varchar', 'unit:varchar', 'meaning:varchar'],
    [
      ['reporting_zone', 'Europe/Rome', 'IANA time zone', 'Zone of the demo shop'],
      [
        'data_label',
        `Synthetic shop, ${persons} people, seed ${seed}`,
        'text',
        'Shown with every number: none of this is real',
      ],
    ],
  );
}
