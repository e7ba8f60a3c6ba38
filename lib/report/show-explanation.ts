import { lagText } from '../domain/research-steps.ts';
import type { Explanation, Happening } from '../pipeline/explanation.ts';
import { moneyText } from './money-text.ts';
import { creditTables } from './show-credit.ts';
import { cellText } from './show-kpi.ts';
import { levelText, researchLines } from './show-research.ts';
import { printable, type TextColumn, textTable } from './text-table.ts';

const left = (title: string): TextColumn => ({ title, align: 'left' });
const right = (title: string): TextColumn => ({ title, align: 'right' });

/** An explanation for people: one section after the other, times local to the document's store. */
export function explanationText(explanation: Explanation): string {
  const { data_label, document, person } = explanation;
  return [
    `${data_label ? `[${data_label}] ` : ''}${headline(explanation)}`,
    `Key ${printable(document.document_id, 120)}, times in ${document.time_zone}.`,
    '',
    linesTable(explanation),
    ...document.related.map(
      (other) =>
        `Same web order: ${printable(other.document_id, 120)}${other.is_sale ? ', which counts as sold' : ''}.`,
    ),
    ...section('Who', whoLines(explanation)),
    ...(person.person_id === null
      ? []
      : section('What the person did before it, in reach', timelineLines(explanation))),
    ...section('Research online', researchLines(explanation)),
    ...section(
      'Credit',
      explanation.no_credit === null ? creditTables(explanation) : [`None. ${explanation.no_credit}.`],
    ),
    ...section('Returns', returnLines(explanation)),
    ...section(
      'Left out',
      explanation.excluded.map(
        ({ what, count, why }) =>
          `${cellText(count, 'count', '')} ${count === 1 ? what.replace(/s$/, '') : what}: ${why}.`,
      ),
    ),
  ].join('\n');
}

const section = (title: string, lines: readonly string[]) =>
  lines.length === 0 ? [] : ['', `${title}:`, ...lines];

const KINDS: Record<string, string> = {
  receipt: 'a store purchase',
  order: 'a web order',
  click_and_collect: 'a web order collected in a store',
  reserve_and_collect: 'a purchase reserved online and paid in a store',
};

function headline({ document }: Explanation): string {
  const { document_kind: kind, conversion_kind, revenue_minor, currency, tender } = document;
  const number = printable(
    (kind === 'receipt' ? document.receipt_id : document.order_id) ?? document.document_id,
    80,
  );
  const store = document.store_id === null ? '' : ` in ${storeText(document.store_id, document.store_name)}`;
  const counts =
    conversion_kind === null
      ? 'no purchase of its own'
      : `${KINDS[conversion_kind] ?? conversion_kind}, ${moneyText(revenue_minor!, currency)}`;
  const paid = tender === null ? '' : `, paid by ${printable(tender)}`;
  return `${kind === 'receipt' ? 'Receipt' : 'Order'} ${number}${store}, ${document.local_at}: ${counts}${paid}.`;
}

const storeText = (id: string, name: string | null) =>
  name === null || name === id ? `store ${printable(id)}` : `${printable(name)} (${printable(id)})`;

function linesTable({ lines, document }: Explanation): string {
  return textTable(
    [
      right('Line'),
      left('SKU'),
      left('Product'),
      left('Category'),
      right('Quantity'),
      right(`Amount, ${document.currency}`),
      left('Counts as'),
    ],
    lines.map((line) => [
      line.line,
      printable(line.sku ?? '-', 30),
      printable(line.product_name ?? line.product_id ?? '-', 30),
      printable(line.category ?? '-', 30),
      line.quantity === null ? '-' : String(line.quantity),
      moneyText(line.amount_minor, document.currency, false),
      line.why_excluded === null
        ? line.line_kind === 'discount'
          ? 'discount, over all lines'
          : line.treatment
        : `nothing: ${line.why_excluded}`,
    ]),
  );
}

function whoLines({ person }: Explanation): string[] {
  if (person.why_unknown !== null) return [`Nobody is known. ${person.why_unknown}.`];
  const known = Object.entries(person.known_by).map(([kind, n]) => `${n} ${kind}`);
  return [
    `Person ${person.person_id}, linked by ${person.identified_by}: ${person.evidence_strength} evidence (${printable(person.evidence_meaning ?? '', 120)}).`,
    `The document carries ${person.document_keys.length > 0 ? person.document_keys.join(', ') : 'no identifier of its own'}; consent ${person.consent}.`,
    `Known by ${known.length > 0 ? known.join(', ') : 'that alone'}; seen on ${person.devices} ${person.devices === 1 ? 'device' : 'devices'}.`,
  ];
}

function timelineLines({ timeline }: Explanation): string[] {
  const { happenings, left_out } = timeline;
  if (happenings.length === 0) return ['Nothing in reach.'];
  const more = Object.entries(left_out).map(
    ([kind, n]) => `${cellText(n, 'count', '')} ${kind.replace('_', ' ')}${n === 1 ? '' : 's'}`,
  );
  return [
    textTable(
      [left('When'), right('Before'), left('What'), left('Detail'), left('Part in it')],
      happenings.map((one) => [
        one.local_at,
        one.seconds_before < 0 ? `${lagText(-one.seconds_before)} after` : lagText(one.seconds_before),
        whatText(one),
        detailText(one),
        partText(one),
      ]),
    ),
    ...(more.length > 0 ? [`Earlier ones not listed: ${more.join(', ')}. --all lists everything.`] : []),
  ];
}

function whatText({ kind, what }: Happening): string {
  if (kind === 'touchpoint') return `touchpoint (${what.replaceAll('_', ' ')})`;
  if (kind === 'purchase') return KINDS[what]?.replace(/^a /, '') ?? what;
  return kind.replace('_', ' ');
}

function detailText(one: Happening): string {
  if (one.kind === 'touchpoint')
    return printable(
      `${one.channel}: ${one.source} / ${one.medium}${one.campaign === '(not set)' ? '' : ` / ${one.campaign}`}`,
      60,
    );
  if (one.kind === 'product_view')
    return printable(
      [one.sku, one.product_name, one.category].filter((text) => text !== null).join(', '),
      60,
    );
  const store = one.store_id === null ? '' : storeText(one.store_id, one.store_name);
  if (one.kind === 'store_visit') return `${store}, ${printable(one.what)}`;
  return [moneyText(one.revenue_minor ?? 0, one.currency ?? ''), store]
    .filter((text) => text !== '')
    .join(', ');
}

const PLACES: Record<string, string> = {
  in_store: 'in the store',
  this_visit: 'the visit it was bought on',
  older: 'too old',
  after: 'after the purchase',
  beyond_steps: 'beyond the step limit',
  used_before: 'credited for an earlier purchase',
};

function partText({ position, matches, place }: Happening): string {
  if (position !== null) return `step ${position} of the path`;
  return [
    PLACES[place] ?? '',
    matches.map(({ line, level }) => `line ${line} (${levelText(level)})`).join(', '),
  ]
    .filter((text) => text !== '')
    .join(', ');
}

function returnLines({ returns }: Explanation): string[] {
  return returns.map((one) => {
    const place = one.store_id === null ? '' : ` in ${storeText(one.store_id, one.store_name)}`;
    const money = moneyText(-one.revenue_minor, one.currency);
    const excess =
      one.excess_minor === 0 ? '' : `; ${moneyText(-one.excess_minor, one.currency)} beyond any purchase`;
    const when = `${one.local_at} ${one.time_zone}${place}`;
    return one.is_of_purchase
      ? `${when}: ${printable(one.document_id, 100)} took back ${money}${excess}.`
      : `${when}: this document gave back ${money}${one.conversion_id === null ? ' of no known purchase' : ` of ${printable(one.conversion_id, 100)}`}${excess}.`;
  });
}
