import {
  type AthenaClient,
  GetQueryResultsCommand,
  type GetQueryResultsCommandOutput,
} from '@aws-sdk/client-athena';
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { Cell, ColumnArray, Row } from '../../../ports.ts';
import { growingColumn, type ResultColumn, readerOf } from './cells.ts';
import type { QueryDone } from './queries.ts';
import { readResultFile } from './results-csv.ts';

export interface ResultReading {
  client: AthenaClient;
  s3: S3Client;
  ask<T>(what: string, request: () => Promise<T>): Promise<T>;
}

/** Athena gives at most so many rows at a time. */
const PAGE = 1000;
/** Results of more pages than this are read from their file, in one request. */
const MOST_PAGES = 5;

type Texts = (string | null)[];

/** Rows of a query that succeeded: page by page, or of a large result from its file. */
export async function rowsOfResult(reading: ResultReading, done: QueryDone): Promise<Row[]> {
  const first = await pageOf(reading, done, PAGE);
  const columns = columnsIn(first);
  const read = columns.map(({ type }) => readerOf(type));
  const rowOf = (texts: Texts): Row =>
    Object.fromEntries(
      columns.map(({ name }, at): [string, Cell] => {
        const text = texts[at] ?? null;
        return [name, text === null ? null : read[at]!(text)];
      }),
    );
  const rows: Row[] = withoutHeader(textsIn(first), done).map(rowOf);
  let token = first.NextToken;
  for (let page = 1; token !== undefined && page < MOST_PAGES; page++) {
    const next = await pageOf(reading, done, PAGE, token);
    for (const texts of textsIn(next)) rows.push(rowOf(texts));
    token = next.NextToken;
  }
  if (token === undefined) return rows;
  const all: Row[] = [];
  for await (const texts of fileRows(reading, done)) all.push(rowOf(texts));
  return all;
}

/** Columns of a query that succeeded, from the file of its result. */
export async function columnsOfResult(
  reading: ResultReading,
  done: QueryDone,
): Promise<Record<string, ColumnArray>> {
  const columns = columnsIn(await pageOf(reading, done, 1));
  const growing = columns.map(growingColumn);
  for await (const texts of fileRows(reading, done)) {
    for (const [at, column] of growing.entries()) column.take(texts[at] ?? null);
  }
  return Object.fromEntries(columns.map(({ name }, at) => [name, growing[at]!.finished()]));
}

const pageOf = ({ client, ask }: ResultReading, { queryId, name }: QueryDone, most: number, token?: string) =>
  ask(`Reading the result of query ${name}`, () =>
    client.send(
      new GetQueryResultsCommand({ QueryExecutionId: queryId, MaxResults: most, NextToken: token }),
    ),
  );

const columnsIn = ({ ResultSet }: GetQueryResultsCommandOutput): ResultColumn[] =>
  (ResultSet?.ResultSetMetadata?.ColumnInfo ?? []).map(({ Name, Type }) => ({ name: Name!, type: Type! }));

const textsIn = ({ ResultSet }: GetQueryResultsCommandOutput): Texts[] =>
  (ResultSet?.Rows ?? []).map(({ Data }) => (Data ?? []).map(({ VarCharValue }) => VarCharValue ?? null));

/** The first row of a SELECT is the names of its columns; what DDL shows has none. */
const withoutHeader = (rows: Texts[], { statementType }: QueryDone) =>
  statementType === 'DML' ? rows.slice(1) : rows;

/** Rows of the result file, its header left out. */
async function* fileRows({ s3, ask }: ResultReading, { output, name }: QueryDone): AsyncGenerator<Texts> {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(output ?? '') ?? [];
  if (!bucket || !key)
    throw new Error(`Query ${name} has no file of its result: does its workgroup say where results go?`);
  const { Body } = await ask(`Reading the file of query ${name}`, () =>
    s3.send(new GetObjectCommand({ Bucket: bucket, Key: key })),
  );
  let isHeader = true;
  for await (const rows of readResultFile(Body as unknown as AsyncIterable<Uint8Array>)) {
    for (const texts of rows) {
      if (!isHeader) yield texts;
      isHeader = false;
    }
  }
}
