import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { Published } from '../../pipeline/kpi-question.ts';
import type { Cell, Row } from '../../ports.ts';

export interface KeptRowsOptions {
  s3: S3Client;
  bucket: string;
  /** Takes a line where rows could not be kept or read. */
  log?: (line: string) => void;
}

/**
 * A published build whose rows are kept on S3 beside its tables, `builds/<id>/answers/<hash>.json.gz`: a build does not
 * change, so a query of it is run once for all processes that answer, and what is kept goes away with the build. They are
 * the rows as the query gives them, before privacy rules and roles: only the API reads them.
 */
export function keptRows({ s3, bucket, log = (line) => console.error(line) }: KeptRowsOptions) {
  const known = new WeakMap<Published, Published>();

  const read = async (key: string): Promise<Row[] | null> => {
    try {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return decode(await promisify(gunzip)(await Body!.transformToByteArray()));
    } catch (error) {
      // Who may not list a bucket is told that what is not there is forbidden.
      if (!(error instanceof Error && ['NoSuchKey', 'AccessDenied'].includes(error.name)))
        log(`Kept rows cannot be read: ${(error as Error).name}`);
      return null;
    }
  };
  const write = async (key: string, rows: readonly Row[]): Promise<void> => {
    try {
      const Body = await promisify(gzip)(encode(rows));
      await s3.send(
        new PutObjectCommand({ Bucket: bucket, Key: key, Body, ContentType: 'application/gzip' }),
      );
    } catch (error) {
      log(`Rows cannot be kept: ${(error as Error).name}`);
    }
  };

  return (published: Published): Published => {
    const before = known.get(published);
    if (before) return before;
    const { manifest } = published;
    const its: Published = {
      manifest,
      async query(select, parameters = []) {
        const key = `builds/${manifest.build_id}/answers/${hashOf(select, parameters)}.json.gz`;
        const kept = await read(key);
        if (kept) return kept;
        const rows = await published.query(select, parameters);
        await write(key, rows);
        return rows;
      },
    };
    known.set(published, its);
    return its;
  };
}

const hashOf = (select: string, parameters: readonly Cell[]) =>
  createHash('sha256')
    .update(encode([select, ...parameters]))
    .digest('hex')
    .slice(0, 40);

/** Cells that JSON has no words for. */
const MARK = '~';

function encode(what: readonly (Row | Cell)[]): string {
  return JSON.stringify(what, (_, value: unknown) => {
    if (typeof value === 'bigint') return `${MARK}n${value}`;
    if (typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0)))
      return `${MARK}d${Object.is(value, -0) ? '-0' : value}`;
    return typeof value === 'string' && value.startsWith(MARK) ? `${MARK}t${value}` : value;
  });
}

function decode(bytes: Uint8Array): Row[] {
  return JSON.parse(Buffer.from(bytes).toString(), (_, value: unknown) => {
    if (typeof value !== 'string' || !value.startsWith(MARK)) return value;
    const rest = value.slice(2);
    if (value[1] === 'n') return BigInt(rest);
    return value[1] === 'd' ? Number(rest) : rest;
  });
}
