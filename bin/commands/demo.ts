import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DemoFile, writeDemoShop } from '../../lib/demo/write-shop.ts';
import { csvText } from '../../lib/report/csv.ts';
import { progressBar } from './progress.ts';

/** Writes the demo shop's files below `root`/demo and the settings that go with it. */
export async function makeDemo(root: string, persons: number, seed: number): Promise<DemoFile[]> {
  const bar = progressBar('demo shop');
  try {
    const files = await writeDemoShop({
      directory: join(root, 'demo'),
      persons,
      seed,
      onProgress: (done, total) => bar.show(done, total),
    });
    mkdirSync(join(root, 'seeds'), { recursive: true });
    writeFileSync(join(root, 'seeds', 'settings.csv'), demoSettings(persons, seed));
    return files;
  } finally {
    bar.end();
  }
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
