import { randomUUID } from 'node:crypto';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { KinesisStreamEvent } from 'aws-lambda';
import { arnOf, type MappedRecord } from './mapped-record.ts';

/** Why records are not tried any more. */
export type FailureCondition = 'RetryAttemptsExhausted' | 'RecordAgeExceeded';

interface Failure {
  records: readonly MappedRecord[];
  condition: FailureCondition;
  tries: number;
  streamName: string;
}

/** Keeps records that were given up on S3, whole, in the words of Lambda. */
export async function keepFailure(
  { s3, bucket }: { s3: S3Client; bucket: string },
  { records, condition, tries, streamName }: Failure,
): Promise<void> {
  const [first, last] = [records[0]!, records.at(-1)!];
  const at = new Date();
  const day = at.toISOString().slice(0, 10).replaceAll('-', '/');
  await s3.send(
    new PutObjectCommand({
      Bucket: bucket,
      Key: `aws/lambda/local/${first.shardId}/${day}/${at.toISOString()}-${randomUUID()}`,
      Body: JSON.stringify({
        requestContext: { requestId: randomUUID(), condition, approximateInvokeCount: tries },
        responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
        version: '1.0',
        timestamp: at.toISOString(),
        KinesisBatchInfo: {
          shardId: first.shardId,
          startSequenceNumber: first.sequenceNumber,
          endSequenceNumber: last.sequenceNumber,
          approximateArrivalOfFirstRecord: new Date(first.arrivedAt).toISOString(),
          approximateArrivalOfLastRecord: new Date(last.arrivedAt).toISOString(),
          batchSize: records.length,
          streamArn: arnOf(streamName),
        },
        payload: JSON.stringify({ Records: records.map(({ event }) => event) }),
      }),
    }),
  );
}

/** Everything that was given up: why, and the event that would bring it again. */
export async function failuresIn(
  s3: S3Client,
  bucket: string,
): Promise<{ condition: FailureCondition; event: KinesisStreamEvent }[]> {
  const { Contents = [] } = await s3.send(
    new ListObjectsV2Command({ Bucket: bucket, Prefix: 'aws/lambda/' }),
  );
  return Promise.all(
    Contents.map(async ({ Key }) => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: Key! }));
      const told = JSON.parse(await Body!.transformToString());
      return { condition: told.requestContext.condition, event: JSON.parse(told.payload) };
    }),
  );
}
