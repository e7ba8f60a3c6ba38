import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { PAGE_QUESTIONS, type PageQuestion } from '../../lib/api/preparing/page-questions.ts';

const web = fileURLToPath(new URL('../../lib/web', import.meta.url));

/** A question in the page's code: what is written out there; null for what is only known when the page runs. */
interface WrittenQuestion {
  kpi: string;
  by: string | null | undefined;
  limit: number | undefined;
  filters: Record<string, string | null>;
  everyModel: boolean;
  allTime: boolean;
  alone: boolean;
}

/** Every call of useKpi in the page's code. */
function writtenQuestions(): WrittenQuestion[] {
  const files = readdirSync(web, { recursive: true, encoding: 'utf8' });
  return files
    .filter((name) => /\.tsx?$/.test(name) && name !== 'use-kpi.ts')
    .map((name) => readFileSync(join(web, name), 'utf8'))
    .flatMap((text) => Array.from(text.matchAll(/\buseKpi\(/g), ({ index }) => written(callAt(text, index))));
}

/** What stands between the parentheses of a call. */
function callAt(text: string, at: number): string {
  const begin = text.indexOf('(', at) + 1;
  let end = begin;
  for (let open = 1; open > 0; end++) {
    if (text[end] === '(') open += 1;
    if (text[end] === ')') open -= 1;
  }
  return text.slice(begin, end - 1);
}

function written(call: string): WrittenQuestion {
  const kpi = /^\s*'([^']+)'/.exec(call)?.[1];
  if (kpi === undefined) throw new Error(`useKpi(${call}) does not name its KPI`);
  const filters = /\bfilters: \{([^}]*)\}/.exec(call)?.[1] ?? '';
  const wish = call.replace(/\bfilters: \{[^}]*\}/, '');
  const limit = /\blimit: ([\d_]+)/.exec(wish)?.[1];
  return {
    kpi,
    by: /\bby: '([^']*)'/.exec(wish)?.[1] ?? (/\bby\b/.test(wish) ? null : undefined),
    limit: limit === undefined ? undefined : Number(limit.replaceAll('_', '')),
    filters: Object.fromEntries(
      Array.from(
        filters.matchAll(/(\w+)(?:: ([^,]+))?/g),
        ([, name, value]) => [name!, value?.trim()] as const,
      )
        // What takes a filter of the page out does not ask by it.
        .filter(([, value]) => value !== 'null')
        .map(([name, value]) => [name, /^'(.*)'$/.exec(value ?? '')?.[1] ?? null]),
    ),
    everyModel: /\bmodel: null/.test(wish),
    allTime: /\bperiod: null/.test(wish),
    alone: /\bcompare: false/.test(wish),
  };
}

const fits = <Value>(inCode: Value | null | undefined, listed: Value | undefined) =>
  inCode === null ? listed !== undefined : inCode === listed;

const isSame = (code: WrittenQuestion, one: PageQuestion) =>
  code.kpi === one.kpi &&
  fits(code.by, one.by) &&
  fits(code.limit, one.limit) &&
  code.everyModel === (one.everyModel ?? false) &&
  code.allTime === (one.allTime ?? false) &&
  code.alone === (one.alone ?? false) &&
  Object.keys(code.filters).length === Object.keys(one.filters ?? {}).length &&
  Object.entries(code.filters).every(([name, value]) => fits(value, one.filters?.[name]));

/** What the page asks before it draws a view. */
const BEFORE_VIEWS = { kpi: 'purchases', by: 'month', allTime: true };

describe('the questions that a build is prepared with', () => {
  const inCode = writtenQuestions();

  test('are all that the views of the page ask', () => {
    expect(inCode.length).toBeGreaterThan(40);
    const forgotten = inCode.filter((code) => !PAGE_QUESTIONS.some((one) => isSame(code, one)));
    expect(forgotten).toEqual([]);
    expect(PAGE_QUESTIONS).toContainEqual(BEFORE_VIEWS);
    expect(readFileSync(join(web, 'shop.ts'), 'utf8')).toContain("answerTo('purchases', 'month')");
  });

  test('are nothing else', () => {
    const idle = PAGE_QUESTIONS.filter((one) => !inCode.some((code) => isSame(code, one)));
    expect(idle).toEqual([BEFORE_VIEWS]);
    const texts = PAGE_QUESTIONS.map((one) => JSON.stringify(one));
    expect(new Set(texts).size).toBe(texts.length);
  });
});
