/** Athena's statements, taken apart as far as an engine without its DDL has to know them. */
export type Statement =
  | { kind: 'create database'; database: string }
  | { kind: 'drop database'; database: string }
  | { kind: 'create as'; name: TableName; location: string; select: string }
  | {
      kind: 'create iceberg';
      name: TableName;
      columns: Column[];
      location: string;
      /** The column that it is partitioned by, as it is. */
      partitionedBy: string | null;
      properties: Record<string, string>;
    }
  | {
      kind: 'create external';
      name: TableName;
      columns: Column[];
      days: Column[];
      location: string;
      format: 'parquet' | 'json';
    }
  | { kind: 'add columns'; name: TableName; columns: Column[] }
  | { kind: 'drop table'; name: TableName }
  | { kind: 'create view'; name: TableName; select: string }
  | { kind: 'set properties'; name: TableName; properties: Record<string, string> }
  | { kind: 'optimize'; name: TableName; where: string | null }
  | { kind: 'vacuum'; name: TableName }
  | { kind: 'change'; name: TableName; sql: string }
  | { kind: 'other'; sql: string };

export interface TableName {
  database: string | null;
  table: string;
}
export interface Column {
  name: string;
  /** As Hive calls it. */
  type: string;
}

const NAME = '(?:[`"]?(\\w+)[`"]?\\.)?[`"]?(\\w+)[`"]?';
const named = (match: RegExpExecArray, at = 1): TableName => ({
  database: match[at] ?? null,
  table: match[at + 1]!,
});

const PATTERNS = {
  database: /^(create|drop)\s+(?:database|schema)\s+(?:if\s+(?:not\s+)?exists\s+)?[`"]?(\w+)[`"]?/i,
  createAs: new RegExp(
    `^create\\s+table\\s+${NAME}\\s+with\\s*\\(([\\s\\S]*?)\\)\\s*as\\s+([\\s\\S]+)$`,
    'i',
  ),
  table: new RegExp(
    `^create\\s+(external\\s+)?table\\s+(?:if\\s+not\\s+exists\\s+)?${NAME}\\s*\\(([\\s\\S]*?)\\n?\\)\\s*((?:partitioned|row|stored|location)[\\s\\S]*)$`,
    'i',
  ),
  addColumns: new RegExp(`^alter\\s+table\\s+${NAME}\\s+add\\s+columns\\s*\\(([\\s\\S]*)\\n?\\)$`, 'i'),
  dropTable: new RegExp(`^drop\\s+table\\s+(?:if\\s+exists\\s+)?${NAME}$`, 'i'),
  view: new RegExp(`^create\\s+(?:or\\s+replace\\s+)?view\\s+${NAME}\\s+as\\s+([\\s\\S]+)$`, 'i'),
  properties: new RegExp(`^alter\\s+table\\s+${NAME}\\s+set\\s+tblproperties\\s*\\(([\\s\\S]*)\\)$`, 'i'),
  // Athena takes no double quotes here.
  optimize: /^optimize\s+(?:(\w+)\.)?(\w+)\s+rewrite\s+data\s+using\s+bin_pack(?:\s+where\s+([\s\S]+))?$/i,
  vacuum: /^vacuum\s+(?:(\w+)\.)?(\w+)$/i,
  change: new RegExp(`^(?:insert\\s+into|delete\\s+from|update|merge\\s+into)\\s+${NAME}`, 'i'),
};

const LOCATION = /location\s*=?\s*'([^']+)'/i;
const columnsOf = (text: string): Column[] =>
  Array.from(text.matchAll(/[`"]?(\w+)[`"]?\s+(\w+)\s*(?:,|$)/g), ([, name, type]) => ({
    name: name!,
    type: type!,
  }));

const propertiesOf = (text: string): Record<string, string> =>
  Object.fromEntries(
    Array.from(text.matchAll(/'([^']+)'\s*=\s*'([^']*)'/g), ([, name, value]) => [name!, value!]),
  );

export function parseStatement(text: string): Statement {
  const sql = text.replace(/^(\s|--[^\n]*\n)+/, '').replace(/;?\s*$/, '');
  const database = PATTERNS.database.exec(sql);
  if (database)
    return {
      kind: database[1]!.toLowerCase() === 'create' ? 'create database' : 'drop database',
      database: database[2]!,
    };
  const createAs = PATTERNS.createAs.exec(sql);
  if (createAs)
    return {
      kind: 'create as',
      name: named(createAs),
      location: LOCATION.exec(createAs[3]!)?.[1] ?? '',
      select: createAs[4]!,
    };
  const table = PATTERNS.table.exec(sql);
  if (table) {
    const rest = table[5]!;
    const about = {
      name: named(table, 2),
      columns: columnsOf(table[4]!),
      location: LOCATION.exec(rest)?.[1] ?? '',
    };
    const partitions = /partitioned\s+by\s*\(([^)]*)\)/i.exec(rest)?.[1];
    if (!table[1])
      return {
        kind: 'create iceberg',
        ...about,
        partitionedBy: partitions?.replace(/[`"\s]/g, '') ?? null,
        properties: propertiesOf(/tblproperties\s*\(([\s\S]*)\)/i.exec(rest)?.[1] ?? ''),
      };
    const days = columnsOf(partitions ?? '');
    return { kind: 'create external', ...about, days, format: /jsonserde/i.test(rest) ? 'json' : 'parquet' };
  }
  const add = PATTERNS.addColumns.exec(sql);
  if (add) return { kind: 'add columns', name: named(add), columns: columnsOf(add[3]!) };
  const dropTable = PATTERNS.dropTable.exec(sql);
  if (dropTable) return { kind: 'drop table', name: named(dropTable) };
  const view = PATTERNS.view.exec(sql);
  if (view) return { kind: 'create view', name: named(view), select: view[3]! };
  const set = PATTERNS.properties.exec(sql);
  if (set) return { kind: 'set properties', name: named(set), properties: propertiesOf(set[3]!) };
  const optimize = PATTERNS.optimize.exec(sql);
  if (optimize) return { kind: 'optimize', name: named(optimize), where: optimize[3] ?? null };
  const vacuum = PATTERNS.vacuum.exec(sql);
  if (vacuum) return { kind: 'vacuum', name: named(vacuum) };
  const change = PATTERNS.change.exec(sql);
  if (change) return { kind: 'change', name: named(change), sql };
  return { kind: 'other', sql };
}

/** Puts a literal in the place of each question mark that is no part of a text, a name or a comment. */
export function substitute(sql: string, parameters: readonly string[]): string {
  let at = 0;
  const text = sql.replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\?/g, (token) =>
    token === '?' ? (parameters[at++] ?? '?') : token,
  );
  if (at !== parameters.length)
    throw new Error(`Incorrect number of parameters: expected ${at} but found ${parameters.length}`);
  return text;
}
