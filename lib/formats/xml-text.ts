import { TextDecoder } from 'node:util';
import type { InputFile } from './format.ts';

/** The XML declaration, which names the encoding, stands within this. */
const HEAD_BYTES = 256;
const ENCODING = /^\s*<\?xml[^>]*\sencoding\s*=\s*["']([\w.-]+)["']/;

/**
 * The text of an XML file in the encoding that it declares, UTF-8 without a word; bytes that are not of it become
 * U+FFFD.
 * @throws Error when the encoding is not known.
 */
export async function* xmlText(file: InputFile): AsyncGenerator<string> {
  let decoder: TextDecoder | null = null;
  let head = Buffer.alloc(0);
  for await (const chunk of file.open() as AsyncIterable<Buffer>) {
    if (decoder !== null) {
      yield decoder.decode(chunk, { stream: true });
      continue;
    }
    head = Buffer.concat([head, chunk]);
    if (head.length < HEAD_BYTES) continue;
    decoder = decoderOf(file, head);
    yield decoder.decode(head, { stream: true });
  }
  yield decoder === null ? decoderOf(file, head).decode(head) : decoder.decode();
}

function decoderOf(file: InputFile, head: Buffer): TextDecoder {
  if (head[0] === 0xff && head[1] === 0xfe) return new TextDecoder('utf-16le');
  const declaration = head.toString('latin1', 0, HEAD_BYTES).replace(/^\u00EF\u00BB\u00BF/, '');
  const encoding = ENCODING.exec(declaration)?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(encoding);
  } catch {
    throw new Error(`${file.name}: its encoding "${encoding}" is not known`);
  }
}
