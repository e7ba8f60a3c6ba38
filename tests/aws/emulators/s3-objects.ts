import { createHash, randomUUID } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { ServiceError } from './faults.ts';

/** What is said of an object beside its bytes; only of objects that were put, not of files that came to lie here. */
export type ObjectHeaders = Record<string, string>;

export interface FoundObject {
  key: string;
  bytes: number;
  etag: string;
  modifiedAt: Date;
}

const INCOMING = '.incoming';

/** Objects as plain files `bucket/key` below a folder: what else reads and writes the files sees and makes objects. */
export class ObjectFolder {
  readonly #folder: string;
  readonly #headers = new Map<string, ObjectHeaders>();
  readonly #etags = new Map<string, { version: string; etag: string }>();

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(join(folder, INCOMING), { recursive: true });
  }

  makeBucket(bucket: string): void {
    mkdirSync(join(this.#folder, bucket), { recursive: true });
  }

  /** @throws ServiceError where there is no such bucket */
  pathOf(bucket: string, key: string): string {
    const root = join(this.#folder, bucket);
    if (bucket === '' || bucket.startsWith('.') || !existsSync(root))
      throw new ServiceError('NoSuchBucket', `There is no bucket ${bucket}`, 404);
    const path = join(root, key);
    if (!path.startsWith(root) || key.split('/').some((part) => part === '..' || part === '.'))
      throw new ServiceError('InvalidArgument', `The key ${key} is no path of a file`);
    return path;
  }

  /** @throws ServiceError where there is no such object */
  find(bucket: string, key: string): FoundObject & { path: string; headers: ObjectHeaders } {
    const path = this.pathOf(bucket, key);
    const stat = statSync(path, { throwIfNoEntry: false });
    if (!stat?.isFile()) throw new ServiceError('NoSuchKey', `There is no object ${key}`, 404);
    const version = `${stat.ino} ${stat.mtimeMs} ${stat.size}`;
    let known = this.#etags.get(path);
    if (known?.version !== version) {
      known = { version, etag: `"${createHash('md5').update(readFileSync(path)).digest('hex')}"` };
      this.#etags.set(path, known);
    }
    return {
      key,
      path,
      bytes: stat.size,
      etag: known.etag,
      modifiedAt: stat.mtime,
      headers: this.#headers.get(path) ?? {},
    };
  }

  /**
   * Puts an object whole, in one step; nothing comes between its conditions and that.
   * @throws ServiceError 412 where it is there and must not be, or is another than it must be
   */
  put(
    bucket: string,
    key: string,
    body: Uint8Array,
    headers: ObjectHeaders,
    condition: { ifNoneMatch?: string | undefined; ifMatch?: string | undefined } = {},
  ): FoundObject {
    const path = this.pathOf(bucket, key);
    const aside = join(this.#folder, INCOMING, randomUUID());
    if (condition.ifNoneMatch === '*' && existsSync(path))
      throw new ServiceError('PreconditionFailed', `${key} is there already`, 412);
    // As S3 has it, a condition on an object that is not there finds no key.
    if (condition.ifMatch !== undefined && bare(this.find(bucket, key).etag) !== bare(condition.ifMatch))
      throw new ServiceError('PreconditionFailed', `${key} is another by now`, 412);
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory())
      throw new ServiceError('InternalError', `The emulator cannot hold ${key} beside keys below it`, 500);
    writeFileSync(aside, body);
    mkdirSync(dirname(path), { recursive: true });
    renameSync(aside, path);
    this.#headers.set(path, headers);
    return this.find(bucket, key);
  }

  remove(bucket: string, key: string): void {
    const path = this.pathOf(bucket, key);
    rmSync(path, { force: true });
    this.#headers.delete(path);
    // Folders are none of S3's ideas: an empty one would stay as a name without keys.
    let folder = dirname(path);
    const root = join(this.#folder, bucket);
    while (folder !== root && folder.startsWith(root) && existsSync(folder) && isEmpty(folder)) {
      rmdirSync(folder);
      folder = dirname(folder);
    }
  }

  /** Objects whose keys begin so, by the bytes of their keys. */
  list(bucket: string, prefix: string): string[] {
    const root = this.pathOf(bucket, '');
    const at = prefix.lastIndexOf('/');
    const keys: string[] = [];
    const below = (folder: string) => {
      const path = join(root, folder);
      if (!existsSync(path)) return;
      for (const entry of readdirSync(path, { withFileTypes: true })) {
        const key = `${folder}${entry.name}`;
        if (entry.isDirectory()) {
          if (key.startsWith(prefix) || prefix.startsWith(key)) below(`${key}/`);
        } else if (entry.isFile() && key.startsWith(prefix)) keys.push(key);
      }
    };
    below(at < 0 ? '' : prefix.slice(0, at + 1));
    return keys.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  }
}

const bare = (etag: string) => etag.replaceAll('"', '');
const isEmpty = (folder: string) => readdirSync(folder).length === 0;
