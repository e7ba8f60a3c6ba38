import { parseHTML } from 'linkedom';
import { describe, expect, test } from 'vitest';
import type { KpiAnswer } from '../../lib/pipeline/report-kpi.ts';
import { chart, DRAWN_KPIS } from '../../lib/report/charts/chart.ts';

const answerOf = (kpi: string, rows: KpiAnswer['rows']): KpiAnswer => ({
  kpi,
  title: 'Title & more',
  definition: '',
  caveat: null,
  data_label: 'Made up',
  period: { from: null, to: '2025-03-31', zone: 'UTC' },
  model: null,
  by: 'store',
  filters: { level: 'category', identified_by: null },
  audience: 'inside',
  min_persons: 10,
  suppressed_rows: 0,
  comparison: null,
  data_complete_through: null,
  identification: null,
  model_hash: null,
  page: { offset: 0, limit: 0, rows: 0 },
  identity: null,
  build_id: 'b',
  built_at: '2025-04-01T00:00:00.000Z',
  settings_hash: 'h',
  columns: [],
  rows,
});

const shares = (label: string, corrected: number | null) => ({
  label,
  currency: 'EUR',
  naive_share: 0.3,
  placebo_share: 0.1,
  corrected_share: corrected,
  corrected_low: corrected === null ? null : corrected - 0.05,
  corrected_high: corrected === null ? null : corrected + 0.05,
  verdict: corrected === null ? 'too few persons' : 'placebos within 10 points',
});

const ANSWERS: Record<string, KpiAnswer['rows']> = {
  ropo: [shares('<b>Store</b> "1"', 0.2), shares('Store 2', null)],
  'ropo-waterfall': [
    { step: 'all', remainder: null, ...shares('all', null), naive_share: null, sold: 100 },
    { step: 'all', remainder: 'no identifier', ...shares('all', null), naive_share: null, sold: 40 },
    { step: 'researched', remainder: null, ...shares('all', 0.2), sold: 60 },
  ],
  'ropo-lags': [0, 1, 2].map((day) => ({
    label: String(day),
    real_share: 0.03,
    placebo_share: 0.01,
    excess: 0.02,
    excess_low: 0.01,
    excess_high: 0.03,
    excess_ends_days: 2,
    placebo: 'own basket',
  })),
  'ropo-grid': [
    { level: 'any', ...shares('7 days', null), window_driven: 'no' },
    { level: 'sku', ...shares('7 days', 0.2), window_driven: 'window-driven' },
  ],
};

const drawn = (kpi: string, rows = ANSWERS[kpi]!) => chart(answerOf(kpi, rows))!;

describe('pictures', () => {
  test('there is an answer here for every KPI that is drawn', () => {
    expect(Object.keys(ANSWERS).sort()).toEqual([...DRAWN_KPIS].sort());
  });

  test.each(DRAWN_KPIS)('%s is one SVG that says what, of when and of which data it is', (kpi) => {
    const svg = drawn(kpi);
    const { document } = parseHTML(svg);
    expect(document.querySelectorAll('svg')).toHaveLength(1);
    expect(document.querySelector('svg')!.getAttribute('xmlns')).toBe('http://www.w3.org/2000/svg');
    expect(document.querySelector('title')!.textContent).toContain('Title & more');
    expect(svg).toContain('Made up · start to 2025-03-31 · level category · built 2025-04-01');
    expect(svg).not.toMatch(/NaN|undefined/);
  });

  test('names of stores cannot become markup', () => {
    const { document } = parseHTML(drawn('ropo'));
    expect(document.querySelectorAll('b')).toHaveLength(0);
    expect(document.querySelector('svg')!.textContent).toContain('<b>Store</b> "1"');
  });

  test('a share without an interval is not drawn as one; its verdict stands instead', () => {
    const { document } = parseHTML(drawn('ropo'));
    const group = (label: string) => document.querySelector(`g[aria-label="${label}"]`)!;
    expect(group('link').querySelectorAll('path')).toHaveLength(1);
    expect(group('text').textContent).toContain('too few persons');
  });

  test('the orange part of a step is its corrected part', () => {
    const { document } = parseHTML(drawn('ropo-waterfall'));
    const [all, orange] = [...document.querySelectorAll('g[aria-label="bar"]')].map((bars) =>
      [...bars.querySelectorAll('rect')].map((rect) => Number(rect.getAttribute('width'))),
    );
    expect(all![1]! / all![0]!).toBeCloseTo(0.4, 6);
    expect(orange!.at(-1)! / all!.at(-1)!).toBeCloseTo(0.2 / 0.3, 6);
  });

  test('an empty answer has no picture, nor has a KPI that nobody draws', () => {
    expect(chart(answerOf('ropo', []))).toBeNull();
    expect(chart(answerOf('purchases', [{ label: 'a' }]))).toBeNull();
  });
});
