import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { REJECTION_REASONS } from '../../lib/domain/accept/outcome.ts';
import { findAlerts } from '../../lib/domain/alerts/find-alerts.ts';
import { withMargins } from '../../lib/domain/economics/margin-cascade.ts';
import { withIntervals } from '../../lib/domain/interval-rows.ts';
import type { Kpi } from '../../lib/domain/kpi.ts';
import { KPIS } from '../../lib/domain/kpi-catalogue.ts';
import { definitionOf } from '../../lib/domain/ropo/share-rows.ts';
import { withSpendAligned } from '../../lib/domain/spend-aligned.ts';
import { STAGE_FIGURES } from '../../lib/domain/stage-figures.ts';
import { stageRows } from '../../lib/domain/stage-rows.ts';
import { columnsOf } from '../../lib/pipeline/answer-rows.ts';
import { CATALOGUE_TEXTS, italian, ROW_TEXTS, TEMPLATES } from '../../lib/web/words/italian/texts.ts';
import { recordWords, rejectionWords } from '../../lib/web/words/record-terms.ts';
import { stagesWords } from '../../lib/web/words/stages.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
// By a path that the compiler does not follow: views are compiled with settings of their own.
const registry = '../../lib/web/views/registry.ts';
const { VIEWS } = (await import(registry)) as { VIEWS: Record<string, { kpis: readonly string[] }> };
const asked = new Set<string>(Object.values(VIEWS).flatMap(({ kpis }) => kpis));
const shown = KPIS.filter(({ name }) => asked.has(name));

/** Words that are the same in both languages, or symbols of a model. */
const SAME = new Set([
  'ROPO',
  'ROAS',
  'CPA',
  'Online',
  'Showrooming',
  'Media',
  'Brier',
  'q',
  'Placebo',
  'no',
]);

/** Every text of a KPI that the page can show: its own, and those of the columns of each grouping. */
function textsOf(kpi: Kpi): string[] {
  const columns = kpi.groupings.flatMap((by) => columnsOf(kpi, by, [{ currency: 'EUR' }]));
  const own = [kpi.title, kpi.definition, ...(kpi.caveat === undefined ? [] : [kpi.caveat])];
  return [...new Set([...own, ...columns.flatMap(({ title, definition }) => [title, definition])])];
}

/** Everything that answers can be made of: where a text of a row must stand. */
function sourceText(): string {
  const below = (folder: string): string[] =>
    readdirSync(join(root, folder)).flatMap((name) => {
      const path = join(folder, name);
      return statSync(join(root, path)).isDirectory() ? below(path) : [path];
    });
  return ['lib/domain', 'lib/pipeline', 'lib/demo', 'sql']
    .flatMap(below)
    .map((path) => readFileSync(join(root, path), 'utf8'))
    .join('\n')
    .replaceAll(/\$\{[^}`']*\}/g, '\u0000');
}

describe('the catalogue in Italian', () => {
  test('every view asks for KPIs that there are', () => {
    expect([...asked].filter((name) => !KPIS.some((kpi) => kpi.name === name))).toEqual([]);
  });

  test.each(shown.map((kpi) => [kpi.name, kpi] as const))('%s is told whole', (_name, kpi) => {
    const missing = textsOf(kpi).filter((text) => !SAME.has(text) && CATALOGUE_TEXTS[text] === undefined);
    expect(missing).toEqual([]);
  });

  test('what a column was in the period before is told too', () => {
    expect(italian('Revenue, before')).toBe('Ricavi, prima');
    expect(italian('Credited revenue net of returns; in the period that this one is compared with')).toBe(
      'Ricavi attribuiti al netto dei resi; nel periodo di confronto',
    );
  });

  test('nothing is left over of what no view shows any more', () => {
    const used = new Set(shown.flatMap(textsOf));
    expect(Object.keys(CATALOGUE_TEXTS).filter((text) => !used.has(text))).toEqual([]);
  });

  test('nothing is given as Italian that is the English', () => {
    const all = Object.entries({ ...CATALOGUE_TEXTS, ...ROW_TEXTS, ...TEMPLATES });
    expect(
      all.filter(([english, own]) => own.trim() === '' || (own === english && !SAME.has(english))),
    ).toEqual([]);
  });

  test('numbers and names of settings are the same in both', () => {
    const marksOf = (text: string) =>
      (
        text.match(/\d+(?:\.\d+)?|\{#?\d\}|\b[a-z0-9]+(?:[_][a-z0-9]+)+\b|\b[a-z_]+\.(?:csv|md)\b/g) ?? []
      ).sort();
    const all = Object.entries({ ...CATALOGUE_TEXTS, ...ROW_TEXTS, ...TEMPLATES });
    const unlike = all.filter(
      ([english, own]) => / /.test(english) && marksOf(english).join() !== marksOf(own).join(),
    );
    expect(unlike).toEqual([]);
  });
});

describe('texts of rows in Italian', () => {
  const source = sourceText();

  test('stand in what answers are made of', () => {
    const literal = (text: string) => source.includes(text) || source.includes(text.replaceAll(' ', '_'));
    expect(Object.keys(ROW_TEXTS).filter((text) => !literal(text))).toEqual([]);
  });

  test('with something in them, too', () => {
    const longest = (text: string) =>
      text
        .split(/\{#?\d\}|[(),;:.]/)
        .map((part) => part.trim())
        .reduce((long, part) => (part.length > long.length ? part : long), '');
    expect(Object.keys(TEMPLATES).filter((text) => !source.includes(longest(text)))).toEqual([]);
  });

  test('say of every figure of the stages what it needs, and what it is called', () => {
    const notes = stageRows([]).map(({ note }) => String(note));
    expect(notes).toHaveLength(STAGE_FIGURES.length);
    for (const note of notes) expect(italian(note)).toMatch(/^(niente fornito|non misurato)/);
    const untold = STAGE_FIGURES.flatMap(({ needs, formula }) => [needs, formula]).filter(
      (text) => ROW_TEXTS[text] === undefined,
    );
    expect(untold).toEqual([]);
    const names = STAGE_FIGURES.map(({ figure }) => figure);
    expect(Object.keys(stagesWords.it.figure).sort()).toEqual([...names].sort());
  });

  test('say why spend, margin and interval are not there', () => {
    const [row] = withSpendAligned([
      {
        revenue_minor: 1000,
        costed_minor: 0,
        known_cost_minor: 0,
        spend_unknown: 'spend is not known by customer type',
      },
    ]);
    expect(italian(String(row!.withheld))).toBe(
      'niente ROAS: la spesa non è nota per tipo di cliente; nessun costo del venduto è noto; intervallo non qui: lo dà attribution-intervals',
    );
    const [few] = withIntervals([
      { revenue_minor: 1000, spend_minor: 0, minor_up: 1000, minor_up_squares: 1_000_000, method: 'rule' },
    ]);
    expect(italian(String(few!.withheld))).toBe(
      'nessun intervallo: troppo poche persone, o troppo viene da poche di loro',
    );
  });

  test('say what is not in a margin', () => {
    const [row] = withMargins([
      { revenue_minor: 900, sold_minor: 1000, uncosted_minor: 250, fixed_rates: 1 },
    ]);
    expect(italian(String(row!.withheld))).toBe(
      'nessuna tariffa indicata per i costi variabili, successivi; costo della merce ignoto per il 25.0% delle vendite',
    );
  });

  test('tell an alert with the numbers of the English one', () => {
    // Ten quiet weeks that are alike but for a ripple, and a last day far above them.
    const values = Array.from({ length: 70 }, (_, day) => 10_000 + (day % 7) * 500 + ((day * 37) % 11) * 20);
    values[69] = 90_000;
    const shop = { now: 20_000, completeThrough: 20_000, status: 'fresh' as const, sources: new Map() };
    const sold = { subject: 'Sold', currency: 'EUR', isShare: false, values };
    const refused = [
      { day: 19_999, refused: 0, arrived: 500 },
      { day: 20_000, refused: 50, arrived: 500 },
    ];
    const messages = findAlerts([sold], shop, refused, 20_000).map(({ message }) => message);
    const numbers = (text: string) => text.match(/\d[\d.,]*/g);
    expect(messages).toHaveLength(2);
    const told = messages.map(italian);
    expect(
      told.find((text) => text.startsWith('Venduto: 900.00 EUR il 2024-10-04, sopra il consueto da ')),
    ).toMatch(/ secondo lo stesso giorno delle otto settimane precedenti$/);
    expect(
      told.find((text) => text.startsWith('Record rifiutati: 10.0% di quanto è arrivato il ')),
    ).toBeDefined();
    for (const [at, message] of messages.entries()) expect(numbers(told[at]!)).toEqual(numbers(message));
  });

  test('name groups that ropo makes, and no others', () => {
    expect(italian('omnichannel, regular')).toBe('omnicanale, abituale');
    expect(italian('store only, students')).toBe('store only, students');
  });

  test('say how a share was measured', () => {
    const row = { level: 'sku', buyers: 'repeat', window_days: 14, weight: 'revenue' };
    expect(italian(definitionOf(row))).toBe(
      'lo SKU visto online entro 14 giorni prima, clienti abituali, peso: ricavi',
    );
    expect(italian(definitionOf({ ...row, level: 'any', buyers: 'one_time', window_days: 1 }))).toBe(
      'un prodotto qualsiasi visto online entro 1 giorno prima, clienti con un solo acquisto, peso: ricavi',
    );
  });

  test('name every reason for setting a record aside, and nothing that is none', () => {
    expect(Object.keys(rejectionWords.it).sort()).toEqual(Object.keys(REJECTION_REASONS).sort());
    expect(Object.keys(rejectionWords.en).sort()).toEqual(Object.keys(REJECTION_REASONS).sort());
  });

  test('name everything that data-quality counts', () => {
    const counted = readFileSync(join(root, 'sql/marts/data_quality_daily.sql'), 'utf8');
    const names = new Set(
      Array.from(counted.matchAll(/, '([a-z_]+)'(?:, 1)? *(?:FROM|AS|$)/gm), ([, name]) => name!),
    );
    names.delete('set_aside_');
    expect(names.size).toBeGreaterThan(12);
    expect([...names].filter((name) => recordWords.it[name] === undefined)).toEqual([]);
  });

  test('leave names that a shop gave as they are', () => {
    for (const name of ['Email', 'Paid search, brand', 'Milano; Centro', 'Sale of 3 days', ''])
      expect(italian(name)).toBe(name);
  });
});
