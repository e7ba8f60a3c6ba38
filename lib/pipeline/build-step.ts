import type { ColumnArray, Warehouse } from '../ports.ts';

/** Something that makes tables from tables: a file of sql/, or an algorithm between them. */
export interface TableMaker {
  name: string;
  reads: readonly string[];
  makes: readonly string[];
}

/** An algorithm between the SQL: reads columns, computes, and makes small tables, each described like a file of sql/. */
export interface BuildStep extends TableMaker {
  tables: readonly MadeTable[];
  run(warehouse: Warehouse, make: MakeTable): Promise<void>;
}

export interface MadeTable {
  name: string;
  folder: string;
  grain: string;
  key: readonly string[];
}

export type MakeTable = (name: string, columns: Record<string, ColumnArray>) => Promise<void>;

/** A step by the tables that it makes. */
export function buildStep(
  name: string,
  reads: readonly string[],
  tables: readonly MadeTable[],
  run: BuildStep['run'],
): BuildStep {
  return { name, reads, makes: tables.map((table) => table.name), tables, run };
}

/**
 * The makers in an order in which each comes after what it reads. Names that nobody makes are `given`.
 * @throws Error naming the table and what it misses, or the circle.
 */
export function inDependencyOrder<Maker extends TableMaker>(
  makers: readonly Maker[],
  given: ReadonlySet<string>,
): Maker[] {
  const byTable = new Map(makers.flatMap((maker) => maker.makes.map((table) => [table, maker] as const)));
  const ordered: Maker[] = [];
  const state = new Map<string, 'open' | 'done'>();
  const visit = (maker: Maker, trail: readonly string[]) => {
    if (state.get(maker.name) === 'done') return;
    if (state.get(maker.name) === 'open')
      throw new Error(`sql reads in a circle: ${[...trail, maker.name].join(' -> ')}`);
    state.set(maker.name, 'open');
    for (const table of maker.reads) {
      const source = byTable.get(table);
      if (source) visit(source, [...trail, maker.name]);
      else if (!given.has(table)) throw new Error(`${maker.name} reads "${table}", which nothing makes`);
    }
    state.set(maker.name, 'done');
    ordered.push(maker);
  };
  for (const maker of makers) visit(maker, []);
  return ordered;
}
