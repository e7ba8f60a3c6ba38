import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { frameAt, isCutShort, nextFrame } from './log-frames.ts';

/** One file of the log. Its name holds its number and the seed of its checksums: "000000000007-1a2b3c4d.log". */
export interface Segment {
  number: number;
  seed: number;
  path: string;
  /** How much of it is on disk for good. */
  bytes: number;
  /** Something in it could not be read; it is kept when all else of it was taken in. */
  isDamaged: boolean;
}

/** A place in the log: everything before it was taken in. */
export interface LogPosition {
  segment: number;
  offset: number;
}

const NAME = /^(\d{12})-([0-9a-f]{8})\.log$/;

/** The files of the log, oldest first. */
export function segmentsIn(folder: string): Segment[] {
  mkdirSync(folder, { recursive: true });
  return readdirSync(folder)
    .flatMap((name): Segment[] => {
      const [, number, seed] = NAME.exec(name) ?? [];
      if (number === undefined || seed === undefined) return [];
      const path = join(folder, name);
      const bytes = statSync(path).size;
      return [{ number: Number(number), seed: Number.parseInt(seed, 16), path, bytes, isDamaged: false }];
    })
    .sort((a, b) => a.number - b.number);
}

export const segmentPath = (folder: string, number: number, seed: number) =>
  join(folder, `${String(number).padStart(12, '0')}-${seed.toString(16).padStart(8, '0')}.log`);

const positionFile = (folder: string) => join(folder, 'position.json');

/** Where ingest is; the very beginning where nothing was taken in yet. A file that cannot be read counts as that. */
export function readPosition(folder: string): LogPosition {
  const file = positionFile(folder);
  try {
    if (existsSync(file)) {
      const { segment, offset } = JSON.parse(readFileSync(file, 'utf8')) as LogPosition;
      if (Number.isSafeInteger(segment) && Number.isSafeInteger(offset)) return { segment, offset };
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return { segment: 0, offset: 0 };
}

/** Written aside and renamed: a reader finds the old position or the new one. */
export async function writePosition(folder: string, position: LogPosition): Promise<void> {
  const file = positionFile(folder);
  const handle = await open(`${file}.tmp`, 'w');
  try {
    await handle.writeFile(JSON.stringify(position));
    await handle.datasync();
  } finally {
    await handle.close();
  }
  await rename(`${file}.tmp`, file);
}

/** Makes what was created, renamed or removed in a folder last beyond a power cut. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** What a file holds. */
export interface Survey {
  /** Records of the whole frames from a place on. */
  records: number;
  /** The end of the last of them, or that place. */
  end: number;
  /** Whether some of it, from the beginning on, can be read no more; a write at its end that was cut short is not meant. */
  isDamaged: boolean;
}

/** Looks through a whole file for what is left of it from a place on. */
export function surveySegment({ path, seed }: Segment, from: number): Survey {
  const bytes = readFileSync(path);
  const survey: Survey = { records: 0, end: from, isDamaged: false };
  for (let at = 0; at < bytes.length; ) {
    const frame = frameAt(bytes, at, seed);
    if (typeof frame === 'object') {
      if (at >= from) survey.records += frame.count;
      at = frame.end;
      survey.end = Math.max(survey.end, at);
      continue;
    }
    const next = nextFrame(bytes, at + 1, seed);
    survey.isDamaged ||= next >= 0 || !isCutShort(bytes, at);
    if (next < 0) break;
    at = next;
  }
  return survey;
}
