import { randomUUID } from 'node:crypto';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { landedColumns } from '../../../lib/domain/landed-columns.ts';
import { type ColumnType, RAW_TABLES, type RawTable } from '../../../lib/domain/raw-tables.ts';
import { createFaults, ServiceError } from './faults.ts';
import { jsonDocuments } from './json-documents.ts';
import { type Emulator, startJsonService } from './json-service.ts';
import type { ObjectFolder } from './s3-objects.ts';

/** A row as it lands: times and days as the text of the JSON. */
export type LandedRow = Record<string, string | number | bigint | boolean | null>;

export interface FirehoseEmulator extends Emulator {
  /**
   * Writes what was taken in as Parquet files, one per stream and day of arrival, and gives their keys.
   * @param times how often each file is delivered: Firehose promises once or more
   */
  flush(times?: number): string[];
  /** Rows of a table that were taken in and are not written yet. */
  waiting(table: RawTable): LandedRow[];
  /** Records as they came, with the stream they came to, since the start. */
  taken: { stream: string; bytes: number }[];
}

/** As AWS has them, in bytes before base64. */
export const FIREHOSE_LIMITS = { records: 500, requestBytes: 4 << 20, recordBytes: 1000 << 10 };

export interface FirehoseOptions {
  /** Where the lake's bucket lies. */
  objects: ObjectFolder;
  bucket: string;
  /** What the names of the streams begin with; the raw table follows. */
  prefix: string;
  now?: () => number;
}

/**
 * Firehose with a stream per raw table that converts JSON to Parquet by the table's columns. It keeps what it is given
 * until it is told to write, as Firehose does until its buffer is full. What is no JSON goes to `landing-errors/`.
 */
export async function startFirehose(options: FirehoseOptions): Promise<FirehoseEmulator> {
  const { objects, bucket, prefix, now = Date.now } = options;
  const faults = createFaults();
  const buffers = new Map<RawTable, { day: string; data: string }[]>();
  const taken: FirehoseEmulator['taken'] = [];

  const tableOf = (stream: string): RawTable => {
    const table = stream.startsWith(`${prefix}-`)
      ? stream.slice(prefix.length + 1).replaceAll('-', '_')
      : stream;
    if (!Object.hasOwn(RAW_TABLES, table) || table === 'raw_rejections')
      throw new ServiceError('ResourceNotFoundException', `There is no delivery stream ${stream}`);
    return table as RawTable;
  };

  const take = (stream: string, { Data }: { Data: string }) => {
    const data = Buffer.from(Data, 'base64');
    const table = tableOf(stream);
    const buffer = buffers.get(table) ?? [];
    buffers.set(table, buffer);
    buffer.push({ day: new Date(now()).toISOString().slice(0, 10), data: data.toString() });
    taken.push({ stream, bytes: data.length });
    return { RecordId: randomUUID() };
  };

  const checkSize = ({ Data }: { Data: string }, place: number) => {
    const bytes = Buffer.byteLength(Data, 'base64');
    if (bytes > FIREHOSE_LIMITS.recordBytes)
      throw new ServiceError(
        'InvalidArgumentException',
        `Record ${place} has ${bytes} bytes; at most ${FIREHOSE_LIMITS.recordBytes}`,
      );
    return bytes;
  };

  const listening = await startJsonService({
    faults,
    actions: {
      PutRecord({ DeliveryStreamName, Record }: { DeliveryStreamName: string; Record: { Data: string } }) {
        tableOf(DeliveryStreamName);
        checkSize(Record, 0);
        return take(DeliveryStreamName, Record);
      },
      PutRecordBatch({
        DeliveryStreamName,
        Records,
      }: {
        DeliveryStreamName: string;
        Records: { Data: string }[];
      }) {
        tableOf(DeliveryStreamName);
        if (Records.length === 0 || Records.length > FIREHOSE_LIMITS.records)
          throw new ServiceError(
            'InvalidArgumentException',
            `PutRecordBatch of ${Records.length} records; at most ${FIREHOSE_LIMITS.records}`,
          );
        const bytes = Records.map(checkSize).reduce((sum, each) => sum + each, 0);
        if (bytes > FIREHOSE_LIMITS.requestBytes)
          throw new ServiceError(
            'InvalidArgumentException',
            `PutRecordBatch of ${bytes} bytes; at most ${FIREHOSE_LIMITS.requestBytes}`,
          );
        const responses = Records.map((record, place) => {
          const fault = faults.ofEntry('PutRecordBatch', place, record);
          if (fault) return { ErrorCode: fault.code, ErrorMessage: fault.message ?? fault.code };
          return take(DeliveryStreamName, record);
        });
        return {
          FailedPutCount: responses.filter((response) => 'ErrorCode' in response).length,
          Encrypted: true,
          RequestResponses: responses,
        };
      },
    },
  });

  return {
    ...listening,
    taken,
    waiting: (table) =>
      (buffers.get(table) ?? []).flatMap(({ data }) =>
        jsonDocuments(data).map((row) => landedRow(table, row)),
      ),
    flush(times = 1) {
      const written: string[] = [];
      for (const [table, buffer] of buffers) {
        for (const day of new Set(buffer.map((each) => each.day))) {
          const rows: LandedRow[] = [];
          for (const { data } of buffer.filter((each) => each.day === day)) {
            try {
              rows.push(...jsonDocuments(data).map((row) => landedRow(table, row)));
            } catch {
              objects.put(bucket, `landing-errors/${table}/${randomUUID()}`, Buffer.from(data), {});
            }
          }
          for (let n = 0; n < times && rows.length > 0; n++) {
            const key = `landing/${table}/arrived=${day}/${prefix}-${randomUUID()}.parquet`;
            objects.put(bucket, key, parquetOf(table, rows), {});
            written.push(key);
          }
        }
      }
      buffers.clear();
      return written;
    },
  };
}

const LANDS_AS = {
  varchar: 'STRING',
  bigint: 'INT64',
  double: 'DOUBLE',
  boolean: 'BOOLEAN',
  date: 'STRING',
  timestamp: 'STRING',
} as const satisfies Record<ColumnType, string>;

/** A document by the columns of its table; what it says beside them is left out. */
function landedRow(table: RawTable, document: Record<string, unknown>): LandedRow {
  const row: LandedRow = {};
  for (const [name, type] of Object.entries(landedColumns(table)))
    row[name] = converted(document[name] ?? null, type, `${table}.${name}`);
  return row;
}

function converted(value: unknown, type: ColumnType, where: string): LandedRow[string] {
  const isRight =
    value === null ||
    (type === 'bigint' && Number.isSafeInteger(value)) ||
    (type === 'double' && typeof value === 'number') ||
    (type === 'boolean' && typeof value === 'boolean') ||
    (['varchar', 'date', 'timestamp'].includes(type) && typeof value === 'string');
  if (!isRight) throw new TypeError(`${where} is no ${type}: ${JSON.stringify(value)}`);
  return type === 'bigint' && value !== null ? BigInt(value as number) : (value as LandedRow[string]);
}

function parquetOf(table: RawTable, rows: readonly LandedRow[]): Uint8Array {
  const columnData = Object.entries(landedColumns(table)).map(([name, type]) => ({
    name,
    type: LANDS_AS[type],
    nullable: true,
    data: rows.map((row) => row[name] ?? null),
  }));
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}
