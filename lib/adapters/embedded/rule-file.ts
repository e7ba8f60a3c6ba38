import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { ShopDirectory } from './shop-directory.ts';

/** A manual rule about who is who: a row of the shop's own seeds/identity_rules.csv. */
export interface ManualRule {
  rule_id: string;
  rule: 'block' | 'allow' | 'separate';
  identifier_key: string;
  /** Of separate: the identifier to keep apart from. Empty otherwise. */
  other_key: string;
  reason: string;
  /** ISO 8601 UTC text. */
  made_at: string;
}

const COLUMNS = ['rule_id', 'rule', 'identifier_key', 'other_key', 'reason', 'made_at'] as const;

/** The manual rules of a shop. They are kept by identifier keys, never by clear values, and count from the next build. */
export function openRuleFile({ seeds }: Pick<ShopDirectory, 'seeds'>) {
  const file = join(seeds, 'identity_rules.csv');
  const list = (): ManualRule[] => {
    if (!existsSync(file)) return [];
    const rows = parse(readFileSync(file, 'utf8'), {
      bom: true,
      from_line: 2,
      skip_empty_lines: true,
      relax_column_count_less: true,
    }) as unknown as string[][];
    return rows.map(
      (row) =>
        Object.fromEntries(COLUMNS.map((column, at) => [column, row[at] ?? ''])) as unknown as ManualRule,
    );
  };
  const write = (rules: readonly ManualRule[]) => {
    mkdirSync(seeds, { recursive: true });
    const rows = rules.map((rule) => COLUMNS.map((column) => cell(rule[column])));
    const lines = [COLUMNS.map((column) => `${column}:varchar`), ...rows].map((row) => row.join(','));
    writeFileSync(`${file}.tmp`, `${lines.join('\n')}\n`);
    renameSync(`${file}.tmp`, file);
  };
  return {
    list,
    /** Adds a rule; one of the same id is replaced, and so is what `instead` names. */
    add(rule: ManualRule, instead?: string): void {
      write([...list().filter(({ rule_id }) => rule_id !== rule.rule_id && rule_id !== instead), rule]);
    },
    /** Takes a rule away; false where there is none of that id. */
    remove(ruleId: string): boolean {
      const rules = list();
      const left = rules.filter(({ rule_id }) => rule_id !== ruleId);
      if (left.length < rules.length) write(left);
      return left.length < rules.length;
    },
  };
}

const cell = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
