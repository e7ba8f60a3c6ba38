import type { Random } from './random.ts';

/** Text that has broken parsers, databases, spreadsheets or terminals before. */
const NASTY_TEXT = [
  '',
  ' ',
  '\u0000',
  '\ud800',
  '\udc00x',
  '\u200b',
  '\u202eexe',
  '\ufeff',
  '\u2028',
  '\u001b[31m',
  '"',
  '\\',
  "'",
  '=cmd|calc!A1',
  "'; DROP TABLE raw_events; --",
  '../../etc/passwd',
  '<script>alert(1)</script>',
  '`id`',
  '{{email}}',
  '%00',
  '%2540',
  'NaN',
  'undefined',
  '[object Object]',
  '__proto__',
  'constructor',
  'toString',
  'anna.rossi@example.org',
  '4111111111111111',
  '4111-1111-1111-1111',
  '+393331234567',
  '2025-02-30T00:00:00Z',
  '1970-01-01T00:00:00Z',
  '9999-12-31T23:59:59.999999999Z',
  '0000-00-00T00:00:00',
  '2025-06-01T10:00:00+99:99',
  '2025-06-01T24:00:00Z',
  '2025-03-30T02:30:00',
  '1e999',
  '-0',
  '1e-999',
  '9'.repeat(60),
  '9'.repeat(400),
  'a'.repeat(401),
  'é'.repeat(1000),
  'x'.repeat(5000),
  '@'.repeat(300),
  'a@'.repeat(150),
  '😀'.repeat(100),
  'e\u0301'.repeat(200),
  '62a14e44f765419d10fea99367361a727c12365e2520f32218d505ed9aa0f62f',
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
];

/** JSON as it is written, so that what no value can say stands in it too. */
const NASTY_JSON = [
  'null',
  'true',
  '0',
  '-0',
  '-1',
  '1e999',
  '-1e999',
  '1e-999',
  '1e308',
  '12345678901234567890',
  '9007199254740993',
  '4111111111111111',
  '0.1e1',
  '{}',
  '[]',
  '[[]]',
  '[null]',
  'NaN',
  'Infinity',
  '01',
  '.5',
  '"\\ud800"',
  '"\\u0000"',
  '"\\ud83d\\ude00"',
  '{"__proto__":{"consent":"granted"}}',
  '{"constructor":{"prototype":{"x":1}}}',
  '{"a":1,"a":2}',
  `${'['.repeat(40)}${']'.repeat(40)}`,
  `${'{"a":'.repeat(40)}1${'}'.repeat(40)}`,
  ...NASTY_TEXT.map((text) => JSON.stringify(text)),
];

const NAMES = [
  '__proto__',
  'constructor',
  'toString',
  'batch',
  'lines',
  'amount',
  'email',
  'consent',
  'x\u0000',
  '',
];

type Raw = { raw: string };
type Node = unknown;

const isRaw = (node: Node): node is Raw => typeof node === 'object' && node !== null && 'raw' in node;

/** JSON of a value in which some parts are written as they are; now and then with a name twice. */
function written(node: Node, random: Random): string {
  if (isRaw(node)) return node.raw;
  if (Array.isArray(node)) return `[${node.map((inner) => written(inner, random)).join(',')}]`;
  if (typeof node !== 'object' || node === null) return JSON.stringify(node) ?? 'null';
  const members = Object.entries(node).map(
    ([name, inner]) => `${JSON.stringify(name)}:${written(inner, random)}`,
  );
  if (members.length > 0 && random.once(60)) members.push(random.pick(members));
  return `{${members.join(random.once(200) ? ' , ' : ',')}}`;
}

/** A place in a value: what holds it and under which name. */
type Place = [Record<string, Node> | Node[], string | number];

function placesIn(node: Node, places: Place[] = []): Place[] {
  if (typeof node !== 'object' || node === null || isRaw(node)) return places;
  for (const name of Object.keys(node)) {
    places.push([node as Record<string, Node>, name]);
    placesIn((node as Record<string, Node>)[name], places);
  }
  return places;
}

const set = (holder: Place[0], name: string | number, value: Node) =>
  Object.defineProperty(holder, name, { value, enumerable: true, configurable: true, writable: true });

/** A JSON text of the same kind of record with something in it that does not belong there. */
export function mutateJson(text: string, random: Random): string {
  const copy = JSON.parse(text) as Record<string, Node>;
  for (let round = random.below(3); round >= 0; round--) {
    const places = placesIn(copy);
    if (places.length === 0) break;
    const [holder, name] = random.pick(places);
    const [otherHolder, otherName] = random.pick(places);
    switch (random.below(7)) {
      case 0:
      case 1:
        set(holder, name, { raw: random.pick(NASTY_JSON) });
        break;
      case 2: {
        const other = (otherHolder as Record<string, Node>)[otherName as string];
        set(holder, name, other);
        // A part that was put inside itself would have no end.
        if (hasCycle(copy)) return text;
        break;
      }
      case 3:
        if (Array.isArray(holder)) holder.splice(Number(name), 1);
        else delete (holder as Record<string, Node>)[name as string];
        break;
      case 4:
        if (!Array.isArray(holder)) set(holder, random.pick(NAMES), { raw: random.pick(NASTY_JSON) });
        break;
      case 5: {
        const text = (holder as Record<string, Node>)[name as string];
        if (typeof text === 'string') set(holder, name, mutateText(text, random));
        break;
      }
      default:
        if (Array.isArray(holder) && holder.length < 20) holder.push(...holder.slice(0, 3));
        else set(holder, name, { raw: String((random.below(2_000_000) - 1_000_000) / 100) });
    }
  }
  return written(copy, random);
}

function hasCycle(node: Node, above: Node[] = []): boolean {
  if (typeof node !== 'object' || node === null || isRaw(node)) return false;
  if (above.includes(node) || above.length > 30) return true;
  return Object.values(node).some((inner) => hasCycle(inner, [...above, node]));
}

/** A text with a piece of another kind in it, cut, doubled, or turned about. */
export function mutateText(text: string, random: Random): string {
  const at = random.below(text.length + 1);
  const to = Math.min(text.length, at + random.below(20));
  switch (random.below(6)) {
    case 0:
      return text.slice(0, at) + random.pick(NASTY_TEXT) + text.slice(at);
    case 1:
      return text.slice(0, at) + text.slice(to);
    case 2:
      return text.slice(0, to) + text.slice(at);
    case 3:
      return text.slice(0, at) + String.fromCharCode(random.below(0x250)) + text.slice(at + 1);
    case 4:
      return text.slice(0, at) + text.slice(at, to).repeat(1 + random.below(30)) + text.slice(to);
    default:
      return random.pick(NASTY_TEXT);
  }
}

const NASTY_BYTES = [
  0, 9, 10, 13, 0x1b, 0x22, 0x27, 0x2c, 0x3a, 0x3b, 0x3c, 0x5b, 0x5c, 0x5d, 0x7b, 0x7d, 0x80, 0xc0, 0xed,
  0xef, 0xf4, 0xff,
];

/** Bytes that were flipped, cut, doubled or mixed with those of another input. */
export function mutateBytes(bytes: Buffer, other: Buffer, random: Random): Buffer {
  let result = Buffer.from(bytes);
  for (let round = random.below(4); round >= 0; round--) {
    const at = random.below(result.length + 1);
    const to = Math.min(result.length, at + random.below(40));
    switch (random.below(6)) {
      case 0:
        if (at < result.length) result[at] = result[at]! ^ (1 << random.below(8));
        break;
      case 1:
        if (at < result.length) result[at] = random.pick(NASTY_BYTES);
        break;
      case 2:
        result = Buffer.concat([
          result.subarray(0, at),
          Buffer.from([random.pick(NASTY_BYTES)]),
          result.subarray(at),
        ]);
        break;
      case 3:
        result = Buffer.concat([result.subarray(0, at), result.subarray(to)]);
        break;
      case 4:
        result = Buffer.concat([result.subarray(0, to), result.subarray(at)]);
        break;
      default: {
        const from = random.below(other.length);
        result = Buffer.concat([
          result.subarray(0, at),
          other.subarray(from, from + random.below(200)),
          result.subarray(to),
        ]);
      }
    }
  }
  return result;
}

const NASTY_XML = [
  '<!DOCTYPE x [<!ENTITY a "b">]>',
  '&a;',
  '&#0;',
  '&#x110000;',
  '&#xD800;',
  '<![CDATA[',
  ']]>',
  '<!--',
  '-->',
  '<?xml encoding="utf-16"?>',
  '<Transaction>',
  '</Transaction>',
  '<Transaction/>',
  '<LineItem>'.repeat(80),
  '<__proto__>1</__proto__>',
  '<constructor/>',
  '<AccountNumber >4111111111111111',
  ' a="b" a="c"',
  ' TotalType=',
];

/** Marks of a format in a place where none belongs, on top of what `mutateText` does. */
export function mutateDocument(text: string, shape: 'csv' | 'xml' | 'json', random: Random): string {
  let result = text;
  for (let round = random.below(3); round >= 0; round--) {
    const at = random.below(result.length + 1);
    if (random.once(2)) result = mutateText(result, random) || text;
    else {
      const marks =
        shape === 'xml'
          ? NASTY_XML
          : shape === 'csv'
            ? ['"', '""', ',', ';', '\t', '\n', '\r\n', '\r', '"\n"']
            : NASTY_JSON;
      result = result.slice(0, at) + random.pick(marks) + result.slice(at);
    }
  }
  return result;
}
