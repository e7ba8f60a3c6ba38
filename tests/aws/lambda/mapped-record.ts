import { createHash } from 'node:crypto';
import type { _Record } from '@aws-sdk/client-kinesis';
import type { KinesisStreamRecord } from 'aws-lambda';

/** A record of a stream on its way to a function. */
export interface MappedRecord {
  shardId: string;
  sequenceNumber: string;
  partitionKey: string;
  /** Milliseconds since 1970 UTC. */
  arrivedAt: number;
  /** As the function gets it. */
  event: KinesisStreamRecord;
  /** Size of that as JSON. */
  bytes: number;
}

/** A record as Lambda hands it to a function. */
export function mappedRecord(record: _Record, streamName: string, shardId: string): MappedRecord {
  const { SequenceNumber: sequenceNumber = '', PartitionKey: partitionKey = '' } = record;
  const arrivedAt = record.ApproximateArrivalTimestamp?.getTime() ?? 0;
  const event: KinesisStreamRecord = {
    kinesis: {
      kinesisSchemaVersion: '1.0',
      partitionKey,
      sequenceNumber,
      data: Buffer.from(record.Data ?? []).toString('base64'),
      approximateArrivalTimestamp: arrivedAt / 1000,
    },
    eventSource: 'aws:kinesis',
    eventVersion: '1.0',
    eventID: `${shardId}:${sequenceNumber}`,
    eventName: 'aws:kinesis:record',
    invokeIdentityArn: 'arn:aws:iam::111111111111:role/ingest',
    awsRegion: 'eu-central-1',
    eventSourceARN: arnOf(streamName),
  };
  return {
    shardId,
    sequenceNumber,
    partitionKey,
    arrivedAt,
    event,
    bytes: Buffer.byteLength(JSON.stringify(event)),
  };
}

export const arnOf = (streamName: string) => `arn:aws:kinesis:eu-central-1:111111111111:stream/${streamName}`;

/** In which of so many lanes a record goes: those of one partition key in the same. */
export const laneOf = ({ partitionKey }: MappedRecord, lanes: number) =>
  lanes === 1 ? 0 : createHash('md5').update(partitionKey).digest().readUInt32BE(0) % lanes;
