import { type FileHandle, open } from 'node:fs/promises';
import { type Segment, segmentPath, syncFolder } from './log-segments.ts';

/** Writes to the newest file of the log, one write at a time, and begins a new file where the last is full. */
export interface LogWriter {
  /** Resolves when the bytes are on disk for good; what of them is there after a failure is not sure, and is not read. */
  write(bytes: Buffer): Promise<void>;
  /** The file that it writes to; null between files. */
  current(): Segment | null;
  /** Ends that file; the next write begins another. */
  endSegment(): Promise<void>;
}

/**
 * @param lastNumber that of the newest file so far
 * @param seed of the checksums of all files that it makes
 * @param begun told of each new file
 */
export function openLogWriter(
  folder: string,
  lastNumber: number,
  seed: number,
  segmentBytes: number,
  begun: (segment: Segment) => void,
): LogWriter {
  let number = lastNumber;
  let file: { handle: FileHandle; segment: Segment } | null = null;

  const beginSegment = async () => {
    number += 1;
    const path = segmentPath(folder, number, seed);
    const handle = await open(path, 'wx');
    await syncFolder(folder);
    const segment: Segment = { number, seed, path, bytes: 0, isDamaged: false };
    begun(segment);
    file = { handle, segment };
    return file;
  };

  const endSegment = async () => {
    const ended = file;
    file = null;
    await ended?.handle.close();
  };

  return {
    async write(bytes) {
      if (file !== null && file.segment.bytes >= segmentBytes) await endSegment();
      const { handle, segment } = file ?? (await beginSegment());
      try {
        for (let done = 0; done < bytes.length; )
          done += (await handle.write(bytes, done, bytes.length - done, segment.bytes + done)).bytesWritten;
        await handle.datasync();
      } catch (error) {
        await endSegment().catch(() => {});
        throw error;
      }
      segment.bytes += bytes.length;
    },
    current: () => file?.segment ?? null,
    endSegment,
  };
}
