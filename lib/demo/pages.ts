import { euros, type Sku } from './catalogue.ts';
import type { PlannedOrder, Session, Step } from './plan.ts';

/** Addresses of the demo shop, in a domain that can belong to nobody (RFC 2606). */
export const SHOP_ORIGIN = 'https://www.demo-shop.test';

export interface Page {
  url: string;
  path: string;
  search: string;
  referrer: string;
}

function pathOf(step: Step): string {
  switch (step.kind) {
    case 'home':
      return '/';
    case 'help':
      return '/help/manuals';
    case 'list':
      return `/c/${step.category.slug}`;
    case 'search':
      return '/search';
    case 'product':
    case 'add':
    case 'stock':
      return `/p/${step.sku.product.slug}/${step.sku.id}`;
    case 'store':
      return `/stores/${step.store.slug}`;
    case 'checkout':
      return '/checkout';
    case 'order':
      return '/checkout/thank-you';
  }
}

/** The click identifier that the ad network would append; made from the session, so that it repeats. */
function clickIdOf(session: Session): string | null {
  if (session.entry.clickId === null) return null;
  return `${session.entry.clickId}=${session.entry.clickId === 'gclid' ? 'Cj0KCQ' : 'IwZXh0'}${session.id}`;
}

/** What the link into the shop carries: campaign tags, a click identifier, both or neither. */
function landingParameters(session: Session): string[] {
  const { source, medium, campaign } = session.entry;
  const parameters: string[] = [];
  if (source !== null && session.tagging !== 'click_id') {
    parameters.push(`utm_source=${source}`, `utm_medium=${medium}`, `utm_campaign=${campaign}`);
  }
  const clickId = clickIdOf(session);
  if (clickId !== null) parameters.push(clickId);
  return parameters;
}

/** The page of a step. The first of a session is where the visit lands. */
export function pageOf(session: Session, index: number, before: Page | null): Page {
  const step = session.steps[index]!;
  const path = pathOf(step);
  const parameters = step.kind === 'search' ? [`q=${encodeURIComponent(step.query)}`] : [];
  if (index === 0) parameters.push(...landingParameters(session));
  const search = parameters.length > 0 ? `?${parameters.join('&')}` : '';
  const referrer = before ? before.url : (session.entry.referrer ?? '');
  return { url: `${SHOP_ORIGIN}${path}${search}`, path, search, referrer };
}

/** Price in euros as trackers send it: a number. */
export const price = (cents: number): number => Number(euros(cents));

export function productProperties(sku: Sku) {
  const { product } = sku;
  return {
    product_id: product.id,
    sku: sku.id,
    category: product.category.name,
    name: product.name,
    price: price(sku.price),
    currency: 'EUR',
  };
}

/** Goods of an order as an e-commerce event lists them. */
export function orderProducts(order: PlannedOrder) {
  return order.lines.flatMap(({ sku, quantity, cents }) =>
    sku
      ? [
          {
            product_id: sku.product.id,
            sku: sku.id,
            category: sku.product.category.name,
            quantity,
            price: price(Math.round(cents / quantity)),
          },
        ]
      : [],
  );
}
