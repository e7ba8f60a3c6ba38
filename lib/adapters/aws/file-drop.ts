import { createHash } from 'node:crypto';
import { PassThrough, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { ImportFormat, InputFile } from '../../formats/format.ts';
import { FORMATS } from '../../formats/index.ts';

/** Where files are dropped: incoming/<format>/<file>. */
const DROP = /^incoming\/([^/]+)\/(.+)$/s;

/** A file of the drop, as S3 tells of it. */
export interface DroppedFile {
  bucket: string;
  key: string;
  /** In bytes. */
  size: number;
  /** Of the object that was told of; another may have taken its place since. */
  etag?: string | undefined;
  /** Milliseconds since 1970 UTC. */
  droppedAt: number;
}

/** A file that will not be imported however often that is tried, and why. */
export class UnusableFile extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** A file that could not be fetched, or not to its end. */
export class FileNotRead extends Error {
  /** Whether it is not there any more, or is another one now. */
  readonly isGone: boolean;
  constructor(cause: unknown) {
    super('A file of the drop could not be fetched', { cause });
    this.isGone = isGone(cause);
  }
}

/**
 * The format that the folder of a file names.
 * @throws UnusableFile where the file lies elsewhere, or the folder is none of a format that is read file by file
 */
export function formatOfDrop(key: string): ImportFormat {
  const [, name] = DROP.exec(key) ?? [];
  const allowed = Object.keys(FORMATS)
    .filter((one) => !FORMATS[one]!.together)
    .sort()
    .join(', ');
  if (name === undefined)
    throw new UnusableFile(
      'wrong_folder',
      `A file must lie at incoming/<format>/<file>; formats: ${allowed}`,
    );
  const format = Object.hasOwn(FORMATS, name) ? FORMATS[name]! : null;
  if (format === null)
    throw new UnusableFile(
      'unknown_format',
      `There is no format of the name of the folder; formats: ${allowed}`,
    );
  if (format.together)
    throw new UnusableFile(
      'read_together',
      `Files of ${name} explain each other and are read together, by "ropo import ${name}"; formats: ${allowed}`,
    );
  return format;
}

/**
 * A dropped file, read as it comes, unpacked where its name ends in .gz. Reading it throws FileNotRead where it cannot be
 * fetched, and UnusableFile where it is no gzip data.
 */
export function droppedFile(s3: S3Client, { bucket, key, size, etag }: DroppedFile): InputFile {
  const isPacked = key.endsWith('.gz');
  return {
    name: key.slice(key.lastIndexOf('/') + 1).replace(/\.gz$/, ''),
    bytes: size,
    open() {
      const out = new PassThrough({ highWaterMark: 1 << 20 });
      const read = async () => {
        const { Body } = await s3.send(
          new GetObjectCommand({ Bucket: bucket, Key: key, ...ifItIs({ etag }, 'IfMatch') }),
        );
        if (!isPacked) return pipeline(Body as Readable, out);
        const gunzip = createGunzip({ chunkSize: 1 << 18 });
        gunzip.once('error', (error: NodeJS.ErrnoException) => {
          // Of the file's bytes, not of the way here.
          if (error.code?.startsWith('Z_'))
            out.destroy(new UnusableFile('not_gzip', 'The file is named .gz and is not whole gzip data'));
        });
        return pipeline(Body as Readable, gunzip, out);
      };
      read().catch((error: unknown) => out.destroy(new FileNotRead(error)));
      return out;
    },
  };
}

/** The condition that an object is the one that was told of; events write its tag without quotes. */
const ifItIs = <Name extends string>({ etag }: Pick<DroppedFile, 'etag'>, name: Name) =>
  (etag ? { [name]: `"${etag.replaceAll('"', '')}"` } : {}) as Partial<Record<Name, string>>;

const isGone = (error: unknown) =>
  error instanceof Error && ['NoSuchKey', 'NotFound', 'PreconditionFailed'].includes(error.name);

/** Where what is told of a file lies; its name may tell of a person, so nothing of it is part of that. */
export function placeOf({ key, etag = '', droppedAt }: DroppedFile): string {
  const day = new Date(droppedAt).toISOString().slice(0, 10);
  return `${day}/${createHash('sha256').update(`${key}\n${etag}`).digest('hex').slice(0, 16)}`;
}

/** Tells, beside the drop, what came of a file. The same file tells the same place again. */
export async function tellImported(s3: S3Client, file: DroppedFile, counts: object): Promise<string> {
  const place = `imported/${placeOf(file)}.json`;
  await putJson(s3, file.bucket, place, { file: file.key, bytes: file.size, ...counts });
  return place;
}

/**
 * Takes a file out of the drop and keeps it under failed/, with the reason beside it. Repeating it changes nothing.
 * @returns the folder that it lies in
 */
export async function keepFailed(s3: S3Client, file: DroppedFile, reason: UnusableFile): Promise<string> {
  const folder = `failed/${placeOf(file)}`;
  const { bucket, key } = file;
  const name = key.slice(key.lastIndexOf('/') + 1);
  // First the reason: a file without one would be a riddle.
  await putJson(s3, bucket, `${folder}/reason.json`, {
    file: key,
    bytes: file.size,
    code: reason.code,
    reason: reason.message,
    to_do: `Mend the file or its folder, and drop it again at incoming/<format>/${name}`,
  });
  try {
    await s3.send(
      new CopyObjectCommand({
        Bucket: bucket,
        Key: `${folder}/${name}`,
        CopySource: `${bucket}/${encodeURIComponent(key).replaceAll('%2F', '/')}`,
        // Tags that the file may have are its sender's; S3 would ask for leave to read and write them.
        TaggingDirective: 'REPLACE',
        ...ifItIs(file, 'CopySourceIfMatch'),
      }),
    );
    await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
  } catch (error) {
    // It was moved before, by a try that was not heard of.
    if (!isGone(error)) throw error;
  }
  return folder;
}

async function putJson(s3: S3Client, bucket: string, key: string, value: object): Promise<void> {
  await s3.send(
    new PutObjectCommand({
      Bucket: bucket,
      Key: key,
      Body: `${JSON.stringify(value, null, 2)}\n`,
      ContentType: 'application/json',
    }),
  );
}
