import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type EventLog, openEventLog } from '../../lib/adapters/embedded/event-log.ts';
import { encodeRecords, frameAt, nextFrame } from '../../lib/adapters/embedded/log-frames.ts';
import { ShopBusy, type ShopDirectory } from '../../lib/adapters/embedded/shop-directory.ts';
import { StreamFull, type StreamRecord } from '../../lib/ports.ts';
import { ARRIVAL, bodyOf, streamRecord, takeAll, temporaryDirectory } from './stream-records.ts';

let directory: ShopDirectory;
let remove: () => void;
const open: EventLog[] = [];
const logOf = (options = {}) => {
  const log = openEventLog(directory, options);
  open.push(log);
  return log;
};
beforeEach(() => {
  ({ directory, remove } = temporaryDirectory());
});
afterEach(async () => {
  for (const log of open.splice(0)) await log.close();
  remove();
});

const streamFiles = () =>
  readdirSync(join(directory.root, 'stream'))
    .filter((name) => name.endsWith('.log'))
    .map((name) => join(directory.root, 'stream', name));
const numbered = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, n) => streamRecord(bodyOf(from + n)));

describe('what was appended', () => {
  test('is read back as it was, whoever sent it and whatever it holds', async () => {
    const log = logOf();
    const records: StreamRecord[] = [
      streamRecord('{"a":1}'),
      streamRecord('{"b":"é€🙂"}'),
      streamRecord('', { format: 'receipts', source: 'till 7', store_id: 's7' }),
      streamRecord('line one\nline two\r\n', { format: 'poslog', received_at: ARRIVAL + 1 }),
      streamRecord('x'.repeat(300_000)),
      streamRecord('{', { set_aside: { reason: 'too_large', detail: 'the message has too many bytes' } }),
    ];
    await log.append(records);
    expect(log.backlog().records).toBe(6);
    expect(await takeAll(log)).toEqual(records);
    expect(log.backlog()).toEqual({ records: 0, bytes: 0 });
  });

  test('comes in the order of the appends, however many are under way', async () => {
    const log = logOf();
    const all = numbered(0, 3000);
    await Promise.all(Array.from({ length: 300 }, (_, n) => log.append(all.slice(n * 10, n * 10 + 10))));
    expect(await takeAll(log)).toEqual(all);
  });

  test('leaves no file once it was taken in, and a new start reads nothing', async () => {
    const log = logOf({ segmentBytes: 10_000 });
    for (let n = 0; n < 200; n += 10) await log.append(numbered(n, n + 10));
    expect(streamFiles().length).toBeGreaterThan(5);
    await takeAll(log);
    expect(streamFiles()).toEqual([]);
    await log.close();
    const next = logOf();
    expect(await next.read({ records: 10, bytes: 1000 })).toBeNull();
    await next.append(numbered(7, 8));
    expect(await takeAll(next)).toEqual(numbered(7, 8));
  });

  test('is read again from the last commit, after a rewind and after a restart', async () => {
    const log = logOf();
    for (let n = 0; n < 30; n += 10) await log.append(numbered(n, n + 10));
    const first = (await log.read({ records: 10, bytes: 1 << 20 }))!;
    await log.commit(first);
    await log.read({ records: 10, bytes: 1 << 20 });
    log.rewind();
    expect((await log.read({ records: 10, bytes: 1 << 20 }))!.records).toEqual(numbered(10, 20));
    await log.close();
    const next = logOf();
    expect(next.backlog().records).toBe(20);
    expect(await takeAll(next)).toEqual(numbered(10, 30));
  });

  test('is all there when the file of the position is not readable', async () => {
    const log = logOf();
    await log.append(numbered(0, 5));
    await log.close();
    writeFileSync(join(directory.root, 'stream', 'position.json'), '{"segm');
    expect(await takeAll(logOf())).toEqual(numbered(0, 5));
  });
});

describe('a stream that is full', () => {
  test('takes nothing of an append and says when to come back; it takes more once there is room', async () => {
    const log = logOf({ backlogBytes: 20_000 });
    await log.append([streamRecord('x'.repeat(15_000))]);
    const refused = await log.append([streamRecord('y'.repeat(9000))]).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(StreamFull);
    expect((refused as StreamFull).retryAfter).toBeGreaterThanOrEqual(1);
    expect(log.backlog().records).toBe(1);
    await takeAll(log);
    await log.append([streamRecord('y'.repeat(9000))]);
    expect(log.backlog().records).toBe(1);
  });

  test('counts appends that are under way', async () => {
    const log = logOf({ backlogBytes: 50_000 });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, () => log.append([streamRecord('x'.repeat(9000))])),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
  });

  test('refuses for good what it could never hold', async () => {
    const log = logOf({ backlogBytes: 1000 });
    const refused = await log.append([streamRecord('x'.repeat(2000))]).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(RangeError);
    expect(refused).not.toBeInstanceOf(StreamFull);
  });
});

test('one process appends at a time; the lock of one that is gone is taken over', async () => {
  const log = logOf();
  expect(() => openEventLog(directory)).toThrow(ShopBusy);
  await log.close();
  // No system gives a process such a number.
  writeFileSync(join(directory.root, 'stream', 'lock'), `${2 ** 30} collect`);
  await logOf().append(numbered(0, 1));
});

test('an append whose head has no room in a frame is refused, and harms no other', async () => {
  const log = logOf();
  const refused = log.append([streamRecord('a', { source: 's'.repeat(70_000) })]);
  await expect(refused).rejects.toThrow(RangeError);
  await expect(refused).rejects.toThrow('65535');
  await log.append(numbered(0, 1));
  expect(await takeAll(log)).toEqual(numbered(0, 1));
});

test('an append after the end is refused, not lost', async () => {
  const log = logOf();
  await log.endAppends();
  await expect(log.append(numbered(0, 1))).rejects.toThrow('closed');
});

describe('a file that was cut or damaged', () => {
  const fill = async () => {
    const log = logOf();
    for (let n = 0; n < 12; n++) await log.append([streamRecord(bodyOf(n))]);
    await log.close();
    const [file] = streamFiles() as [string];
    return { file, bytes: readFileSync(file) };
  };
  /** Where each frame ends. */
  const endsIn = (bytes: Buffer, seed: number) => {
    const ends: number[] = [];
    for (let at = 0; at < bytes.length; ) {
      const frame = frameAt(bytes, at, seed);
      if (typeof frame !== 'object') throw new Error(`no frame at ${at}`);
      at = frame.end;
      ends.push(at);
    }
    return ends;
  };
  const seedOf = (file: string) => Number.parseInt(file.slice(-12, -4), 16);

  test('at any byte keeps every record before the cut, and none in part', async () => {
    const { file, bytes } = await fill();
    const ends = endsIn(bytes, seedOf(file));
    expect(ends).toHaveLength(12);
    for (let cut = bytes.length; cut >= 0; cut -= 97) {
      writeFileSync(file, bytes.subarray(0, cut));
      const whole = ends.filter((end) => end <= cut).length;
      const log = openEventLog(directory);
      const read: StreamRecord[] = [];
      for (let batch = await log.read({ records: 99, bytes: 1 << 20 }); batch; ) {
        read.push(...batch.records);
        batch = await log.read({ records: 99, bytes: 1 << 20 });
      }
      expect(read, `cut at ${cut}`).toEqual(numbered(0, whole));
      await log.close();
    }
  });

  test('with a torn write behind goes on with new records', async () => {
    const { file, bytes } = await fill();
    truncateSync(file, bytes.length - 3);
    const log = logOf();
    await log.append([streamRecord('after the crash')]);
    expect((await takeAll(log)).map(({ body }) => body)).toEqual([
      ...numbered(0, 11).map(({ body }) => body),
      'after the crash',
    ]);
  });

  test('in the middle loses what is damaged and nothing else, and the file is kept', async () => {
    const { file, bytes } = await fill();
    const ends = endsIn(bytes, seedOf(file));
    const damaged = Buffer.from(bytes);
    damaged.fill(0, ends[3]! + 20, ends[3]! + 40);
    writeFileSync(file, damaged);
    const read = await takeAll(logOf());
    expect(read).toEqual([...numbered(0, 4), ...numbered(5, 12)]);
    expect(readdirSync(join(directory.root, 'stream')).some((name) => name.endsWith('.damaged'))).toBe(true);
  });

  /** Opens the log, takes all in, and tells what was read, said and kept. */
  const takenUp = async () => {
    const said: string[] = [];
    const log = logOf({ onDamaged: (path: string) => said.push(basename(path)) });
    const read = await takeAll(log);
    await log.close();
    const kept = readdirSync(join(directory.root, 'stream')).filter((name) => name.endsWith('.damaged'));
    expect(said).toEqual(kept);
    return { read, kept: kept.map((name) => readFileSync(join(directory.root, 'stream', name))) };
  };
  const flipped = (bytes: Buffer, at: number) => {
    const other = Buffer.from(bytes);
    other[at]! ^= 1;
    return other;
  };

  test('where its last frame was whole keeps it, and says so', async () => {
    const { file, bytes } = await fill();
    const ends = endsIn(bytes, seedOf(file));
    const lengthOfLast = ends[10]! + 6;
    for (const at of [bytes.length - 1, ends[10]!, ends[10]! + 4, lengthOfLast]) {
      const damaged = flipped(bytes, at);
      writeFileSync(file, damaged);
      expect(await takenUp(), `byte ${at}`).toEqual({ read: numbered(0, 11), kept: [damaged] });
      for (const name of readdirSync(join(directory.root, 'stream')))
        rmSync(join(directory.root, 'stream', name));
    }
  });

  test('so that it has no whole frame is kept, not taken for nothing', async () => {
    const log = logOf();
    await log.append(numbered(0, 1));
    await log.close();
    const [file] = streamFiles() as [string];
    const damaged = flipped(readFileSync(file), 20);
    writeFileSync(file, damaged);
    expect(await takenUp()).toEqual({ read: [], kept: [damaged] });
    expect(streamFiles()).toEqual([]);
  });

  test('is kept when a restart came between reading it and being through', async () => {
    const { file, bytes } = await fill();
    const damaged = flipped(bytes, endsIn(bytes, seedOf(file))[3]! + 20);
    writeFileSync(file, damaged);
    const log = logOf();
    await log.commit((await log.read({ records: 8, bytes: 1 << 20 }))!);
    await log.close();
    expect(await takenUp()).toEqual({ read: numbered(9, 12), kept: [damaged] });
  });

  test('leaves nothing behind where a write was only cut short, be it by a power cut', async () => {
    const { file, bytes } = await fill();
    const ends = endsIn(bytes, seedOf(file));
    for (const [cut, read] of [
      [ends[10]! + 5, 11],
      [ends[10]! + 40, 11],
      [bytes.length - 1, 11],
      [2, 0],
      [ends[0]! - 1, 0],
    ] as const) {
      for (const zeros of [0, 4096]) {
        if (zeros > 0 && cut !== 2) continue;
        writeFileSync(file, Buffer.concat([bytes.subarray(0, zeros > 0 ? 0 : cut), Buffer.alloc(zeros)]));
        expect(await takenUp(), `cut at ${cut}`).toEqual({ read: numbered(0, read), kept: [] });
        rmSync(join(directory.root, 'stream', 'position.json'), { force: true });
      }
    }
  });

  test('does not take for a frame what a sender wrote to look like one', async () => {
    const forged = encodeRecords([streamRecord('forged', { source: 'another shop' })], 0).toString('latin1');
    const { file, bytes } = await fill();
    appendFileSync(file, bytes.subarray(0, 5));
    appendFileSync(file, Buffer.from(forged, 'latin1'));
    expect(nextFrame(readFileSync(file), bytes.length, 0)).toBeGreaterThan(0);
    expect(await takeAll(logOf())).toEqual(numbered(0, 12));
  });
});

test('killed while it appends, a process leaves every record that was told taken, whole and once', async () => {
  const program = fileURLToPath(new URL('./append-until-killed.ts', import.meta.url));
  const told: number[] = [];
  for (const [round, enough] of [40, 400, 1500].entries()) {
    const first = round * 1_000_000;
    const child = spawn(process.execPath, ['--import', 'tsx', program, directory.root, String(first)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      if (text.split('\n').length > enough) child.kill('SIGKILL');
    });
    const [, signal] = (await once(child, 'close')) as [number | null, string | null];
    expect(signal).toBe('SIGKILL');
    told.push(...text.split('\n').slice(0, -1).map(Number));
  }
  const log = logOf();
  const backlog = log.backlog().records;
  const read = await takeAll(log);
  expect(read).toHaveLength(backlog);
  const numbers = read.map(({ received_at }) => received_at);
  expect(new Set(numbers).size).toBe(numbers.length);
  for (const record of read) expect(record.body).toBe(bodyOf(record.received_at));
  const isRead = new Set(numbers);
  expect(told.filter((number) => !isRead.has(number))).toEqual([]);
  expect(told.length).toBeGreaterThan(1900);
});
