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

/** A tag that is longer is not of an element that is looked for. */
const MAX_TAG_CHARACTERS = 65_536;

function createCutter(name: string) {
  const tokens = new RegExp(
    `<!--|<!\\[CDATA\\[|<!DOCTYPE|<(?:[\\w.-]+:)?${name}(?:\\s[^<>]*)?>|</(?:[\\w.-]+:)?${name}\\s*>`,
    'g',
  );
  const tooLong = `element_too_long: <${name}> has more than ${MAX_CHARACTERS} characters`;
  let text = '';
  let from = 0;
  let taken = 0;
  let line = 1;
  let skipTo: string | undefined;
  let depth = 0;
  let held: string[] = [];
  let heldLength = 0;
  let startLine = 1;

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
    if (match !== null) {
      from = tokens.lastIndex;
      return { at: match.index, token: match[0] };
    }
    const open = text.lastIndexOf('<');
    const isCut = open >= from && !text.includes('>', open) && text.length - open <= MAX_TAG_CHARACTERS;
    from = isCut ? open : text.length;
    return null;
  }

  /** Takes the text up to a place: into the element when inside one, else away. */
  function take(to: number): void {
    for (let at = text.indexOf('\n', taken); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) line++;
    if (depth > 0) {
      heldLength += to - taken;
      held.push(text.slice(taken, to));
      if (heldLength > MAX_CHARACTERS) held = [held.join('').slice(0, HEAD_CHARACTERS)];
    }
    taken = to;
  }

  function finish(reason?: string): XmlElement {
    const whole = held.join('');
    if (heldLength > MAX_CHARACTERS) {
      return { text: whole.slice(0, HEAD_CHARACTERS), line: startLine, unreadable: tooLong };
    }
    if (reason === undefined) return elementOf(whole, startLine);
    return { text: whole.slice(0, HEAD_CHARACTERS), line: startLine, unreadable: reason };
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
        if (depth === 0) continue;
        take(from);
        if (--depth === 0) found.push(finish());
      } else if (!token.endsWith('/>')) {
        if (depth === 0) {
          take(at);
          held = [];
          heldLength = 0;
          startLine = line;
        }
        depth++;
      }
    }
    take(from);
    text = text.slice(from);
    from = 0;
    taken = 0;
    return found;
  }

  function end(): XmlElement[] {
    if (depth === 0) return [];
    take(text.length);
    return [finish(`not_xml: the file ends inside <${name}>`)];
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
