import { apportion, unitsText } from '../domain/attribution/apportion.ts';
import { RULE_MODELS } from '../domain/attribution/rule-credit.ts';
import { printable, type TextColumn, textTable } from '../report/text-table.ts';
import type { Attribution } from './attribute.ts';
import type { ModelCredit } from './model-credit.ts';
import { configHash, MODEL_VERSION } from './settings.ts';
import { Exact, type ResultTable, TABLES, type TableCell, type TableName } from './tables.ts';

/** Decimals of a conversion that people read. */
const SHOWN_DECIMALS = 2;

const grouped = (digits: string) => digits.replace(/\B(?=(\d{3})+(?!\d))(?<!\.\d*)/g, ',');
const whole = (number: number) => grouped(String(number));

/** Tables for people: credit with a column per model, the others as they are. */
export function tablesText(file: string, result: Attribution, tables: readonly ResultTable[]): string {
  const { sums, settings, rows, decimals, rounded, order } = result;
  const value = unitsText(BigInt(sums.value), decimals);
  const heading = [
    `${file}: ${whole(rows)} rows, ${whole(sums.channels.length)} channels, ${whole(sums.conversions)} conversions worth ${grouped(value)}, ${whole(sums.nulls)} journeys without`,
    `Markov order ${order}${settings.order === 'auto' ? ' (chosen)' : ''}, path transform ${settings.transforms.join(', ')}; config ${configHash(settings)}, model version ${MODEL_VERSION}, seed ${settings.seed}`,
  ];
  const notes = notesOn(result);
  const sections = tables.flatMap((table) =>
    table.name === 'credit'
      ? creditText(result, table)
      : [`${titled(table.name as TableName)}\n${plainText(table)}`],
  );
  if (rounded > 0) notes.push(`${whole(rounded)} values had more than 6 decimals and were rounded.`);
  return [heading.join('\n'), ...sections, ...notes].join('\n\n');
}

/** What a reader must know, in words. */
function notesOn({ sums, findings }: Attribution): string[] {
  const notes: string[] = [];
  if (sums.conversions === 0)
    notes.push('No journey converted: every model credits 0, and nothing follows from it.');
  else if (sums.nulls === 0) {
    notes.push(
      'No journey ended without a conversion: every path converts, so removal effects and conversion rates say only how often a channel is part of a path. Give total_null.',
    );
  }
  if (findings.rate?.method === 'sampled') {
    notes.push(
      'Shapley values of the conversion rate are estimates: there are too many channels for all their sets.',
    );
  }
  if (findings.rate?.values.some((rate) => rate < 0)) {
    notes.push(
      'A channel lowers the conversion rate: its Shapley value is below zero. shapley_rate counts it as 0; shapley_rate_normalised shows it as it is.',
    );
  }
  if (findings.hazard && !findings.hazard.fit.converged) {
    notes.push(
      `The additive hazard has not converged after ${findings.hazard.fit.iterations} steps: do not use it.`,
    );
  }
  return notes;
}

const titled = (name: TableName) => `${name[0]!.toUpperCase()}${name.slice(1)}: ${TABLES[name]}`;

/** Credit with a column per model: rules and data-driven models apart, so that a line fits a screen. */
function creditText(result: Attribution, table: ResultTable): string[] {
  const { sums, credits, decimals, settings, intervals } = result;
  const isRule = ({ model }: ModelCredit) => (RULE_MODELS as readonly string[]).includes(model);
  const groups = [credits.filter(isRule), credits.filter((credit) => !isRule(credit))].filter(
    ({ length }) => length > 0,
  );
  const conversions = groups.map((group) =>
    pivot(
      sums.channels,
      group,
      group.map((credit) => apportion(credit.conversions, sums.conversions, 10 ** SHOWN_DECIMALS)),
      SHOWN_DECIMALS,
    ),
  );
  const sections = [`Conversions by model\n${conversions.join('\n\n')}`];
  if (sums.value > 0) {
    const values = groups.map((group) =>
      pivot(
        sums.channels,
        group,
        group.map((credit) => apportion(credit.values, sums.value, 1)),
        decimals,
      ),
    );
    sections.push(`Value by model\n${values.join('\n\n')}`);
  }
  if (intervals) {
    const title = `Intervals: ${Number((settings.level * 100).toFixed(4))}% of such intervals hold the model's long-run figure (${settings.intervals} replicates)`;
    sections.push(`${title}\n${plainText(table)}`);
  }
  return sections;
}

function pivot(
  channels: readonly string[],
  group: readonly ModelCredit[],
  units: readonly bigint[][],
  decimals: number,
): string {
  const text = (amount: bigint) => grouped(unitsText(amount, decimals));
  return textTable(
    [left('Channel'), ...group.map(({ model }) => right(model))],
    [
      ...channels.map((channel, number) => [
        printable(channel, 40),
        ...units.map((column) => text(column[number]!)),
      ]),
      ['total', ...units.map((column) => text(column.reduce((sum, amount) => sum + amount, 0n)))],
    ],
  );
}

function plainText({ columns, rows }: ResultTable): string {
  const isNumber = columns.map((_, at) =>
    rows.some((row) => typeof row[at] === 'number' || row[at] instanceof Exact),
  );
  return textTable(
    columns.map((title, at) => (isNumber[at] ? right(title) : left(title))),
    rows.map((row) => row.map(cellText)),
  );
}

function cellText(cell: TableCell): string {
  if (cell === null) return '-';
  if (cell instanceof Exact) return grouped(shortened(cell.digits));
  if (typeof cell === 'boolean') return cell ? 'yes' : 'no';
  if (typeof cell === 'string') return printable(cell, 60);
  if (Number.isInteger(cell)) return whole(cell);
  return Math.abs(cell) >= 1000 ? grouped(cell.toFixed(2)) : cell.toPrecision(6);
}

/** Not more than four decimals for the eye, rounded on the digits themselves. */
function shortened(digits: string): string {
  const [whole = '', decimals = ''] = digits.split('.');
  if (decimals.length <= 4) return digits;
  const sign = whole.startsWith('-') ? '-' : '';
  const kept = BigInt(whole.replace('-', '') + decimals.slice(0, 4)) + (decimals[4]! >= '5' ? 1n : 0n);
  const text = String(kept).padStart(5, '0');
  return `${sign}${text.slice(0, -4)}.${text.slice(-4)}`;
}

const left = (title: string): TextColumn => ({ title, align: 'left' });
const right = (title: string): TextColumn => ({ title, align: 'right' });
