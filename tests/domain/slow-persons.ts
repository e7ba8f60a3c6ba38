import { type IdentityLimits, mostOf, RULES } from '../../lib/domain/identity-policy.ts';
import { kindOf, type NamedLink, type NamedPersons, type NamedRule } from './identity-graph.ts';

const [CARD, PHONE, DEVICE, PAYMENT, ALL, PERSONS, PAYERS] = [1, 3, 4, 5, 6, 7, 8] as const;
const SHARED = ['shared_account', 'household_card', 'shared_email', 'shared_phone', 'shared_device'];

/** The rules of identity once more, on sets of names and without regard to time or memory. */
export function slowPersons({
  links: given,
  rules,
  limits,
}: {
  links: readonly NamedLink[];
  rules: readonly NamedRule[];
  limits: IdentityLimits;
}): NamedPersons {
  const seen = new Map<string, number>();
  const pairs = new Map<string, number>();
  const stronger = (a: string, b: string) =>
    kindOf(a) - kindOf(b) || seen.get(a)! - seen.get(b)! || (a < b ? -1 : a > b ? 1 : 0);
  for (const [a, b, at] of given)
    for (const name of [a, b]) seen.set(name, Math.min(at, seen.get(name) ?? at));
  for (const [a, b, at] of given) {
    const pair = [a, b].sort(stronger).join(' ');
    pairs.set(pair, Math.min(at, pairs.get(pair) ?? at));
  }
  const links = [...pairs].map(([pair, at]) => {
    const [strong, weak] = pair.split(' ') as [string, string];
    return { strong, weak, at, pair };
  });
  links.sort(
    (a, b) =>
      kindOf(a.weak) - kindOf(b.weak) ||
      kindOf(a.strong) - kindOf(b.strong) ||
      a.at - b.at ||
      stronger(a.strong, b.strong) ||
      stronger(a.weak, b.weak),
  );
  const named = (word: string) => new Set(rules.filter(([rule]) => rule === word).map(([, name]) => name));
  const [blocked, allowed] = [named('block'), named('allow')];
  const apart = rules.filter(([rule]) => rule === 'separate');
  const others = (name: string) =>
    links
      .filter(({ strong, weak }) => !blocked.has(strong) && !blocked.has(weak))
      .flatMap(({ strong, weak }) => (strong === name ? [weak] : weak === name ? [strong] : []));

  const groups = new Map<string, Set<string>>([...seen.keys()].map((name) => [name, new Set([name])]));
  const shared: Record<string, string> = {};
  const has = (group: Set<string>, kind: number) => [...group].filter((name) => kindOf(name) === kind);
  const areApart = (a: Set<string>, b: Set<string>) =>
    apart.some(([, x, y]) => (a.has(x) && b.has(y!)) || (a.has(y!) && b.has(x)));
  const judge = (kindsJudged: (kind: number) => boolean, byPersons: boolean) => {
    for (const name of [...seen.keys()].sort(stronger)) {
      const kind = kindOf(name);
      if (!kindsJudged(kind) || blocked.has(name) || allowed.has(name)) continue;
      const met = others(name);
      const personsMet = (isMeant: (one: string) => boolean) => [
        ...new Set(
          met
            .filter((one) => kindOf(one) <= PHONE && !shared[one] && isMeant(one))
            .map((one) => groups.get(one)!),
        ),
      ];
      const count = (other: number): number => {
        if (!byPersons || other > PHONE) return met.filter((one) => kindOf(one) === other).length;
        if (other > CARD) return personsMet((one) => kindOf(one) === other).length;
        return personsMet(() => true).filter((group) => has(group, other).length > 0).length;
      };
      const isOver =
        [0, 1, 2, 3, 4, 5].some((other) => count(other) > mostOf(limits, kind, other)) ||
        (byPersons && personsMet(() => true).length > mostOf(limits, kind, PERSONS));
      if (isOver) shared[name] = SHARED[kind]!;
      else if (met.length > mostOf(limits, kind, ALL)) shared[name] = 'degree';
    }
  };
  const refused: string[] = [];
  const join = (isMeant: (weakKind: number, strongKind: number) => boolean) => {
    for (const { strong, weak, pair } of links) {
      if (!isMeant(kindOf(weak), kindOf(strong))) continue;
      const [a, b] = [groups.get(strong)!, groups.get(weak)!];
      const union = new Set([...a, ...b]);
      let rule = shared[weak] ?? shared[strong] ?? '';
      if (blocked.has(strong) || blocked.has(weak)) rule = 'blocked';
      else if (rule === '' && a !== b) {
        if (has(union, 0).length > 1 || has(union, 1).length > 1) rule = 'conflict';
        else if (areApart(a, b)) rule = 'separated';
        else if (union.size > limits.personSize) rule = 'too_large';
        else for (const name of union) groups.set(name, union);
      }
      if (rule !== '') refused.push(`${rule} ${pair}`);
    }
  };
  judge((kind) => kind <= PHONE && kind !== CARD, false);
  join((weak, strong) => weak < DEVICE && weak !== CARD && strong !== CARD);
  judge((kind) => kind === CARD, true);
  join((weak, strong) => weak < DEVICE && (weak === CARD || strong === CARD));
  judge((kind) => kind === DEVICE, true);
  join((kind) => kind === DEVICE);

  const isCrowded = (name: string) =>
    kindOf(name) === CARD &&
    !blocked.has(name) &&
    !allowed.has(name) &&
    others(name).filter((one) => kindOf(one) === PAYMENT).length > mostOf(limits, CARD, PAYERS);
  for (const token of [...seen.keys()].filter((name) => kindOf(name) === PAYMENT).sort(stronger)) {
    const owners = new Set(
      others(token)
        .filter((name) => kindOf(name) !== PAYMENT && !shared[name] && !isCrowded(name))
        .map((name) => groups.get(name)!),
    );
    if (owners.size > 1) shared[token] = 'shared_payment';
    const [owner] = owners;
    const isApart = owner !== undefined && areApart(owner, new Set([token]));
    for (const { strong, weak, pair } of links) {
      if (weak !== token) continue;
      const rule =
        blocked.has(strong) || blocked.has(weak)
          ? 'blocked'
          : (shared[token] ??
            shared[strong] ??
            (isApart
              ? 'separated'
              : isCrowded(strong) && groups.get(strong) !== owner
                ? 'shared_payment'
                : ''));
      if (rule !== '') refused.push(`${rule} ${pair}`);
    }
    if (owners.size === 1 && !isApart && !blocked.has(token)) {
      owner!.add(token);
      groups.set(token, owner!);
    }
  }
  if (refused.some((text) => !RULES.some((rule) => rule !== '' && text.startsWith(`${rule} `))))
    throw new Error(`a rule that is none: ${refused.join(', ')}`);
  const distinct = [...new Set(groups.values())];
  return {
    of: Object.fromEntries([...seen.keys()].map((name) => [name, [...groups.get(name)!].sort(stronger)[0]!])),
    groups: distinct.map((group) => [...group].sort()).sort(),
    refused: refused.sort(),
    shared,
  };
}
