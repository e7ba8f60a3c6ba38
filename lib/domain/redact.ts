import { withoutCardNumbers } from './card-number.ts';

/**
 * Personal data in text that pages, campaigns and people write: taken out before anything is stored. Every step takes
 * time in proportion to the text.
 */

/** What a text must hold for any of the steps to find something; most texts hold none of it. */
const SUSPECT = /[@＠﹫+%=]|\d{4}|[A-Za-z\d]{32}|eyJ/;

/** Takes email addresses, phone numbers, card numbers and secrets out of a text. */
export function redact(text: string): string {
  if (!SUSPECT.test(text)) return text;
  return withoutTokens(withoutCardNumbers(withoutEmails(text).replace(PHONE, '[phone]')));
}

/** An at sign, also encoded for an address as often as one likes: %40, %2540. */
const AT = /[@＠﹫]|%(?:25)*40/gi;
/** What ends an address of either side. */
const ENDS_ADDRESS = /[\s/?&=#<>"'`,;:|(){}[\]\\]/;
const DOMAIN = /(?:\.|%(?:25)*2e)[\p{L}\d-]{2,}/iu;

function withoutEmails(text: string): string {
  AT.lastIndex = 0;
  let clean = '';
  let done = 0;
  for (let at = AT.exec(text); at !== null; at = AT.exec(text)) {
    let start = at.index;
    while (start > done && !ENDS_ADDRESS.test(text[start - 1]!)) start--;
    let end = AT.lastIndex;
    while (end < text.length && !ENDS_ADDRESS.test(text[end]!)) end++;
    if (start < at.index && DOMAIN.test(text.slice(AT.lastIndex, end))) {
      clean += `${text.slice(done, start)}[email]`;
      done = end;
    }
    AT.lastIndex = end;
  }
  return done === 0 ? text : clean + text.slice(done);
}

/** International numbers only: ten bare digits are as likely a campaign's id or a product's barcode. */
const PHONE = /(?:\+|%(?:25)*2b)\d(?:(?:[\s().-]|%(?:25)*2[089d])?\d){7,14}(?!\d)/gi;

/** Parameters whose values are secret or personal, whatever they look like. */
const PARAMETER =
  /(?<![a-z\d])((?:[a-z]{1,20}_)?(?:token|secret|password)|api_?key|passwd|pwd|session_?(?:id)?|sid|jwt|auth|sig(?:nature)?|phone|tel|mobile|e?-?mail)(=|%(?:25)*3d)[^&\s;#]+/gi;
const JSON_WEB_TOKEN = /(?<![\w-])eyJ[\w-]{10,}(?:\.[\w-]*)*/g;
/** 32 letters and digits in a row, some of each: the hash or the token of somebody, and no word. */
const LONG_TOKEN = /(?<![A-Za-z\d])(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z\d]{32,}/g;

function withoutTokens(text: string): string {
  return text
    .replace(PARAMETER, '$1$2[removed]')
    .replace(JSON_WEB_TOKEN, '[token]')
    .replace(LONG_TOKEN, '[token]');
}
