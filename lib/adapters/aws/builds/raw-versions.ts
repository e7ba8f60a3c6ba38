import { randomUUID } from 'node:crypto';
import type { RawTable } from '../../../domain/raw-tables.ts';
import type { JsonObjects } from './json-objects.ts';

/**
 * Versions of the raw tables: another one each time that rows are about to change. It is written before the change, so
 * that a run that dies between the two leaves a version too many, which makes some tables once more, and never one too
 * few, which would keep tables that are out of date.
 */
const keyOf = (table: RawTable) => `builds/versions/${table}.json`;

export async function rawVersion(objects: JsonObjects, table: RawTable): Promise<string> {
  const found = await objects.read<{ version: string }>(keyOf(table));
  return found?.value.version ?? 'empty';
}

export async function beginRawChange(objects: JsonObjects, table: RawTable): Promise<void> {
  await objects.write(keyOf(table), { version: randomUUID() });
}
