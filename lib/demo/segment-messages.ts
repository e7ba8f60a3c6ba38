import { orderProducts, type Page, pageOf, price, productProperties } from './pages.ts';
import type { Consent } from './people.ts';
import { eventId, opensPage, type Session, type Step, totalOf } from './plan.ts';
import { uuidOf } from './random.ts';

/** A tracking message of analytics.js, as Segment's tools store it. */
export interface SegmentMessage {
  type: 'page' | 'track' | 'identify';
  messageId: string;
  anonymousId: string;
  userId?: string;
  timestamp: string;
  sentAt: string;
  event?: string;
  properties?: object;
  traits?: { email: string; loyalty_id?: string };
  context: Context;
}

interface Context {
  page: Page;
  userAgent: string;
  locale: string;
  library: typeof LIBRARY;
  campaign?: { source: string | null; medium: string | null; name: string | null };
  consent?: { measurement: Consent };
}

const LIBRARY = { name: 'analytics.js', version: 'next-1.79.0' };
const LOCALES = { IT: 'it-IT', PT: 'pt-PT' };
const IDENTIFY_INDEX = 'fff0';
const EMPTY_PAGE: Page = { url: '', path: '', search: '', referrer: '' };

function contextOf({ device, person }: Session, page: Page): Context {
  const context: Context = {
    page,
    userAgent: device.userAgent,
    locale: LOCALES[person?.store.country ?? 'IT'],
    library: LIBRARY,
  };
  if (device.consent) context.consent = { measurement: device.consent };
  return context;
}

/** The tracker lifts campaign tags out of the address of the landing page, if it works. */
function tag(context: Context, { entry, tagging }: Session): void {
  if (tagging !== 'context' || entry.source === null) return;
  context.campaign = { source: entry.source, medium: entry.medium, name: entry.campaign };
}

type Track = { event: string; properties: object } | null;

/** What happened on the page of a step, in the words of the Segment E-Commerce V2 specification. */
function trackOf(step: Step): Track {
  switch (step.kind) {
    case 'list': {
      const products = step.category.products
        .slice(0, 3)
        .map(({ id, skus }) => ({ product_id: id, sku: skus[0]!.id }));
      return {
        event: 'Product List Viewed',
        properties: { list_id: step.category.slug, category: step.category.name, products },
      };
    }
    case 'search':
      return { event: 'Products Searched', properties: { query: step.query } };
    case 'product':
      return { event: 'Product Viewed', properties: productProperties(step.sku) };
    case 'add':
      return { event: 'Product Added', properties: { ...productProperties(step.sku), quantity: 1 } };
    case 'stock':
      return {
        event: 'Stock Checked',
        properties: { sku: step.sku.id, product_id: step.sku.product.id, store_id: step.store.id },
      };
    case 'checkout':
      return {
        event: 'Checkout Started',
        properties: {
          value: price(totalOf(step.order.lines)),
          currency: 'EUR',
          products: orderProducts(step.order),
        },
      };
    case 'order': {
      const { order } = step;
      return {
        event: 'Order Completed',
        properties: {
          order_id: order.id,
          total: price(totalOf(order.lines)),
          currency: 'EUR',
          products: orderProducts(order),
        },
      };
    }
    default:
      return null;
  }
}

/** The messages that a browser sends in one visit, in order. */
export function segmentMessages(session: Session): SegmentMessage[] {
  const { person, anonymousId, steps, loginAt } = session;
  const messages: SegmentMessage[] = [];
  const customerId = person?.customerId ?? null;
  let page: Page | null = null;
  let context: Context = contextOf(session, EMPTY_PAGE);

  const add = (
    type: SegmentMessage['type'],
    messageId: string,
    at: number,
    isKnown: boolean,
  ): SegmentMessage => {
    const timestamp = new Date(at).toISOString();
    const sentAt = new Date(at + 180).toISOString();
    const message: SegmentMessage = { type, messageId, anonymousId, timestamp, sentAt, context };
    if (isKnown) message.userId = customerId!;
    messages.push(message);
    return message;
  };
  for (let index = 0; index < steps.length; index++) {
    const step = steps[index]!;
    if (page === null || opensPage(step)) {
      page = pageOf(session, index, page);
      context = contextOf(session, page);
      if (index === 0) tag(context, session);
    }
    const isKnown = customerId !== null && loginAt !== null && index >= loginAt;
    if (person && isKnown && index === loginAt) {
      const identify = add('identify', uuidOf(session.id + IDENTIFY_INDEX), step.at, true);
      identify.traits = { email: person.email };
      if (person.loyaltyId) identify.traits.loyalty_id = person.loyaltyId;
    }
    if (opensPage(step)) {
      const viewed = add('page', eventId(session, index, 0), step.at, isKnown);
      viewed.properties =
        step.kind === 'store' ? { path: page.path, store_id: step.store.id } : { path: page.path };
    }
    const track = trackOf(step);
    if (track) {
      const tracked = add('track', eventId(session, index, 1), step.at + 350, isKnown);
      tracked.event = track.event;
      tracked.properties = track.properties;
    }
  }
  return messages;
}
