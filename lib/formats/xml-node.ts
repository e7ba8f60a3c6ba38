/** An element as the parser returns it: attributes under "@name", children under their name, its text "#text". */
export type XmlNode = { [name: string]: unknown };

/** The children of one name, in their order. */
export function childrenOf(node: XmlNode, name: string): XmlNode[] {
  const found = Object.hasOwn(node, name) ? node[name] : undefined;
  if (found === undefined) return [];
  return (Array.isArray(found) ? found : [found]).map((child: unknown) =>
    typeof child === 'object' && child !== null ? (child as XmlNode) : { '#text': child },
  );
}

/** The first element at the end of a path of names; an empty one where there is none. */
export function childOf(node: XmlNode, ...path: string[]): XmlNode {
  let at = node;
  for (const name of path) at = childrenOf(at, name)[0] ?? {};
  return at;
}

/** The text at the end of a path of names; undefined where there is none or it is blank. */
export function textAt(node: XmlNode, ...path: string[]): string | undefined {
  const text = childOf(node, ...path)['#text'];
  return typeof text === 'string' && text.trim() !== '' ? plainText(text.trim()) : undefined;
}

export function attributeOf(node: XmlNode, name: string): string | undefined {
  const value = node[`@${name}`];
  return typeof value === 'string' && value.trim() !== '' ? plainText(value.trim()) : undefined;
}

const PREDEFINED: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const REFERENCE = /&(?:(amp|lt|gt|quot|apos)|#(\d{1,7})|#x([0-9a-fA-F]{1,6}));/g;

/** XML's five entities and character references; others would need declarations, which are not read. */
function plainText(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(REFERENCE, (whole, name?: string, decimal?: string, hex?: string) => {
    if (name !== undefined) return PREDEFINED[name]!;
    const code = decimal === undefined ? Number.parseInt(hex!, 16) : Number(decimal);
    const isCharacter = code > 31 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
    return isCharacter ? String.fromCodePoint(code) : whole;
  });
}
