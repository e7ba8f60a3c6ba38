import { csvText } from '../../report/csv.ts';
import { textTable } from '../../report/text-table.ts';
import type { TriedIdentity } from './identity-trial.ts';

/** What a default demo shop should reach. */
export const IDENTITY_TARGETS = { pair_precision: 0.999, pair_recall: 0.97 } as const;

const MEASURES = [
  ['pair_precision', 'Pairs: precision'],
  ['pair_recall', 'recall'],
  ['pair_f1', 'F1'],
  ['person_precision', 'Persons: precision'],
  ['person_recall', 'recall'],
  ['person_f1', 'F1'],
  ['exact_persons', 'exact'],
  ['household_precision', 'Pairs: of one household'],
  ['pair_recall_of_all', 'recall of all'],
] as const;

/** The scores of all trials, a row each, the targets at the default noise, and what became of shared identifiers. */
export function identityTrialText(tried: readonly TriedIdentity[]): string {
  const right = (title: string) => ({ title, align: 'right' as const });
  const whole = (n: number) => n.toLocaleString('en-US');
  const scores = textTable(
    [right('Noise'), right('Slips'), right('Identifiers'), ...MEASURES.map(([, title]) => right(title))],
    tried.map((one) => [
      `${one.noise} x`,
      whole(one.slips),
      whole(one.judged),
      ...MEASURES.map(([name]) => (one[name] === null ? '-' : one[name].toFixed(4))),
    ]),
  );
  const treated = textTable(
    [
      right('Noise'),
      right('Several people’s or nobody’s'),
      right('held apart'),
      right('with a user'),
      right('with others'),
    ],
    tried.map((one) => [
      `${one.noise} x`,
      whole(one.held_apart + one.with_a_user + one.with_others),
      whole(one.held_apart),
      whole(one.with_a_user),
      whole(one.with_others),
    ]),
  );
  return [scores, '', treated, ...targetLines(tried)].join('\n');
}

function targetLines(tried: readonly TriedIdentity[]): string[] {
  const usual = tried.find(({ noise }) => noise === 1);
  if (!usual) return [];
  const lines = Object.entries(IDENTITY_TARGETS).map(([name, wanted]) => {
    const measured = usual[name as keyof typeof IDENTITY_TARGETS];
    const isMet = measured !== null && measured >= wanted;
    return `Target at the default noise: ${name.replace('_', ' ')} at least ${wanted}; measured ${measured?.toFixed(4) ?? '-'}: ${isMet ? 'met' : 'NOT met'}`;
  });
  return ['', ...lines];
}

const COLUMNS = [
  'persons',
  'seed',
  'noise',
  'slips',
  'judged',
  ...MEASURES.map(([name]) => name),
  'held_apart',
  'with_a_user',
  'with_others',
] as const;

export const identityTrialCsv = (tried: readonly TriedIdentity[]): string =>
  csvText(
    [...COLUMNS],
    tried.map((one) => COLUMNS.map((name) => one[name])),
  );

export const identityTrialJson = (tried: readonly TriedIdentity[]): string =>
  JSON.stringify({ synthetic: true, targets: IDENTITY_TARGETS, trials: tried }, null, 2);
