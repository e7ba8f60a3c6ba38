import { beforeAll, describe, expect, it } from 'vitest';
import { CALENDAR_DAYS, DAY, localDay, MINUTE } from '../../lib/demo/calendar.ts';
import { createCatalogue } from '../../lib/demo/catalogue.ts';
import { liveHalfYear } from '../../lib/demo/half-year.ts';
import { createHousehold, type Person } from '../../lib/demo/people.ts';
import { emptyPlan, type Plan, type PlannedReceipt, type Session } from '../../lib/demo/plan.ts';
import { createRandom } from '../../lib/demo/random.ts';
import { BURST_DAYS } from '../../lib/demo/rhythm.ts';
import { isStorePurchase, showsKey } from '../../lib/demo/truth.ts';

/** What fools those who measure ROPO without care: each must be in the demo shop, and strong enough to fool. */
const PERSONS = 3000;
const SEED = 6;

let people: Person[];
let plan: Plan;
const lives = new Map<Person, { sessions: Session[]; receipts: PlannedReceipt[] }>();

beforeAll(() => {
  const catalogue = createCatalogue(SEED);
  people = [];
  plan = emptyPlan();
  for (let household = 0; people.length < PERSONS; household++) {
    const members = createHousehold(SEED, household, people.length + 1, PERSONS - people.length);
    const random = createRandom(SEED, 'half-year', household);
    for (const person of members) liveHalfYear({ person, random, catalogue, plan });
    people.push(...members);
  }
  for (const person of people) lives.set(person, { sessions: [], receipts: [] });
  for (const session of plan.sessions) lives.get(session.person!)!.sessions.push(session);
  for (const receipt of plan.receipts) lives.get(receipt.person)!.receipts.push(receipt);
});

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const shareOf = <T>(all: readonly T[], test: (one: T) => boolean) =>
  mean(all.map((one) => Number(test(one))));
const dayOf = ({ store }: Person, at: number) => localDay(at, store.zone);
const burstAt = (person: Person, at: number) =>
  person.bursts.findIndex((first) => dayOf(person, at) >= first && dayOf(person, at) < first + BURST_DAYS);
const habitual = () => plan.receipts.filter((receipt) => receipt.className === 'store');
const viewsOf = (person: Person) =>
  lives
    .get(person)!
    .sessions.flatMap((session) => session.steps)
    .flatMap((step) => (step.kind === 'product' ? [step] : []));

describe('shopping bursts', () => {
  it('gather what half of the people browse and buy into a few weeks', () => {
    const bursty = people.filter(({ bursts }) => bursts.length > 0);
    expect(bursty.length / PERSONS).toBeCloseTo(0.5, 1);
    const weeks = mean(bursty.map(({ bursts }) => (bursts.length * BURST_DAYS) / CALENDAR_DAYS));
    expect(weeks).toBeLessThan(0.3);
    const inBurst = (person: Person, at: number) => burstAt(person, at) >= 0;
    const bought = habitual().filter(({ person }) => person.bursts.length > 0);
    expect(shareOf(bought, ({ person, at }) => inBurst(person, at))).toBeGreaterThan(0.6);
    const visits = plan.sessions.filter(({ person }) => person!.bursts.length > 0);
    expect(shareOf(visits, ({ person, steps }) => inBurst(person!, steps[0]!.at))).toBeGreaterThan(0.6);
  });

  it('bring no category of browsing and buying together: those of one burst agree no more than those of two', () => {
    let [together, apart] = [0, 0];
    let [togetherAgree, apartAgree] = [0, 0];
    for (const { person, at, lines, reason } of habitual()) {
      const burst = burstAt(person, at);
      const category = lines[0]?.sku?.product.category;
      if (burst < 0 || !category || reason.causedBy.length > 0) continue;
      const read = new Set(lives.get(person)!.receipts.flatMap((receipt) => receipt.readUp?.steps ?? []));
      for (const view of viewsOf(person)) {
        const other = burstAt(person, view.at);
        if (other < 0 || read.has(view)) continue;
        const agrees = Number(view.sku.product.category === category);
        if (other === burst) [together, togetherAgree] = [together + 1, togetherAgree + agrees];
        else [apart, apartAgree] = [apart + 1, apartAgree + agrees];
      }
    }
    expect(together).toBeGreaterThan(1000);
    expect(Math.abs(togetherAgree / together - apartAgree / apart)).toBeLessThan(0.03);
  });
});

describe('people', () => {
  it('look up what they have bought, soon after and in the same category', () => {
    const online = plan.receipts.filter(({ person, lines }) => person.persona.online && lines[0]?.sku);
    const read = online.filter(({ readUp }) => readUp);
    expect(read.length / online.length).toBeGreaterThan(0.2);
    const lags = read.map(({ at, readUp }) => readUp!.steps[0]!.at - at);
    expect(Math.min(...lags)).toBeGreaterThan(0);
    expect(mean(lags) / DAY).toBeLessThan(4);
    for (const { lines, readUp } of read)
      expect(readUp!.steps[0]).toMatchObject({ kind: 'product', sku: lines[0]!.sku });
  });

  it('who browse much buy much', () => {
    const online = people.filter(({ persona, buysOnce }) => persona.name === 'family' && !buysOnce);
    const byActivity = online.sort((a, b) => a.activity - b.activity);
    const third = Math.floor(byActivity.length / 3);
    const counts = (some: Person[]) => ({
      views: mean(some.map((person) => viewsOf(person).length)),
      receipts: mean(some.map((person) => lives.get(person)!.receipts.length)),
    });
    const [few, many] = [counts(byActivity.slice(0, third)), counts(byActivity.slice(-third))];
    expect(many.views).toBeGreaterThan(1.7 * few.views);
    expect(many.receipts).toBeGreaterThan(1.7 * few.receipts);
  });

  it('have favourite categories, in which they look and buy', () => {
    const twice = habitual().flatMap(({ person, lines }) =>
      viewsOf(person).map(({ sku }) => sku.product.category === lines[0]?.sku?.product.category),
    );
    expect(shareOf(twice, (agrees) => agrees)).toBeGreaterThan(1.8 / 12);
  });

  it('share cards, tablets and payment accounts within households', () => {
    const shared = (values: readonly (string | null)[]) => {
      const known = values.filter((value) => value !== null);
      return 1 - new Set(known).size / known.length;
    };
    expect(shared(people.map(({ loyaltyId }) => loyaltyId))).toBeGreaterThan(0.04);
    expect(shared(people.map(({ paymentToken }) => paymentToken))).toBeGreaterThan(0.01);
  });

  it('pass through: some buy once and not again, however much they browse', () => {
    const once = people.filter(({ buysOnce }) => buysOnce);
    expect(once.length / PERSONS).toBeCloseTo(0.1, 1);
    for (const person of once) {
      const own = lives.get(person)!.receipts.filter((receipt) => isStorePurchase(receipt));
      expect(own.filter(({ className }) => className !== 'return').length).toBeLessThanOrEqual(1);
    }
    const buyers = people.filter((person) => lives.get(person)!.receipts.some(showsKey));
    const knownOnce = buyers.filter(
      (person) =>
        lives.get(person)!.receipts.filter((one) => isStorePurchase(one) && showsKey(one)).length === 1,
    );
    expect(knownOnce.length / buyers.length).toBeGreaterThan(0.15);
  });

  it('with a card buy more and look more into it', () => {
    const goods = (some: readonly PlannedReceipt[]) =>
      some.filter(isStorePurchase).flatMap(({ lines }) => lines);
    const [members, others] = [true, false].map((isMember) =>
      people.filter(({ loyaltyId }) => (loyaltyId !== null) === isMember),
    );
    const lines = (some: readonly Person[]) => goods(some.flatMap((person) => lives.get(person)!.receipts));
    const researched = (some: readonly Person[]) => shareOf(lines(some), (line) => line.researched !== null);
    expect(lines(members!).length / members!.length).toBeGreaterThan(
      (1.3 * lines(others!).length) / others!.length,
    );
    expect(researched(members!)).toBeGreaterThan(1.3 * researched(others!));
  });
});

describe('visits to stores', () => {
  it('end without a purchase, after research or for a look round', () => {
    const purposes = plan.visits.map(({ purpose }) => purpose);
    for (const purpose of ['purchase', 'browse', 'inspect', 'showroom'] as const)
      expect(purposes.filter((one) => one === purpose).length, purpose).toBeGreaterThan(20);
    for (const { person, purpose, document } of plan.visits) {
      expect(person.app).not.toBeNull();
      expect(document === null).toBe(purpose === 'browse' || purpose === 'inspect');
    }
  });

  it('lie around what was looked up in the aisle', () => {
    const visits = new Map(plan.visits.map((visit) => [visit.document, visit]));
    const inAisle = plan.receipts.filter(({ className }) => className === 'in_aisle');
    expect(inAisle.length).toBeGreaterThan(50);
    for (const receipt of inAisle.filter(({ person }) => person.app)) {
      const visit = visits.get(receipt)!;
      const lookedAt = receipt.reason.research[0]!.steps[0]!.at;
      expect(visit.at).toBeLessThan(lookedAt);
      expect(lookedAt).toBeLessThan(receipt.at);
      expect(receipt.at - visit.at).toBeLessThan(60 * MINUTE);
    }
  });

  it('come before web orders of what was looked at there, noticed or not', () => {
    const showroomed = plan.orders.filter(({ showroom }) => showroom);
    expect(showroomed.length / plan.orders.length).toBeGreaterThan(0.03);
    for (const { at, showroom, person } of showroomed) {
      expect(showroom!.leftAt).toBeLessThan(at);
      expect(showroom!.noticed !== null).toBe(person.app !== null);
    }
  });
});

describe('tills', () => {
  it('of some stores pass on who paid by card, member or not', () => {
    const shown = plan.receipts.filter(({ shows }) => shows.token);
    for (const { tender, store, at } of shown) {
      expect(['card', 'wallet']).toContain(tender);
      expect(localDay(at, store.zone)).toBeGreaterThanOrEqual(store.tokensFrom!);
    }
    expect(shown.length / plan.receipts.length).toBeGreaterThan(0.2);
    expect(shown.filter(({ person }) => person.loyaltyId === null).length).toBeGreaterThan(100);
    expect(shown.filter((receipt) => !showsKey(receipt)).length).toBeGreaterThan(100);
  });

  it('hand over orders to people who show nothing', () => {
    const handOvers = plan.receipts.filter(({ className }) => className === 'click_and_collect');
    expect(shareOf(handOvers, (receipt) => !showsKey(receipt))).toBeGreaterThan(0.2);
  });

  it('take back with and without receipt, here and elsewhere, of web orders, late, and more than was bought', () => {
    const returned = plan.receipts.flatMap(({ at, store, order, lines }) =>
      lines.flatMap((line) => (line.returned ? [{ ...line.returned, at, store, order, line }] : [])),
    );
    expect(returned.length).toBeGreaterThan(200);
    const share = (test: (one: (typeof returned)[number]) => boolean) => shareOf(returned, test);
    expect(share(({ isStated }) => !isStated)).toBeCloseTo(0.3, 1);
    expect(share(({ from, store }) => 'store' in from && from.store !== store)).toBeGreaterThan(0.12);
    expect(share(({ from }) => !('store' in from))).toBeGreaterThan(0.03);
    expect(share(({ from, at }) => at - from.at > 30 * DAY)).toBeGreaterThan(0.04);
    expect(share(({ isTooMuch }) => isTooMuch)).toBeGreaterThan(0.002);
    expect(share(({ isTooMuch }) => isTooMuch)).toBeLessThan(0.03);
    for (const { from, at, isStated, isTooMuch, order, line } of returned) {
      expect(at).toBeGreaterThan(from.at);
      expect(order).toBe('store' in from || !isStated ? null : from);
      const bought = from.lines.find(({ sku, cents }) => sku === line.sku && cents > 0)!;
      expect(-line.quantity > bought.quantity).toBe(isTooMuch);
    }
  });
});
