import { createHash } from 'node:crypto';
import { KPIS } from '../../domain/kpi-catalogue.ts';
import { readSqlFolder } from '../../pipeline/sql-files.ts';

/** Goes up when answers are written in another way. */
const REVISION = 1;

const hash = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 32);

/** What besides the build an answer is made of: the catalogue and its queries. */
const CATALOGUE = hash(
  JSON.stringify([REVISION, KPIS, readSqlFolder('queries').map(({ select }) => select)]),
);

/** The tag of what is published at a key, known without making it. */
export const tagOf = (build: string, key: string): string => hash(`${CATALOGUE}\n${build}\n${key}`);

/** A tag as sent: packed bytes are another representation. */
export const etagHeader = (tag: string, packing: string | null): string =>
  packing === null ? `"${tag}"` : `"${tag}-${packing}"`;

/** Whether an If-None-Match header names a tag: in a list, weak or not, packed or not. */
export function isNamed(header: string | null, tag: string): boolean {
  if (header === null) return false;
  return header.split(',').some((one) => {
    const named = one.trim().replace(/^W\//, '').replace(/^"|"$/g, '');
    return named === tag || named.startsWith(`${tag}-`);
  });
}
