import type { InputFile } from './format.ts';
import { xmlText } from './xml-text.ts';

/** An element longer than this is no transaction; only its head is kept. */
const MAX_CHARACTERS = 16_777_216;
const HEAD_CHARACTERS = 4096;

/** One element of a file, as its text, or the reason why it is none. `line` is where it begins. */
export interface XmlElement {
  text: string;
  line: number;
  unreadable?: string;
}

/**
 * Cuts the elements of one name (of any namespace prefix) out of an XML stream, whatever stands around them, and
 * never holds more than one. Nothing is expanded or fetched: a document type declaration, the place where entities
 * are declared, is an error.
 * @throws Error on a DOCTYPE, and when the file holds no such element.
 */
export async function* xmlElements(file: InputFile, name: string): AsyncGenerator<XmlElement[]> {
  const cutter = createCutter(name);
  let isEmpty = true;
  const seen = (elements: XmlElement[]) => {
    if (elements.length > 0) isEmpty = false;
    return elements;
  };
  try {
    for await (const text of xmlText(file)) yield seen(cutter.add(text));
    yield seen(cutter.end());
  } catch (error) {
    throw error instanceof DoctypeFound ? new Error(`${file.name}: ${error.message}`) : error;
  }
  if (isEmpty) throw new Error(`${file.name}: no <${name}> element in it`);
}

class DoctypeFound extends Error {}

/** What ends a part of the text in which tags are no tags. */
const ENDS = new Map([
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
]);

function createCutter(name: string) {
  const tokens = new RegExp(
    `<!--|<!\\[CDATA\\[|<!DOCTYPE|<(?:[\\w.-]+:)?${name}(?:\\s[^<>]*)?>|</(?:[\\w.-]+:)?${name}\\s*>`,
    'g',
  );
  const tooLong = `element_too_long: <${name}> has more than ${MAX_CHARACTERS} characters`;
  let text = '';
  let from = 0;
  let line = 1;
  let counted = 0;
  let skipTo: string | undefined;
  let depth = 0;
  let start = 0;
  let startLine = 1;
  let head: string | null = null;

  /** The next token at `from`, which moves behind it; null when more text is needed. */
  function nextToken(): { at: number; token: string } | null {
    if (skipTo !== undefined) {
      const end = text.indexOf(skipTo, from);
      if (end < 0) {
        from = Math.max(from, text.length - skipTo.length + 1);
        return null;
      }
      from = end + skipTo.length;
      skipTo = undefined;
    }
    tokens.lastIndex = from;
    const match = tokens.exec(text);
    from = match === null ? Math.max(from, text.lastIndexOf('<')) : tokens.lastIndex;
    return match === null ? null : { at: match.index, token: match[0] };
  }

  function countLines(to: number): void {
    for (let at = text.indexOf('\n', counted); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) line++;
    counted = Math.max(counted, to);
  }

  function dropRead(): void {
    if (depth > 0 && head === null && text.length - start > MAX_CHARACTERS) {
      head = text.slice(start, start + HEAD_CHARACTERS);
    }
    const keep = depth > 0 && head === null ? start : from;
    countLines(keep);
    text = text.slice(keep);
    counted -= keep;
    from -= keep;
    start = 0;
  }

  function add(more: string): XmlElement[] {
    text += more;
    const found: XmlElement[] = [];
    for (let next = nextToken(); next !== null; next = nextToken()) {
      const { at, token } = next;
      skipTo = ENDS.get(token);
      if (skipTo !== undefined) continue;
      if (token === '<!DOCTYPE') throw new DoctypeFound('a DOCTYPE is not read; remove it');
      if (token.startsWith('</')) {
        if (depth === 0 || --depth > 0) continue;
        found.push(head === null ? elementOf(text.slice(start, from), startLine) : truncated(head));
        head = null;
      } else if (!token.endsWith('/>') && depth++ === 0) {
        countLines(at);
        start = at;
        startLine = line;
      }
    }
    dropRead();
    return found;
  }

  const truncated = (kept: string): XmlElement => ({ text: kept, line: startLine, unreadable: tooLong });

  function end(): XmlElement[] {
    if (depth === 0) return [];
    if (head !== null) return [truncated(head)];
    const reason = `not_xml: the file ends inside <${name}>`;
    return [{ text: text.slice(0, HEAD_CHARACTERS), line: startLine, unreadable: reason }];
  }

  return { add, end };
}

function elementOf(text: string, line: number): XmlElement {
  if (text.includes('\0')) return { text, line, unreadable: 'nul_character: the element holds a NUL' };
  if (!text.includes('\uFFFD')) return { text, line };
  return {
    text,
    line,
    unreadable: 'not_utf8: the element holds bytes that are not of the encoding of its file',
  };
}
