import { createHash } from 'node:crypto';
import { CALENDAR_END, CALENDAR_START } from './calendar.ts';
import { PERSONAS, type Persona } from './personas.ts';
import { createRandom, type Random } from './random.ts';
import { drawBursts } from './rhythm.ts';
import { type DemoStore, STORES } from './stores.ts';
import { APP_AGENTS, BROWSER_AGENTS } from './user-agents.ts';

export type Consent = 'granted' | 'denied';
export type DeviceKind = 'phone' | 'laptop' | 'tablet' | 'app';

/** A browser or app. Its identifier changes when cookies are deleted, so `ids` says from when each holds. */
export interface Device {
  kind: DeviceKind;
  userAgent: string;
  ids: { from: number; id: string }[];
  /** Null where the banner was never answered. */
  consent: Consent | null;
}

export interface Person {
  id: string;
  household: string;
  persona: Persona;
  store: DemoStore;
  /** Around 1; multiplies everything the person does: who browses much buys much. */
  activity: number;
  /** Around 1; multiplies what is looked into before it is bought. */
  research: number;
  /** First days of the weeks that the person shops in; none for those who shop evenly. */
  bursts: number[];
  /** Passing through: buys at most once, however often they browse. */
  buysOnce: boolean;
  /** Weight of each category, by its index. */
  taste: number[];
  customerId: string | null;
  /** May be the card of somebody else in the household. */
  loyaltyId: string | null;
  email: string;
  emailSha256: string;
  /** Payment account reference of the card in use; some couples have one account. */
  paymentToken: string;
  newsletter: boolean;
  sms: boolean;
  /** Mobile number of those who get text messages. */
  phone: string | null;
  devices: Device[];
  app: Device | null;
}

const BUYS_ONCE = 0.1;
/** Members shop more than others, and look more into what they buy: whoever takes them for everybody is wrong. */
const MEMBER = { activity: 1.12, research: 1.15 };
const NON_MEMBER = { activity: 0.8, research: 0.65 };
/** Who issued the reference: four characters, then twenty-five (EMVCo, Payment Account Reference). */
const PAR_ISSUER = 'Q1DS';

const HOUSEHOLD_SIZES = [0.62, 0.28, 0.1];
const DEVICE_KINDS = ['phone', 'laptop', 'tablet'] as const;
const DEVICE_OWNED = [0.92, 0.62, 0.2];
const COOKIES_DELETED = [0.22, 0.12, 0.08];

export function anonymousIdAt(device: Device, at: number): string {
  return device.ids.findLast((known) => known.from <= at)?.id ?? device.ids[0]!.id;
}

function drawConsent(random: Random): Consent | null {
  return (['granted', 'denied', null] as const)[random.weighted([0.8, 0.11, 0.09])]!;
}

function createDevices(random: Random): Device[] {
  const owned = DEVICE_OWNED.map((share) => random.chance(share));
  if (!owned.includes(true)) owned[0] = true;
  return DEVICE_KINDS.filter((_, index) => owned[index]).map((kind) => {
    const ids = [{ from: 0, id: random.uuid() }];
    if (random.chance(COOKIES_DELETED[DEVICE_KINDS.indexOf(kind)]!)) {
      ids.push({ from: Math.floor(random.between(CALENDAR_START, CALENDAR_END)), id: random.uuid() });
    }
    return { kind, userAgent: random.pick(BROWSER_AGENTS[kind]), ids, consent: drawConsent(random) };
  });
}

function createApp(random: Random): Device {
  const ids = [{ from: 0, id: `app-${random.hex(16)}` }];
  return { kind: 'app', userAgent: random.pick(APP_AGENTS), ids, consent: drawConsent(random) };
}

function createPerson(random: Random, number: number, household: string, store: DemoStore): Person {
  const persona = PERSONAS[random.weighted(PERSONAS.map((kind) => kind.share))]!;
  const digits = String(number).padStart(7, '0');
  const email = `shopper.${digits}@${random.pick(['example.com', 'mail.example.com', 'post.example.test'])}`;
  const devices = persona.online ? createDevices(random) : [];
  const customerId = random.chance(persona.account) ? `C${20_000_000 + number}` : null;
  const loyaltyId = random.chance(persona.loyalty) ? `29${digits.padStart(10, '0')}` : null;
  const membership = loyaltyId ? MEMBER : NON_MEMBER;
  const hasApp = customerId !== null && random.chance(persona.app);
  const person: Person = {
    id: `person-${digits}`,
    household,
    persona,
    store,
    activity: Math.min(4, (random.gamma(2.2) / 2.2) * membership.activity),
    research: membership.research,
    bursts: drawBursts(random),
    buysOnce: random.chance(BUYS_ONCE),
    taste: Array.from({ length: 12 }, () => 0.05 + random.gamma(0.6)),
    customerId,
    loyaltyId,
    email,
    emailSha256: createHash('sha256').update(email).digest('hex'),
    paymentToken: `${PAR_ISSUER}${random.hex(25).toUpperCase()}`,
    newsletter: random.chance(persona.newsletter),
    sms: customerId !== null && random.chance(0.22),
    phone: null,
    devices,
    app: hasApp ? createApp(random) : null,
  };
  if (person.sms) person.phone = `${store.country === 'PT' ? '+35191' : '+39347'}${digits}`;
  return person;
}

/** In some households the tablet lies on the sofa for everybody, one card hangs at the keys, or one account pays. */
function share(random: Random, members: Person[]): void {
  const online = members.filter((member) => member.devices.length > 0);
  const tablet = online.flatMap((member) => member.devices).find((device) => device.kind !== 'phone');
  if (tablet && online.length > 1 && random.chance(0.3)) {
    for (const member of online) if (!member.devices.includes(tablet)) member.devices.push(tablet);
  }
  const holder = members.find((member) => member.loyaltyId !== null);
  if (holder && random.chance(0.22)) for (const member of members) member.loyaltyId = holder.loyaltyId;
  if (random.chance(0.12)) for (const member of members) member.paymentToken = members[0]!.paymentToken;
}

/**
 * The people of household number `index`, numbered from `firstPerson`. At most `limit` of them, so that the
 * shop has exactly the persons asked for.
 */
export function createHousehold(seed: number, index: number, firstPerson: number, limit: number): Person[] {
  const random = createRandom(seed, 'household', index);
  const store = STORES[random.weighted(STORES.map((one) => one.size))]!;
  const size = Math.min(limit, 1 + random.weighted(HOUSEHOLD_SIZES));
  const household = `household-${String(index + 1).padStart(7, '0')}`;
  const members = Array.from({ length: size }, (_, at) =>
    createPerson(random, firstPerson + at, household, store),
  );
  if (members.length > 1) share(random, members);
  return members;
}
