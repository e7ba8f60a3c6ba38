import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { crc32 } from 'node:zlib';
import { createFaults, ServiceError } from './faults.ts';
import type { Emulator } from './json-service.ts';
import { bodyOf, drop, listen } from './listen.ts';
import { ObjectFolder, type ObjectHeaders } from './s3-objects.ts';

export interface S3Emulator extends Emulator {
  /** Where objects lie, as `bucket/key`. */
  folder: string;
  objects: ObjectFolder;
  /** Called after each object that was put. */
  onCreated: ((created: { bucket: string; key: string; size: number; etag: string }) => void) | null;
}

interface Call {
  action: string;
  bucket: string;
  key: string;
  query: URLSearchParams;
  request: IncomingMessage;
  body: Buffer;
}

interface Answer {
  status?: number;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
}

/** What an object is kept with and given back with. */
const KEPT_HEADERS = ['content-type', 'cache-control', 'content-disposition', 'content-language'];

/** S3 in path style, its objects as plain files below a folder. Conditions on writes hold. No versions, no parts. */
export async function startS3(options: { folder: string; buckets: readonly string[] }): Promise<S3Emulator> {
  const objects = new ObjectFolder(options.folder);
  for (const bucket of options.buckets) objects.makeBucket(bucket);
  const faults = createFaults();

  const put = ({ bucket, key, request, body }: Call): Answer => {
    const { headers } = request;
    const found = objects.put(bucket, key, checked(body, request), keptOf(request), {
      ifNoneMatch: headers['if-none-match'],
      ifMatch: headers['if-match'],
    });
    emulator.onCreated?.({ bucket, key, size: found.bytes, etag: found.etag });
    return { headers: { etag: found.etag } };
  };

  const get = ({ bucket, key, request }: Call): Answer => {
    const found = objects.find(bucket, key);
    const headers: Record<string, string> = {
      'content-type': 'binary/octet-stream',
      ...found.headers,
      etag: found.etag,
      'last-modified': found.modifiedAt.toUTCString(),
      'accept-ranges': 'bytes',
    };
    const { 'if-none-match': unlike, 'if-match': like, range } = request.headers;
    if (unlike !== undefined && unlike === found.etag) return { status: 304, headers };
    if (like !== undefined && like !== found.etag)
      throw new ServiceError('PreconditionFailed', `${key} is another by now`, 412);
    const part = range ? rangeOf(range, found.bytes) : null;
    const [from, to] = part ?? [0, found.bytes];
    headers['content-length'] = String(to - from);
    if (part) headers['content-range'] = `bytes ${from}-${to - 1}/${found.bytes}`;
    const status = part ? 206 : 200;
    if (request.method === 'HEAD') return { status, headers };
    return { status, headers, body: readFileSync(found.path).subarray(from, to) };
  };

  const list = ({ bucket, query }: Call): Answer => {
    const prefix = query.get('prefix') ?? '';
    const delimiter = query.get('delimiter') ?? '';
    const most = Math.min(1000, Number(query.get('max-keys') ?? 1000));
    const token = query.get('continuation-token');
    const after = token !== null ? Buffer.from(token, 'base64url').toString() : query.get('start-after');
    const encode =
      query.get('encoding-type') === 'url'
        ? (text: string) => encodeURIComponent(text).replaceAll('%2F', '/')
        : escaped;
    const contents: string[] = [];
    const prefixes = new Set<string>();
    let last = '';
    let isTruncated = false;
    for (const key of objects.list(bucket, prefix)) {
      const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
      const shown = end < 0 ? key : key.slice(0, end + delimiter.length);
      if (after !== null && Buffer.compare(Buffer.from(shown), Buffer.from(after)) <= 0) continue;
      if (end >= 0 && prefixes.has(shown)) continue;
      if (contents.length + prefixes.size >= most) {
        isTruncated = true;
        break;
      }
      last = shown;
      if (end >= 0) prefixes.add(shown);
      else {
        const { etag, bytes, modifiedAt } = objects.find(bucket, key);
        contents.push(
          `<Contents><Key>${encode(key)}</Key><LastModified>${modifiedAt.toISOString()}</LastModified>` +
            `<ETag>${escaped(etag)}</ETag><Size>${bytes}</Size><StorageClass>STANDARD</StorageClass></Contents>`,
        );
      }
    }
    const more = isTruncated
      ? `<NextContinuationToken>${Buffer.from(last).toString('base64url')}</NextContinuationToken>`
      : '';
    const common = [...prefixes].map(
      (each) => `<CommonPrefixes><Prefix>${encode(each)}</Prefix></CommonPrefixes>`,
    );
    return xml(
      'ListBucketResult',
      `<Name>${bucket}</Name><Prefix>${encode(prefix)}</Prefix><MaxKeys>${most}</MaxKeys>` +
        `<KeyCount>${contents.length + prefixes.size}</KeyCount><IsTruncated>${isTruncated}</IsTruncated>${more}` +
        `${query.get('encoding-type') ? '<EncodingType>url</EncodingType>' : ''}${contents.join('')}${common.join('')}`,
    );
  };

  const actions: Record<string, (call: Call) => Answer> = {
    CreateBucket({ bucket }) {
      objects.makeBucket(bucket);
      return { headers: { location: `/${bucket}` } };
    },
    HeadBucket({ bucket }) {
      objects.pathOf(bucket, '');
      return {};
    },
    PutObject: put,
    GetObject: get,
    HeadObject: get,
    ListObjectsV2: list,
    DeleteObject({ bucket, key }) {
      objects.remove(bucket, key);
      return { status: 204 };
    },
    DeleteObjects({ bucket, body }) {
      const keys = Array.from(body.toString().matchAll(/<Key>([^<]*)<\/Key>/g), ([, key]) => unescaped(key!));
      if (keys.length > 1000)
        throw new ServiceError('MalformedXML', `${keys.length} keys to delete; at most 1000`);
      for (const key of keys) objects.remove(bucket, key);
      return xml('DeleteResult', keys.map((key) => `<Deleted><Key>${escaped(key)}</Key></Deleted>`).join(''));
    },
    CopyObject({ bucket, key, request }) {
      const source = decodeURIComponent(String(request.headers['x-amz-copy-source'])).replace(/^\//, '');
      const at = source.indexOf('/');
      const from = objects.find(source.slice(0, at), source.slice(at + 1));
      const { etag, modifiedAt } = objects.put(bucket, key, readFileSync(from.path), from.headers);
      return xml(
        'CopyObjectResult',
        `<ETag>${escaped(etag)}</ETag><LastModified>${modifiedAt.toISOString()}</LastModified>`,
      );
    },
  };

  const perform = async (request: IncomingMessage): Promise<Answer> => {
    const url = new URL(request.url ?? '/', 'http://s3');
    const [, bucket = '', key = ''] = /^\/([^/]*)\/?(.*)$/.exec(url.pathname) ?? [];
    const call: Call = {
      action: '',
      bucket,
      key: decodeURIComponent(key),
      query: url.searchParams,
      request,
      body: await bodyOf(request),
    };
    call.action = actionOf(call);
    const fault = faults.ofCall(call.action, { bucket, key: call.key });
    const failed = fault && new ServiceError(fault.code, fault.message ?? fault.code, fault.status);
    if (failed && !fault.isDone) throw failed;
    const does = actions[call.action];
    if (!does) throw new ServiceError('NotImplemented', `The emulator has no ${call.action}`, 501);
    const answer = does(call);
    if (failed) throw failed;
    return answer;
  };

  const respond = (response: ServerResponse, { status = 200, headers = {}, body }: Answer) => {
    response.writeHead(status, {
      'x-amz-request-id': randomUUID(),
      ...(body === undefined && !('content-length' in headers) && status !== 304 && status !== 204
        ? { 'content-length': '0' }
        : {}),
      ...headers,
    });
    response.end(body);
  };

  const listening = await listen(async (request, response) => {
    try {
      respond(response, await perform(request));
    } catch (error) {
      const known = error instanceof ServiceError ? error : null;
      if (known?.code === 'Dropped') return drop(request, response);
      const message = error instanceof Error ? error.message : String(error);
      const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${known?.code ?? 'InternalError'}</Code><Message>${escaped(message)}</Message></Error>`;
      const status = known?.status ?? 500;
      if (request.method === 'HEAD') respond(response, { status });
      else respond(response, { status, headers: { 'content-type': 'application/xml' }, body });
    }
  });
  const emulator: S3Emulator = { ...listening, faults, folder: options.folder, objects, onCreated: null };
  return emulator;
}

function actionOf({ request: { method, headers }, key, query }: Call): string {
  if (key === '') {
    if (method === 'PUT') return 'CreateBucket';
    if (method === 'HEAD') return 'HeadBucket';
    if (method === 'POST' && query.has('delete')) return 'DeleteObjects';
    if (method === 'GET' && query.get('list-type') === '2') return 'ListObjectsV2';
    return `${method} of a bucket`;
  }
  if (query.has('uploads') || query.has('uploadId')) return 'multipart upload';
  if (method === 'PUT') return headers['x-amz-copy-source'] === undefined ? 'PutObject' : 'CopyObject';
  if (method === 'DELETE') return 'DeleteObject';
  return method === 'HEAD' ? 'HeadObject' : `${method === 'GET' ? 'GetObject' : `${method} of an object`}`;
}

/** The bytes of a body, without what the SDK writes between its pieces. */
function checked(body: Buffer, { headers }: IncomingMessage): Buffer {
  const isChunked = String(headers['content-encoding'] ?? '').includes('aws-chunked');
  const { bytes, trailers } = isChunked ? unchunked(body) : { bytes: body, trailers: {} };
  const said =
    headers['x-amz-checksum-crc32'] ?? (trailers as Record<string, string>)['x-amz-checksum-crc32'];
  if (said !== undefined) {
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(bytes));
    if (sum.toString('base64') !== said)
      throw new ServiceError('BadDigest', 'The CRC32 of what came is another than was said');
  }
  return bytes;
}

function unchunked(body: Buffer): { bytes: Buffer; trailers: Record<string, string> } {
  const pieces: Buffer[] = [];
  let at = 0;
  for (;;) {
    const end = body.indexOf('\r\n', at);
    if (end < 0) throw new ServiceError('IncompleteBody', 'A body in pieces ends without its last');
    const length = Number.parseInt(body.toString('latin1', at, end), 16);
    at = end + 2;
    if (length === 0) break;
    pieces.push(body.subarray(at, at + length));
    at += length + 2;
  }
  const trailers = Object.fromEntries(
    body
      .toString('latin1', at)
      .split('\r\n')
      .filter((line) => line.includes(':'))
      .map((line) => [
        line.slice(0, line.indexOf(':')).toLowerCase(),
        line.slice(line.indexOf(':') + 1).trim(),
      ]),
  );
  return { bytes: Buffer.concat(pieces), trailers };
}

function keptOf({ headers }: IncomingMessage): ObjectHeaders {
  const kept: ObjectHeaders = {};
  for (const [name, value] of Object.entries(headers))
    if ((KEPT_HEADERS.includes(name) || name.startsWith('x-amz-meta-')) && typeof value === 'string')
      kept[name] = value;
  const encoding = String(headers['content-encoding'] ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '' && each !== 'aws-chunked');
  if (encoding.length > 0) kept['content-encoding'] = encoding.join(',');
  return kept;
}

/** From and to (not included) of `bytes=a-b`, `bytes=a-` or `bytes=-n`; null where it is none. */
function rangeOf(text: string, bytes: number): [number, number] | null {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(text) ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return null;
  if (first === '') return [Math.max(0, bytes - Number(last)), bytes];
  if (Number(first) >= bytes)
    throw new ServiceError('InvalidRange', `The object has ${bytes} bytes; ${text} is behind them`, 416);
  return [Number(first), last === '' ? bytes : Math.min(bytes, Number(last) + 1)];
}

function xml(root: string, inner: string): Answer {
  return {
    headers: { 'content-type': 'application/xml' },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${inner}</${root}>`,
  };
}

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
};
const escaped = (text: string) => text.replace(/[&<>"\r]/g, (each) => ESCAPES[each]!);
const unescaped = (text: string) =>
  text.replace(/&(amp|lt|gt|quot|apos|#x?[0-9a-fA-F]+);/g, (whole, name: string) => {
    if (name.startsWith('#x')) return String.fromCodePoint(Number.parseInt(name.slice(2), 16));
    if (name.startsWith('#')) return String.fromCodePoint(Number(name.slice(1)));
    return { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }[name] ?? whole;
  });
