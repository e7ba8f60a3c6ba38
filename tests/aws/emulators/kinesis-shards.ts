import { createHash } from 'node:crypto';
import { ServiceError } from './faults.ts';

/** A record of the stream, as the emulator keeps it. */
export interface KeptRecord {
  shardId: string;
  sequenceNumber: string;
  partitionKey: string;
  data: Buffer;
  /** Milliseconds since 1970 UTC. */
  arrivedAt: number;
}

export interface Shard {
  id: string;
  parents: string[];
  /** Hashes of partition keys that belong here, both ends included. */
  from: bigint;
  to: bigint;
  records: KeptRecord[];
  beganAt: string;
  /** Sequence number that it ended with; null while it is open. */
  endedAt: string | null;
}

const LAST_HASH = (1n << 128n) - 1n;
/** Sequence numbers of AWS have 56 digits: texts of one length, so that their order is that of the numbers. */
const FIRST_SEQUENCE = 49_600_000_000_000_000_000_000_000_000_000_000_000_000_000_000_000_000_000n;
/** Numbers have gaps, as they do on AWS: nobody may count with them. */
const SEQUENCE_STEP = 16n;

/** The shards of a stream, open and closed, in the order they were made. */
export class Shards {
  readonly all: Shard[] = [];
  #sequence = FIRST_SEQUENCE;
  readonly #now: () => number;

  constructor(count: number, now: () => number) {
    this.#now = now;
    for (let n = 0; n < count; n++) {
      const from = (LAST_HASH * BigInt(n)) / BigInt(count) + (n === 0 ? 0n : 1n);
      this.#open(from, (LAST_HASH * BigInt(n + 1)) / BigInt(count), []);
    }
  }

  open(): Shard[] {
    return this.all.filter(({ endedAt }) => endedAt === null).sort((a, b) => (a.from < b.from ? -1 : 1));
  }

  /** @throws ServiceError where there is none of that id */
  find(id: string): Shard {
    const shard = this.all.find((one) => one.id === id);
    if (!shard) throw new ServiceError('ResourceNotFoundException', `There is no shard ${id}`);
    return shard;
  }

  /** The open shard that a record belongs to, by the MD5 of its partition key or by a hash that its sender gave. */
  ofKey(partitionKey: string, explicitHash?: string): Shard {
    const hash =
      explicitHash === undefined
        ? BigInt(`0x${createHash('md5').update(partitionKey).digest('hex')}`)
        : BigInt(explicitHash);
    return this.open().find(({ from, to }) => hash >= from && hash <= to)!;
  }

  put(shard: Shard, partitionKey: string, data: Buffer): KeptRecord {
    const record = {
      shardId: shard.id,
      sequenceNumber: this.#next(),
      partitionKey,
      data,
      arrivedAt: this.#now(),
    };
    shard.records.push(record);
    return record;
  }

  split(id: string, hash: bigint): void {
    const shard = this.#toEnd(id);
    if (hash <= shard.from || hash > shard.to)
      throw new ServiceError('InvalidArgumentException', `${hash} divides nothing of shard ${id}`);
    shard.endedAt = this.#next();
    this.#open(shard.from, hash - 1n, [id]);
    this.#open(hash, shard.to, [id]);
  }

  merge(id: string, otherId: string): void {
    const [low, high] = [this.#toEnd(id), this.#toEnd(otherId)].sort((a, b) => (a.from < b.from ? -1 : 1));
    if (low!.to + 1n !== high!.from)
      throw new ServiceError('InvalidArgumentException', `Shards ${id} and ${otherId} are not neighbours`);
    low!.endedAt = this.#next();
    high!.endedAt = this.#next();
    this.#open(low!.from, high!.to, [id, otherId]);
  }

  /** Splits the widest, or merges the narrowest neighbours, until there are so many. */
  resize(target: number): void {
    for (let open = this.open(); open.length !== target; open = this.open()) {
      if (open.length < target) {
        const widest = open.reduce((best, one) => (one.to - one.from > best.to - best.from ? one : best));
        this.split(widest.id, widest.from + (widest.to - widest.from) / 2n + 1n);
        continue;
      }
      let at = 0;
      const width = (n: number) => open[n + 1]!.to - open[n]!.from;
      for (let n = 1; n < open.length - 1; n++) if (width(n) < width(at)) at = n;
      this.merge(open[at]!.id, open[at + 1]!.id);
    }
  }

  #toEnd(id: string): Shard {
    const shard = this.find(id);
    if (shard.endedAt !== null)
      throw new ServiceError('ResourceInUseException', `Shard ${id} is closed already`);
    return shard;
  }

  #open(from: bigint, to: bigint, parents: string[]): void {
    const id = `shardId-${String(this.all.length).padStart(12, '0')}`;
    this.all.push({ id, parents, from, to, records: [], beganAt: this.#next(), endedAt: null });
  }

  #next(): string {
    this.#sequence += SEQUENCE_STEP;
    return String(this.#sequence);
  }
}
