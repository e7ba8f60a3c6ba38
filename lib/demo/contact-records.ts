import type { StoreVisit, Touch } from '../domain/contract/index.ts';
import { localTime } from './calendar.ts';
import { anonymousIdAt } from './people.ts';
import type { PlannedTouch, PlannedVisit } from './plan.ts';
import { CATALOGUE_MAILING, LEAFLET, VOUCHER_MAILING } from './sent-campaigns.ts';

const PRINTED = new Set([CATALOGUE_MAILING, VOUCHER_MAILING, LEAFLET]);

/** A touch as the sender's tool exports it: each knows people by something else. */
export function touchRecord({ id, at, type, campaign, person, anonymousId }: PlannedTouch): Touch {
  const record: Touch = {
    touch_id: id,
    occurred_at: new Date(at).toISOString(),
    touch_type: type,
    utm_source: campaign.source,
    utm_medium: campaign.medium,
    utm_campaign: campaign.campaign,
  };
  // Channel rules know nothing of paper, so the shop names its own channels.
  if (PRINTED.has(campaign)) record.channel = campaign.channel;
  if (type === 'store_leaflet') record.store_id = person.store.id;
  if (anonymousId !== null) {
    record.anonymous_id = anonymousId;
  } else if (type === 'direct_mail' || type === 'store_leaflet') {
    if (person.loyaltyId) record.loyalty_id = person.loyaltyId;
    if (person.customerId) record.customer_id = person.customerId;
  } else if (person.customerId !== null && at % 3 === 0) {
    record.customer_id = person.customerId;
  } else {
    record.email_sha256 = person.emailSha256;
  }
  if (type === 'sms' && person.phone) record.phone = person.phone;
  if (type === 'push' && person.customerId) record.customer_id = person.customerId;
  return record;
}

export function visitRecord({ id, at, leftAt, store, person }: PlannedVisit): StoreVisit {
  const record: StoreVisit = {
    visit_id: id,
    store_id: store.id,
    entered_at: localTime(at, store.zone),
    method: 'app check-in',
  };
  if (leftAt !== null) record.left_at = localTime(leftAt, store.zone);
  if (person.customerId) record.customer_id = person.customerId;
  if (person.app) record.anonymous_id = anonymousIdAt(person.app, at);
  return record;
}
