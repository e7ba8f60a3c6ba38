import { SNAPSHOT_DAYS } from '../../../lib/adapters/aws/athena/statements.ts';

/**
 * Athena's statements in Trino's words. Athena takes DDL in Hive's grammar and tables of one catalogue; Trino has a catalogue
 * per kind of table. SELECT, MERGE, DELETE and INSERT are the same and go through as they are.
 */
export interface TrinoStatement {
  sql: string;
  catalog: 'hive' | 'iceberg';
  /** A folder, as s3://bucket/key, that must be there first: S3 has no folders, and to Hive one that is missing is an error. */
  folder?: string;
  /** A schema whose tables and views must go first. */
  emptied?: string;
  /** What must run after it, where one statement of Athena's is several of Trino's. */
  further?: string[];
}

const HIVE = 'hive';
const ICEBERG = 'iceberg';

export function trinoStatement(athena: string, database: string | null): TrinoStatement {
  const sql = athena
    .replace(/^(?:\s+|--.*\n)*/, '')
    .replace(/;\s*$/, '')
    .replace(/"?\bawsdatacatalog\b"?\./gi, '');
  for (const translate of [
    databaseStatement,
    externalTable,
    icebergTable,
    createTableAs,
    newColumns,
    tableProperties,
    upkeep,
    drop,
  ]) {
    const found = translate(sql, database);
    if (found) return found;
  }
  return { sql, catalog: HIVE };
}

type Translation = (sql: string, database: string | null) => TrinoStatement | null;

const local = (location: string) => location.replace(/^s3:\/\//, 'local:///').replace(/\/$/, '');
const unquoted = (name: string) => name.replace(/[`"]/g, '');
/** `db`.`t`, "db"."t" or t, as parts. */
function partsOf(name: string, database: string | null): { schema: string; table: string } {
  const parts = unquoted(name).split('.');
  const table = parts.pop()!;
  const schema = parts.pop() ?? database;
  if (!schema) throw new Error(`Table ${name} is in no database: name one, or give the statement one`);
  return { schema, table };
}
const inCatalog = (catalog: string, name: string, database: string | null) => {
  const { schema, table } = partsOf(name, database);
  return `${catalog}."${schema}"."${table}"`;
};

const databaseStatement: Translation = (sql) => {
  const found = /^(create|drop)\s+(?:database|schema)\s+(if\s+(?:not\s+)?exists\s+)?([`"\w]+)(.*)$/is.exec(
    sql,
  );
  if (!found) return null;
  const [, verb = '', condition = '', name = '', rest = ''] = found;
  const schema = unquoted(name);
  const isCascade = /^drop/i.test(verb) && /\bcascade\b/i.test(rest);
  return {
    sql: `${verb} SCHEMA ${condition}${HIVE}."${schema}"`,
    catalog: HIVE,
    ...(isCascade ? { emptied: schema } : {}),
  };
};

/** Hive's names of types in Trino's words. */
function trinoType(type: string): string {
  const plain = type.trim().toLowerCase();
  if (plain === 'string') return 'varchar';
  if (plain === 'int') return 'integer';
  if (plain === 'float') return 'real';
  if (plain === 'binary') return 'varbinary';
  if (plain === 'timestamp') return 'timestamp(6)';
  const array = /^array<(.*)>$/.exec(plain);
  return array ? `array(${trinoType(array[1]!)})` : plain;
}

/** Splits at commas that are in no brackets and no quotes. */
function splitOutside(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quoted = false;
  let part = '';
  for (const mark of text) {
    if (mark === "'") quoted = !quoted;
    if (!quoted && '(<['.includes(mark)) depth++;
    if (!quoted && ')>]'.includes(mark)) depth--;
    if (mark === ',' && depth === 0 && !quoted) {
      parts.push(part.trim());
      part = '';
    } else part += mark;
  }
  if (part.trim() !== '') parts.push(part.trim());
  return parts;
}

/** What stands in the brackets that open at `from`, and where they close. */
function bracketed(text: string, from: number): { inside: string; end: number } {
  let depth = 0;
  let quoted = false;
  for (let at = from; at < text.length; at++) {
    if (text[at] === "'") quoted = !quoted;
    if (quoted) continue;
    if (text[at] === '(') depth++;
    if (text[at] === ')' && --depth === 0) return { inside: text.slice(from + 1, at), end: at + 1 };
  }
  throw new Error(`Brackets that do not close: ${text.slice(from, from + 80)}`);
}

interface HiveTable {
  name: string;
  condition: string;
  columns: { name: string; type: string }[];
  partitionedBy: string[];
  location: string;
  properties: Map<string, string>;
  rest: string;
}

function hiveTable(sql: string, begin: RegExp): HiveTable | null {
  const found = begin.exec(sql);
  if (!found) return null;
  const list = bracketed(sql, found[0].length - 1);
  let rest = sql.slice(list.end);
  const take = (word: RegExp): string[] => {
    const at = word.exec(rest);
    if (!at) return [];
    const { inside, end } = bracketed(rest, at.index + at[0].length - 1);
    rest = rest.slice(0, at.index) + rest.slice(end);
    return splitOutside(inside);
  };
  const partitionedBy = take(/partitioned\s+by\s*\(/i);
  const properties = take(/tblproperties\s*\(/i);
  const location = /location\s+'([^']*)'/i.exec(rest)?.[1];
  if (!location) throw new Error(`No LOCATION in ${sql.slice(0, 120)}`);
  return {
    name: found[2]!,
    condition: found[1] ?? '',
    columns: splitOutside(list.inside).map(columnOf),
    partitionedBy,
    location,
    properties: new Map(
      properties.map((pair) => {
        const [, key = '', value = ''] = /^'([^']*)'\s*=\s*'([^']*)'$/.exec(pair) ?? [];
        return [key, value];
      }),
    ),
    rest,
  };
}

function columnOf(text: string): { name: string; type: string } {
  const [, name = '', type = ''] = /^(\S+)\s+(.*?)(?:\s+comment\s+'.*')?$/is.exec(text) ?? [];
  return { name: unquoted(name), type: trinoType(type) };
}

const externalTable: Translation = (sql, database) => {
  const table = hiveTable(sql, /^create\s+external\s+table\s+(if\s+not\s+exists\s+)?([`"\w.]+)\s*\(/i);
  if (!table) return null;
  const partitions = table.partitionedBy.map(columnOf);
  const isProjected = table.properties.get('projection.enabled') === 'true';
  const asColumn = ({ name, type }: { name: string; type: string }, projected: boolean) =>
    `"${name}" ${type}${projected ? projection(name, table.properties) : ''}`;
  const columns = [
    ...table.columns.map((column) => asColumn(column, false)),
    ...partitions.map((column) => asColumn(column, isProjected)),
  ];
  const template = table.properties.get('storage.location.template');
  const format = /json/i.test(table.rest) ? 'OPENX_JSON' : /stored\s+as\s+(\w+)/i.exec(table.rest)?.[1];
  const properties = [
    `external_location = '${local(table.location)}'`,
    `format = '${format?.toUpperCase() ?? 'PARQUET'}'`,
    ...(partitions.length > 0
      ? [`partitioned_by = ARRAY[${partitions.map(({ name }) => `'${name}'`).join(', ')}]`]
      : []),
    ...(isProjected ? ['partition_projection_enabled = true'] : []),
    ...(isProjected && template ? [`partition_projection_location_template = '${local(template)}'`] : []),
  ];
  return {
    sql: `CREATE TABLE ${table.condition}${inCatalog(HIVE, table.name, database)} (${columns.join(', ')}) WITH (${properties.join(', ')})`,
    catalog: HIVE,
    folder: table.location,
  };
};

/** Athena's `projection.<column>.*` as properties of the column. */
function projection(column: string, properties: ReadonlyMap<string, string>): string {
  const of = (name: string) => properties.get(`projection.${column}.${name}`);
  const texts = (list: string) =>
    `ARRAY[${list
      .split(',')
      .map((value) => `'${value.trim()}'`)
      .join(', ')}]`;
  const given = [
    ['type', of('type') && `'${of('type')!.toUpperCase()}'`],
    ['values', of('values') && texts(of('values')!)],
    ['range', of('range') && texts(of('range')!)],
    ['format', of('format') && `'${of('format')}'`],
    ['interval', of('interval')],
    ['interval_unit', of('interval.unit') && `'${of('interval.unit')!.toUpperCase()}'`],
    ['digits', of('digits')],
  ].filter(([, value]) => value);
  return ` WITH (${given.map(([name, value]) => `partition_projection_${name} = ${value}`).join(', ')})`;
}

const icebergTable: Translation = (sql, database) => {
  if (!/'table_type'\s*=\s*'iceberg'/i.test(sql)) return null;
  const table = hiveTable(sql, /^create\s+table\s+(if\s+not\s+exists\s+)?([`"\w.]+)\s*\(/i);
  if (!table) return null;
  const columns = table.columns.map(({ name, type }) => `"${name}" ${type}`);
  const properties = [`location = '${local(table.location)}'`, "format = 'PARQUET'"];
  if (table.partitionedBy.length > 0) properties.push(`partitioning = ARRAY[${transforms(table)}]`);
  return {
    sql: `CREATE TABLE ${table.condition}${inCatalog(ICEBERG, table.name, database)} (${columns.join(', ')}) WITH (${properties.join(', ')})`,
    catalog: ICEBERG,
  };
};

/** bucket(16, c) is bucket(c, 16) in Trino; the other transforms are the same. */
const transforms = ({ partitionedBy }: HiveTable) =>
  partitionedBy
    .map((one) => `'${unquoted(one).replace(/(bucket|truncate)\(\s*(\d+)\s*,\s*(\w+)\s*\)/i, '$1($3, $2)')}'`)
    .join(', ');

const createTableAs: Translation = (sql, database) => {
  const found = /^create\s+table\s+(if\s+not\s+exists\s+)?([`"\w.]+)\s+with\s*\(/i.exec(sql);
  if (!found) return null;
  const list = bracketed(sql, found[0].length - 1);
  const given = new Map(
    splitOutside(list.inside).map((pair) => {
      const [, key = '', value = ''] = /^(\w+)\s*=\s*(.*)$/s.exec(pair) ?? [];
      return [key.toLowerCase(), value];
    }),
  );
  const isIceberg = /iceberg/i.test(given.get('table_type') ?? '');
  const location = (given.get('location') ?? given.get('external_location') ?? '').replace(/^'|'$/g, '');
  const properties = [
    ...(location ? [`${isIceberg ? 'location' : 'external_location'} = '${local(location)}'`] : []),
    `format = ${given.get('format') ?? "'PARQUET'"}`,
    ...(given.has('partitioning') ? [`partitioning = ${given.get('partitioning')}`] : []),
    ...(given.has('partitioned_by') ? [`partitioned_by = ${given.get('partitioned_by')}`] : []),
  ];
  const catalog = isIceberg ? ICEBERG : HIVE;
  return {
    sql: `CREATE TABLE ${found[1] ?? ''}${inCatalog(catalog, found[2]!, database)} WITH (${properties.join(', ')})${sql.slice(list.end)}`,
    // What the SELECT names is looked up where both kinds are found; only the new table is named in full.
    catalog: HIVE,
  };
};

const newColumns: Translation = (sql, database) => {
  const found = /^alter\s+table\s+([`"\w.]+)\s+add\s+columns\s*\(/i.exec(sql);
  if (!found) return null;
  const table = inCatalog(HIVE, found[1]!, database);
  const [first, ...further] = splitOutside(bracketed(sql, found[0].length - 1).inside)
    .map(columnOf)
    .map(({ name, type }) => `ALTER TABLE ${table} ADD COLUMN "${name}" ${type}`);
  return { sql: first!, further, catalog: HIVE };
};

/** What Athena is told of a table by properties, Trino is told with OPTIMIZE and VACUUM. */
const tableProperties: Translation = (sql) =>
  /^alter\s+table\s+[`"\w.]+\s+set\s+tblproperties\b/i.test(sql)
    ? { sql: 'SELECT 1 WHERE false', catalog: HIVE }
    : null;

const upkeep: Translation = (sql, database) => {
  const optimize = /^optimize\s+([`"\w.]+)\s+rewrite\s+data\s+using\s+bin_pack(\s+where\b.*)?$/is.exec(sql);
  if (optimize)
    return {
      sql: `ALTER TABLE ${inCatalog(ICEBERG, optimize[1]!, database)} EXECUTE optimize${optimize[2] ?? ''}`,
      catalog: ICEBERG,
    };
  const vacuum = /^vacuum\s+([`"\w.]+)/i.exec(sql);
  if (!vacuum) return null;
  const run = (what: string) =>
    `ALTER TABLE ${inCatalog(ICEBERG, vacuum[1]!, database)} EXECUTE ${what}(retention_threshold => '${SNAPSHOT_DAYS}d')`;
  return { sql: run('expire_snapshots'), further: [run('remove_orphan_files')], catalog: ICEBERG };
};

const drop: Translation = (sql, database) => {
  const found = /^drop\s+(table|view)\s+(if\s+exists\s+)?([`"\w.]+)\s*$/i.exec(sql);
  if (!found) return null;
  const [, kind = '', condition = '', name = ''] = found;
  return { sql: `DROP ${kind} ${condition}${inCatalog(HIVE, name, database)}`, catalog: HIVE };
};
