import { byStrength, type IdentityEvidence, neighboursOf, pairByPair } from './identity-links.ts';
import { growingPersons } from './identity-persons.ts';
import { type IdentityPolicy, KIND_CODES, ruleCode } from './identity-policy.ts';
import { type SharedIdentifiers, sharingJudge } from './identity-sharing.ts';

export type { IdentityEvidence } from './identity-links.ts';
export { type IdentityPolicy, KIND_CODES, RULES, ruleCode } from './identity-policy.ts';

/**
 * Who is who, from the evidence that identifiers were seen together. A pure function of the set of links: the order
 * in which they arrived, their batches and their repeats change nothing.
 */

export interface Partition {
  /** For each identifier the identifier that stands for its person: the strongest and oldest of the component. */
  person: Int32Array;
  /** For each link 0 when followed, else the code of the rule against it (RULES). */
  refused: Uint8Array;
  shared: SharedIdentifiers;
}

const { loyalty: CARD, anonymous: DEVICE, payment: PAYMENT } = KIND_CODES;
const [BLOCKED, SEPARATED, SHARED_PAYMENT] = (['blocked', 'separated', 'shared_payment'] as const).map(
  ruleCode,
) as [number, number, number];

/**
 * Joins identifiers into persons by union-find, strongest and oldest evidence first. These rules keep strangers apart:
 * - `blocked`: an identifier that someone blocked joins nobody, and counts for nobody else's limits;
 * - shared (one rule a kind, `household_card` for cards, and `degree`): an identifier that was seen with more distinct
 *   others than its kind may joins nobody. Cards and devices are judged by the distinct persons that other links make:
 *   first come links between accounts, emails and phones, then those of cards, then those of devices. So a card that two
 *   accounts show, or a device that they used, is neither's, and what happens under it alone is a person of its own;
 * - `conflict`: two accounts, or two cards, never come into one person: the link that would do it is refused;
 * - `separated`: the same for two identifiers that someone told apart. As links come strongest and oldest first, what is
 *   cut is the weakest and newest on the way between them;
 * - `too_large`: no person grows beyond the limit;
 * - a payment token never joins persons: when all else is settled it belongs to the one person it leads to, or, where it
 *   leads to several (a card that is lent, a couple's account), to none of them; and a loyalty card that several tokens
 *   paid with does not say whose they are: `shared_payment`.
 * What a part of the evidence comes to depends on the links of its own connected part alone, so any such part can be
 * resolved by itself.
 * Time: linear, but for inverse Ackermann; memory: about 45 bytes per identifier and 25 per link besides the evidence.
 * @example resolvePersons({ kinds: [0, 4], from: [0], to: [1], firstSeen: [0] }, policy) // one person, 0
 */
export function resolvePersons(evidence: IdentityEvidence, policy: IdentityPolicy): Partition {
  const { kinds, from, to } = evidence;
  const order = byStrength(evidence);
  const isBlocked = new Uint8Array(kinds.length);
  for (const node of policy.blocked ?? []) isBlocked[node] = 1;
  const persons = growingPersons(kinds, policy);
  const judge = sharingJudge(evidence, neighboursOf(evidence, order, isBlocked), isBlocked, policy);
  const { rules } = judge.shared;
  const refused = new Uint8Array(from.length);
  /** Of the two ends the weaker is told first: its number is the higher. */
  const barred = (a: number, b: number) =>
    isBlocked[a] || isBlocked[b] ? BLOCKED : rules[Math.max(a, b)] || rules[Math.min(a, b)]!;

  /** Joins links from one place in the order on, as long as they are of weaker ends before a kind. */
  const join = (
    start: number,
    kindAfter: number,
    isMeant: (strong: number, weak: number) => boolean,
  ): number => {
    let at = start;
    for (; at < order.length; at++) {
      const link = order[at]!;
      const [a, b] = [from[link]!, to[link]!];
      const weakKind = kinds[Math.max(a, b)]!;
      if (weakKind >= kindAfter) break;
      if (isMeant(kinds[Math.min(a, b)]!, weakKind)) refused[link] = barred(a, b) || persons.join(a, b);
    }
    return at;
  };
  const hasCard = (strong: number, weak: number) => strong === CARD || weak === CARD;
  judge.judgeByOthers();
  join(0, DEVICE, (strong, weak) => !hasCard(strong, weak));
  judge.judgeByPersons(CARD, persons);
  const ofDevices = join(0, DEVICE, hasCard);
  judge.judgeByPersons(DEVICE, persons);
  const ofPayments = join(ofDevices, PAYMENT, () => true);
  const { separated, isCrowded } = judge.judgePayments(persons);
  for (let at = ofPayments; at < order.length; at++) {
    const link = order[at]!;
    const [a, b] = [from[link]!, to[link]!];
    const [strong, token] = [Math.min(a, b), Math.max(a, b)];
    const isElsewhere = isCrowded(strong) && persons.rootOf(strong) !== persons.rootOf(token);
    const ofPayment =
      kinds[strong] === PAYMENT
        ? SHARED_PAYMENT
        : separated.has(token)
          ? SEPARATED
          : isElsewhere
            ? SHARED_PAYMENT
            : 0;
    refused[link] = barred(a, b) || ofPayment;
  }
  sayTheSameOfRepeats(evidence, order, refused);
  return { person: persons.named(), refused, shared: judge.shared };
}

/** Between two sightings of a pair its ends may have grown, so that another rule refuses it first: the first one counts. */
function sayTheSameOfRepeats(evidence: IdentityEvidence, order: Int32Array, refused: Uint8Array): void {
  const { from, to } = evidence;
  const links = pairByPair(
    order.filter((link) => refused[link] !== 0),
    evidence,
  );
  for (let at = 1; at < links.length; at++) {
    const [before, link] = [links[at - 1]!, links[at]!];
    const isSame =
      Math.min(from[before]!, to[before]!) === Math.min(from[link]!, to[link]!) &&
      Math.max(from[before]!, to[before]!) === Math.max(from[link]!, to[link]!);
    if (isSame) refused[link] = refused[before]!;
  }
}
