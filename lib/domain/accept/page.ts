import { redact } from '../redact.ts';
import { remembered } from '../remembered.ts';

/** What is kept of the address of a page: its host, its path without personal data, and where its visit came from. */

const HOST = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?([^/?#:]+)/i;
const HOST_NAME = /^[\p{L}\p{N}_.-]{1,253}$/u;

/** The host of an address without "www.", lower case; null where it names none. */
export function hostOf(address: string | null | undefined): string | null {
  const host = address ? HOST.exec(address)?.[1]?.toLowerCase() : undefined;
  if (!host || !HOST_NAME.test(host)) return null;
  return host.startsWith('www.') ? host.slice(4) : host;
}

const PATH = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*([^?#]*)/i;
const PATH_LENGTH = 500;
const cleanPath = remembered((path) => redact(path).slice(0, PATH_LENGTH).toWellFormed(), 50_000);

/** The path of an address, of which nothing else is kept; null without an address. */
export const pathOf = (url: string | null | undefined): string | null =>
  url ? cleanPath(PATH.exec(url)?.[1] ?? '') || '/' : null;

const TEXT_LENGTH = 200;
/** Marks that paths and traffic keys are joined with. */
const JOINERS = /[|>]/g;

/** Text of people as it is stored: trimmed, capped, without personal data; null when nothing is left. */
export const cleanText = remembered(
  (text): string | null => redact(text.trim()).slice(0, TEXT_LENGTH).toWellFormed() || null,
  50_000,
);

/** Text that is compared with the same text elsewhere, such as a category: only personal data is taken out of it. */
const withoutPersonal = remembered((text) => redact(text).toWellFormed(), 50_000);

export const comparedText = (value: string | null | undefined): string | null =>
  value == null ? null : withoutPersonal(value);

const cleanCampaign = remembered(
  (text): string | null => cleanText(text)?.replace(JOINERS, '/') ?? null,
  50_000,
);

/** Campaign text as it is compared: trimmed, capped, without personal data or the marks that join paths. */
export const campaignText = (value: string | null | undefined): string | null =>
  value == null ? null : cleanCampaign(value);

/** Click identifiers that ad platforms append to the landing page. */
const CLICK_IDS = [
  'gclid',
  'gbraid',
  'wbraid',
  'dclid',
  'msclkid',
  'fbclid',
  'ttclid',
  'twclid',
  'li_fat_id',
  'epik',
];

const NO_SEARCH = new URLSearchParams();
const CARRIES_TRAFFIC = new RegExp(['utm_', ...CLICK_IDS].join('|'));

/** The query of an address, where it holds campaign parameters or a click id. */
export function searchOf(url: string | null | undefined): URLSearchParams {
  const question = url ? url.indexOf('?') : -1;
  if (!url || question < 0) return NO_SEARCH;
  const query = url.slice(question + 1).split('#', 1)[0]!;
  return CARRIES_TRAFFIC.test(query) ? new URLSearchParams(query) : NO_SEARCH;
}

export function clickIdIn(search: URLSearchParams): string | null {
  return search === NO_SEARCH ? null : (CLICK_IDS.find((name) => search.get(name)) ?? null);
}
