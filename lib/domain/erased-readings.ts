/**
 * What a text may say: as it stands, and with its escapes undone. Senders write JSON into JSON and addresses into
 * addresses, so an identifier can stand behind several layers of them.
 */

/** Rounds of undoing; each undoes all layers of one sort, so that only mixed ones need more than one. */
const MOST_ROUNDS = 16;

const IS_ESCAPED = /[\\%&]/;
const BASE64_PART = /base64:([A-Za-z0-9+/]+)/g;

/**
 * Readings of a text: itself, the bytes that its parts "base64:..." stand for, each with the escapes of JSON, XML, HTML
 * and addresses undone one by one and all together until nothing is left to undo. Time and memory: at most 24 times the
 * length of the text.
 */
export function* readingsOf(text: string): Generator<string> {
  yield* layersOf(text);
  for (const [, part = ''] of text.includes('base64:') ? text.matchAll(BASE64_PART) : []) {
    const bytes = Buffer.from(part, 'base64');
    const latin = bytes.toString('latin1');
    yield* layersOf(latin);
    const utf8 = bytes.toString('utf8');
    if (utf8 !== latin) yield* layersOf(utf8);
  }
}

function* layersOf(whole: string): Generator<string> {
  // Text of two bytes a character shows as one with a NUL beside each.
  const texts = whole.includes('\0') ? [whole, whole.replaceAll('\0', '')] : [whole];
  for (const text of texts) {
    yield text;
    if (!IS_ESCAPED.test(text)) continue;
    for (const undo of [undoneJson, undoneMarkup, undonePercent]) {
      const alone = undo(text);
      if (alone !== text) yield alone;
    }
    let last = text;
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const next = undonePercent(undoneMarkup(undoneJson(last)));
      if (next === last) break;
      yield next;
      last = next;
    }
  }
}

const CONTROLS: Record<string, string> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

/** However many backslashes stand before: each layer of JSON doubles them. */
const undoneJson = (text: string) =>
  text.includes('\\')
    ? text.replace(
        /(?<!\\)\\+(?:u\{?([0-9a-fA-F]{4,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([nrtbf/"']))/g,
        (_, braced?: string, four?: string, two?: string, mark?: string) =>
          mark === undefined
            ? character(Number.parseInt((braced ?? four ?? two)!, 16))
            : (CONTROLS[mark] ?? mark),
      )
    : text;

const ENTITIES: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  commat: '@',
  period: '.',
  lowbar: '_',
  plus: '+',
  hyphen: '-',
  nbsp: ' ',
};

/** An ampersand that is escaped itself, once or often, is one. */
const undoneMarkup = (text: string) =>
  text.includes('&')
    ? text.replace(
        /&(?:amp;|#0{0,9}38;|#x0{0,9}26;)*(?:#x0{0,9}([0-9a-f]{1,6});|#0{0,9}(\d{1,7});?|(amp|lt|gt|quot|apos|commat|period|lowbar|plus|hyphen|nbsp);)/gi,
        (_, hex?: string, decimal?: string, name?: string) =>
          name === undefined
            ? character(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16))
            : ENTITIES[name.toLowerCase()]!,
      )
    : text;

/** A percent sign that is escaped itself, once or often, is one. Bytes that are no UTF-8 are taken as Latin-1. */
const undonePercent = (text: string) =>
  text.includes('%')
    ? text.replace(/%(?:25)+(?=[0-9a-f]{2})/gi, '%').replace(/(?:%[0-9a-f]{2})+/gi, (run) => {
        try {
          return decodeURIComponent(run);
        } catch {
          return Buffer.from(run.replaceAll('%', ''), 'hex').toString('latin1');
        }
      })
    : text;

const character = (point: number) => (point <= 0x10ffff ? String.fromCodePoint(point) : '\uFFFD');
