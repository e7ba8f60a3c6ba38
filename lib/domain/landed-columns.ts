import { type Columns, RAW_TABLES, type RawTable, STAGED_ONLY } from './raw-tables.ts';

/** Columns that land for a table on AWS: its own, and whether a time was said where none of its own tells that. */
export const landedColumns = (table: RawTable): Columns =>
  table === 'raw_sales' || table === 'raw_consents'
    ? { ...RAW_TABLES[table], _says_no_time: STAGED_ONLY._says_no_time }
    : RAW_TABLES[table];
