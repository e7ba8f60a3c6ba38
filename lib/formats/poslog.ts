import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { CARD_NUMBER_REMOVED } from '../domain/card-number.ts';
import type { FoundRecord, ImportFormat } from './format.ts';
import { receiptOf } from './poslog-receipt.ts';
import { type XmlElement, xmlElements } from './xml-elements.ts';
import { childrenOf, type XmlNode } from './xml-node.ts';

/**
 * ARTS POSLog, the XML in which tills report. Only retail transactions are records: control transactions, and what
 * was cancelled, suspended or rung for training, are no receipts. Staff, signatures, birth dates and card data are
 * not carried; of a card only the payment provider's token, and a card's number is taken out of the text that is kept
 * where a transaction is set aside.
 */
export const poslog: ImportFormat = {
  name: 'poslog',
  describes: 'ARTS POSLog (XML): retail transactions become receipts',
  async *read(files) {
    for (const file of files) {
      for await (const elements of xmlElements(file, 'Transaction')) {
        const found = elements.map(recordOf).filter((record) => record !== null);
        if (found.length > 0) yield found;
      }
    }
  },
};

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  removeNSPrefix: true,
  parseTagValue: false,
  parseAttributeValue: false,
  processEntities: false,
  maxNestedTags: 64,
});

const CARD_ELEMENT =
  /(<(?:[\w.-]+:)?(?:PrimaryAccountNumber|AccountNumber|CardNumber)(?:\s[^<>]*)?>)\s*\d[^<]*/g;

function recordOf(element: XmlElement): FoundRecord | null {
  const original = element.text.replace(CARD_ELEMENT, `$1${CARD_NUMBER_REMOVED}`);
  const place = { kind: 'receipts' as const, original, line: element.line };
  if (element.unreadable !== undefined) return { ...place, unreadable: element.unreadable };
  const valid = XMLValidator.validate(element.text);
  if (valid !== true) {
    return {
      ...place,
      unreadable: `not_xml: ${valid.err.code} at line ${element.line + valid.err.line - 1}`,
    };
  }
  let transaction: XmlNode;
  try {
    transaction = childrenOf(parser.parse(element.text), 'Transaction')[0] ?? {};
  } catch {
    return { ...place, unreadable: 'not_xml: its elements are nested too deeply or have forbidden names' };
  }
  const receipt = receiptOf(transaction);
  if (receipt === null) return null;
  return typeof receipt === 'string' ? { ...place, unreadable: receipt } : { ...place, value: receipt };
}
