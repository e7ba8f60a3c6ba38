import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SHOW_SMALL, showSinglePersons, type TemporaryShop } from '../temporary-shop.ts';

const HEADERS = {
  attribution_models:
    'model:varchar,basis:varchar,first_weight:double,middle_weight:double,last_weight:double,half_life_days:double,skips_direct:boolean,is_enabled:boolean,meaning:varchar',
  channel_rules:
    'rule:bigint,channel:varchar,source_category:varchar,source_pattern:varchar,medium_pattern:varchar,campaign_pattern:varchar,origin:varchar',
  conversion_kinds:
    'conversion_kind:varchar,lookback_days:bigint,lookback_steps:bigint,reuses_touches:boolean,meaning:varchar',
  own_hosts: 'host:varchar,meaning:varchar',
  settings: 'name:varchar,value:varchar,unit:varchar,meaning:varchar',
} as const;

/** Writes a seed file of the shop's own: the known header and these rows. Settings go on showing single persons. */
export function seed({ root }: TemporaryShop, name: keyof typeof HEADERS, ...rows: string[]): void {
  const kept =
    name === 'settings'
      ? SHOW_SMALL.filter((line) => !rows.some((row) => row.split(',')[0] === line.split(',')[0]))
      : [];
  seedText({ root }, `${name}.csv`, [HEADERS[name], ...rows, ...kept, ''].join('\n'));
}

export function seedText({ root }: Pick<TemporaryShop, 'root'>, file: string, text: string): void {
  mkdirSync(join(root, 'seeds'), { recursive: true });
  writeFileSync(join(root, 'seeds', file), text);
}

/** Takes the seeds of the shop away, but that it shows single persons. */
export function withoutSeeds({ root }: TemporaryShop): void {
  rmSync(join(root, 'seeds'), { recursive: true, force: true });
  showSinglePersons(root);
}
