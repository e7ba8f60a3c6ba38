import { setTimeout as pause } from 'node:timers/promises';
import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  type KinesisClient,
  ListShardsCommand,
  type ListShardsCommandOutput,
  type Shard,
} from '@aws-sdk/client-kinesis';
import { type MappedRecord, mappedRecord } from './mapped-record.ts';

interface Reading {
  /** Takes what was read; the shard goes on when it resolves, and that is its checkpoint. */
  takeAll(records: readonly MappedRecord[]): Promise<void>;
  enough: { records: number; windowMs: number };
}

export interface ShardReaders {
  drained(): Promise<void>;
  close(): Promise<void>;
}

const POLL_MS = 5;
const MOST_READ = 10_000;

/** Reads all shards of a stream from their beginning, each after those that it came of. */
export function shardReaders(kinesis: KinesisClient, streamName: string, reading: Reading): ShardReaders {
  /** Shards that are read, and those of them that are read to their end. */
  const begun = new Map<string, Promise<void>>();
  const ended = new Set<string>();
  /** The last time that a shard was found without more, by the number of the round. */
  const emptyAt = new Map<string, number>();
  let round = 0;
  let roundOfShards = 0;
  let isClosed = false;
  let failure: Error | null = null;
  const listeners = new Set<() => void>();
  const onChange = () => {
    for (const listener of listeners) listener();
  };

  const read = async (shardId: string) => {
    const { ShardIterator } = await kinesis.send(
      new GetShardIteratorCommand({
        StreamName: streamName,
        ShardId: shardId,
        ShardIteratorType: 'TRIM_HORIZON',
      }),
    );
    let iterator = ShardIterator;
    let held: MappedRecord[] = [];
    let heldSince = 0;
    while (iterator && !isClosed) {
      const at = round;
      const answer = await kinesis.send(new GetRecordsCommand({ ShardIterator: iterator, Limit: MOST_READ }));
      iterator = answer.NextShardIterator;
      const found = (answer.Records ?? []).map((record) => mappedRecord(record, streamName, shardId));
      if (held.length === 0) heldSince = performance.now();
      held.push(...found);
      const isDue =
        held.length >= reading.enough.records ||
        performance.now() - heldSince >= reading.enough.windowMs ||
        !iterator;
      if (held.length > 0 && isDue) {
        await reading.takeAll(held);
        held = [];
      }
      if (found.length === 0 && held.length === 0) {
        emptyAt.set(shardId, at);
        onChange();
        if (iterator) await pause(POLL_MS);
      } else if (held.length > 0) await pause(POLL_MS);
    }
    if (isClosed) return;
    ended.add(shardId);
    onChange();
  };

  /** Begins to read the shards whose parents are done with; a parent that is listed no more was so long ago. */
  const beginShards = async () => {
    const at = round;
    const shards: Shard[] = [];
    let next: string | undefined;
    do {
      const page: ListShardsCommandOutput = await kinesis.send(
        new ListShardsCommand(next ? { NextToken: next } : { StreamName: streamName }),
      );
      shards.push(...(page.Shards ?? []));
      next = page.NextToken;
    } while (next);
    const listed = new Set(shards.map(({ ShardId }) => ShardId));
    const isDone = (id: string | undefined) => id === undefined || !listed.has(id) || ended.has(id);
    for (const { ShardId, ParentShardId, AdjacentParentShardId } of shards) {
      if (begun.has(ShardId!) || !isDone(ParentShardId) || !isDone(AdjacentParentShardId)) continue;
      begun.set(
        ShardId!,
        read(ShardId!).catch((error: Error) => {
          failure = error;
          onChange();
        }),
      );
    }
    // A round counts once every shard that there is was begun.
    if (shards.every(({ ShardId }) => begun.has(ShardId!))) roundOfShards = at;
    onChange();
  };

  const watching = (async () => {
    while (!isClosed) {
      await beginShards();
      await pause(POLL_MS);
    }
  })().catch((error: Error) => {
    failure = error;
    onChange();
  });

  return {
    async drained() {
      round += 1;
      const wanted = round;
      const isDone = () =>
        roundOfShards >= wanted &&
        [...begun.keys()].every((id) => ended.has(id) || (emptyAt.get(id) ?? 0) >= wanted);
      let listener = () => {};
      try {
        await new Promise<void>((resolve, reject) => {
          listener = () => {
            if (failure) reject(failure);
            else if (isDone()) resolve();
          };
          listeners.add(listener);
          listener();
        });
      } finally {
        listeners.delete(listener);
      }
    },
    async close() {
      isClosed = true;
      await watching;
      await Promise.all(begun.values());
    },
  };
}
