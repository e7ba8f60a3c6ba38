import { appEvents } from './app-events.ts';
import { CALENDAR_END, DAY, HOUR, localDay, monthOf } from './calendar.ts';
import { touchRecord, visitRecord } from './contact-records.ts';
import type { DoorCounts } from './door-counts.ts';
import { feedbackRecords } from './feedback-records.ts';
import type { IdentityNoise } from './identity-noise.ts';
import type { LineFile } from './line-file.ts';
import type { MediaCounts } from './media.ts';
import type { Person } from './people.ts';
import type { Plan, PlannedReceipt, Session } from './plan.ts';
import type { Random } from './random.ts';
import { type createTillNumbers, orderRecord, receiptRecord, refundRecord } from './sale-records.ts';
import { segmentMessages } from './segment-messages.ts';
import type { ShopFiles } from './shop-files.ts';
import { isStorePurchase, orderTruth, type PurchaseTruth, receiptTruth, showsKey } from './truth.ts';
import { type VisitTruth, visitTruth } from './truth-people.ts';
import { gatherViews } from './truth-views.ts';

/** Events sent again because the answer got lost; the same id comes twice. */
const RESENT = 0.005;
/** What the late files repeat of what has long been delivered. */
const REPEATED_EVENTS = 0.0004;
const REPEATED_RECEIPTS = 0.004;
/** Orders whose "Order Completed" no tracker saw. */
const UNSEEN_ORDERS = 0.03;

export interface Delivery {
  files: ShopFiles;
  random: Random;
  /** What people say, drawn apart: nothing else depends on it. */
  opinions: Random;
  media: MediaCounts;
  doors: DoorCounts;
  numbers: ReturnType<typeof createTillNumbers>;
  noise: IdentityNoise;
  onTruth(truth: PurchaseTruth): void;
  onVisit(truth: VisitTruth): void;
}

/** Writes a plan into the files, each in the order of time. `onShare` hears how much of it is done, 0 to 1. */
export async function deliver(
  plan: Plan,
  delivery: Delivery,
  onShare: (share: number) => void,
): Promise<void> {
  const { files } = delivery;
  plan.sessions.sort((a, b) => a.steps[0]!.at - b.steps[0]!.at || (a.id < b.id ? -1 : 1));
  for (const part of [plan.touches, plan.receipts, plan.orders, plan.refunds, plan.visits]) {
    (part as { at: number }[]).sort((a, b) => a.at - b.at);
  }
  for (const [index, session] of plan.sessions.entries()) {
    deliverSession(session, delivery);
    if (index % 64 === 0) {
      await files.settle();
      onShare((0.8 * index) / plan.sessions.length);
    }
  }
  for (const [index, touch] of plan.touches.entries()) {
    files.touches.write(JSON.stringify(touchRecord(touch)));
    if (touch.type === 'impression') delivery.media.impression(touch.campaign, touch.at);
    if (index % 1024 === 0) await files.settle();
  }
  const views = gatherViews(plan.sessions);
  const known = knownReceipts(plan.receipts);
  for (const [index, receipt] of plan.receipts.entries()) {
    deliverReceipt(receipt, delivery);
    writeTruth(receiptTruth(receipt, views, known.get(receipt.person) ?? 0), delivery);
    if (index % 512 === 0) await files.settle();
  }
  for (const order of plan.orders) {
    files.orders.write(JSON.stringify(delivery.noise.order(orderRecord(order), order)));
    writeTruth(orderTruth(order), delivery);
  }
  for (const refund of plan.refunds) files.refunds.write(JSON.stringify(refundRecord(refund)));
  for (const visit of plan.visits) {
    const truth = visitTruth(visit);
    files.visits.write(JSON.stringify(visitRecord(visit)));
    files.truthVisits.write(JSON.stringify(truth));
    delivery.onVisit(truth);
  }
  for (const record of feedbackRecords(plan, delivery.opinions)) files.feedback.write(JSON.stringify(record));
  await files.settle();
}

/** At how many store purchases each person showed a key of their own. */
function knownReceipts(receipts: readonly PlannedReceipt[]): Map<Person, number> {
  const counts = new Map<Person, number>();
  for (const receipt of receipts)
    if (isStorePurchase(receipt) && showsKey(receipt))
      counts.set(receipt.person, (counts.get(receipt.person) ?? 0) + 1);
  return counts;
}

function writeTruth(truth: PurchaseTruth, { files, onTruth }: Delivery): void {
  files.truthPurchases.write(JSON.stringify(truth));
  onTruth(truth);
}

function deliverSession(planned: Session, { files, random, media, noise }: Delivery): void {
  const session = noise.session(planned);
  if (session.entry.source !== null) media.click(session.entry, session.steps[0]!.at);
  const blindToOrder = random.chance(UNSEEN_ORDERS);
  if (session.device.kind === 'app') {
    for (const event of appEvents(session)) {
      if (blindToOrder && event.order_id) continue;
      const line = JSON.stringify(event);
      files.app.write(line);
      if (random.chance(RESENT)) files.app.write(line);
    }
    return;
  }
  const file: LineFile = session.isLate ? files.lateWeb : files.web;
  for (const message of segmentMessages(session)) {
    if (blindToOrder && message.event === 'Order Completed') continue;
    // A late message was written when it happened and sent weeks after.
    if (session.isLate) message.sentAt = new Date(CALENDAR_END - 3 * HOUR).toISOString();
    const line = JSON.stringify(message);
    file.write(line);
    if (random.chance(REPEATED_EVENTS)) files.lateWeb.write(line);
    if (!random.chance(RESENT)) continue;
    const sentAt = new Date(Date.parse(message.sentAt) + 5000).toISOString();
    file.write(random.chance(0.5) ? line : JSON.stringify({ ...message, sentAt }));
  }
}

function deliverReceipt(receipt: PlannedReceipt, { files, random, numbers, doors, noise }: Delivery): void {
  const { till, number } = numbers(receipt);
  receipt.id = number;
  doors.add(receipt);
  const line = JSON.stringify(noise.receipt(receiptRecord(receipt, till), receipt));
  const month = monthOf(localDay(receipt.at, receipt.store.zone));
  (receipt.isLate ? files.lateReceipts : files.receiptsOf(month)).write(line);
  const isOld = receipt.at < CALENDAR_END - 21 * DAY;
  if (isOld && random.chance(REPEATED_RECEIPTS)) files.lateReceipts.write(line);
}
