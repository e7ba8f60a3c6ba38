import type { WebEvent } from '../domain/contract/index.ts';
import { euros } from './catalogue.ts';
import { orderProducts } from './pages.ts';
import { eventId, type Session, type Step, totalOf } from './plan.ts';

/** What a step is in the app, which speaks the names of GA4. */
function describe(step: Step): Omit<WebEvent, 'event_id' | 'occurred_at'> {
  switch (step.kind) {
    case 'home':
    case 'help':
      return { event: 'screen_view', url: `app://demo-shop/${step.kind}` };
    case 'list':
      return { event: 'view_item_list', category: step.category.name };
    case 'search':
      return { event: 'search', query: step.query };
    case 'product':
      return { event: 'view_item', ...goods(step) };
    case 'add':
      return { event: 'add_to_cart', ...goods(step) };
    case 'stock':
      return { event: 'stock_check', ...goods(step), store_id: step.store.id };
    case 'store':
      return {
        event: 'screen_view',
        url: `app://demo-shop/stores/${step.store.slug}`,
        store_id: step.store.id,
      };
    case 'checkout':
      return { event: 'begin_checkout', ...money(step) };
    case 'order':
      return {
        event: 'purchase',
        order_id: step.order.id,
        ...money(step),
        products: orderProducts(step.order),
      };
  }
}

const goods = ({ sku }: Extract<Step, { kind: 'product' | 'add' | 'stock' }>) => ({
  sku: sku.id,
  product_id: sku.product.id,
  category: sku.product.category.name,
});

const money = ({ order }: Extract<Step, { kind: 'checkout' | 'order' }>) => ({
  value: euros(totalOf(order.lines)),
  currency: 'EUR',
});

/** The events that the app sends in one visit, as the contract has them. A push that was tapped carries its tags. */
export function appEvents(session: Session): WebEvent[] {
  const { person, device, entry } = session;
  return session.steps.map((step, index) => {
    const event: WebEvent = {
      event_id: eventId(session, index, 1),
      occurred_at: new Date(step.at).toISOString(),
      ...describe(step),
      user_agent: device.userAgent,
      anonymous_id: session.anonymousId,
    };
    if (index === 0 && entry.source !== null) {
      event.utm_source = entry.source;
      event.utm_medium = entry.medium;
      event.utm_campaign = entry.campaign;
    }
    if (person?.customerId && session.loginAt !== null) {
      event.customer_id = person.customerId;
      if (index === 0 && person.loyaltyId) event.loyalty_id = person.loyaltyId;
    }
    if (device.consent) event.consent = device.consent;
    return event;
  });
}
