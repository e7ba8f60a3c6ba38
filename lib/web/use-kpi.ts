import { useEffect, useState } from 'preact/hooks';
import type { KpiAnswer } from '../pipeline/kpi-answer.ts';
import { useAddress } from './address.ts';
import {
  addressOf,
  answered,
  generation,
  type Problem,
  ProblemError,
  type Question,
  wantAnswer,
} from './ask.ts';
import type { Row } from './figures.ts';
import { useCurrency, useModel, usePeriod, useShop } from './shop.ts';
import { useStore } from './store.ts';

/** How a question differs from what the filters of the page say. */
export interface Wish {
  by?: string;
  /** A model of its own; null for rows of all models. Otherwise that of the page. */
  model?: string | null;
  /** A period of its own; null for all time. */
  period?: { from?: string; to?: string } | null;
  /** Whether each row has "<measure>_before"; true unless said. */
  compare?: boolean;
  /** Filters of its own: they come before those of the page; null takes one of the page out. */
  filters?: Readonly<Record<string, string | null>>;
  limit?: number;
  offset?: number;
}

/** What became of a question. */
export interface Asked {
  state: 'loading' | 'ready' | 'empty' | 'partial' | 'stale' | 'error';
  /** The answer; the last one while the next is loading or cannot be had. */
  answer: KpiAnswer | null;
  /** Its rows in the currency of the page, and those without a currency. */
  rows: readonly Row[];
  problem: Problem | null;
  question: Question;
  /** Filters that are set on the page and that this KPI does not have. */
  leftOut: readonly string[];
  retry(): void;
}

/** Filters of the page that narrow rows down; each is a part of the address by the same name. */
export const ROW_FILTERS = [
  'channel',
  'campaign',
  'store',
  'region',
  'category',
  'device',
  'persona',
  'customer_type',
] as const;

/** Takes all filters of the page out of a question. */
export const NO_FILTERS: Readonly<Record<string, null>> = Object.fromEntries(
  ROW_FILTERS.map((name) => [name, null]),
);

/** What of the page's filters a KPI takes is asked for; what it does not take is said in `leftOut`. */
function useQuestion(name: string, wish: Wish): { question: Question; leftOut: string[] } {
  const address = useAddress();
  const { catalogue } = useShop();
  const period = usePeriod();
  const model = useModel();
  const kpi = catalogue.get(name);
  const filters: Record<string, string> = {};
  const leftOut: string[] = [];
  for (const filter of ROW_FILTERS) {
    const value = wish.filters && filter in wish.filters ? null : address[filter];
    if (wish.filters === NO_FILTERS && address[filter] != null) leftOut.push(filter);
    if (value == null) continue;
    const own = kpi?.filters?.find((one) => one.name === filter);
    if (own && (own.values === null || own.values.includes(value))) filters[filter] = value;
    else leftOut.push(filter);
  }
  for (const [filter, value] of Object.entries(wish.filters ?? {}))
    if (value !== null) filters[filter] = value;
  const { from, to } = wish.period === undefined ? period : (wish.period ?? {});
  const hasPeriod = kpi?.has_period === true;
  const isOfAllTime =
    wish.period === undefined
      ? !hasPeriod && (from ?? to) !== undefined
      : wish.filters === NO_FILTERS && (period.from ?? period.to) !== undefined;
  if (isOfAllTime) leftOut.unshift('period');
  const compare = address.compare ?? 'previous_period';
  const comparable = hasPeriod && from !== undefined && to !== undefined && wish.compare !== false;
  return {
    question: {
      kpi: name,
      by: wish.by,
      ...(hasPeriod ? { from, to } : {}),
      ...(kpi?.has_model ? { model: wish.model === undefined ? model : (wish.model ?? undefined) } : {}),
      ...(comparable && compare !== 'none' ? { compare } : {}),
      filters,
      limit: wish.limit,
      offset: wish.offset,
    },
    leftOut,
  };
}

/** Asks for a KPI with the filters of the page, and again whenever they change. */
export function useKpi(name: string, wish: Wish = {}): Asked {
  const { catalogue, lastDay } = useShop();
  const { question, leftOut } = useQuestion(name, wish);
  const currency = useCurrency();
  const times = useStore(generation);
  const [attempt, setAttempt] = useState(0);
  const [held, setHeld] = useState<{ path: string; answer: KpiAnswer } | null>(null);
  const [failed, setFailed] = useState<{ path: string; problem: Problem } | null>(null);
  const path = addressOf(question);
  const isKnown = catalogue.has(name);

  useEffect(() => {
    if (!isKnown) return;
    const known = answered(path);
    if (known) {
      setHeld({ path, answer: known });
      setFailed(null);
      return;
    }
    const wanted = wantAnswer(path);
    let isOver = false;
    wanted.answer.then(
      (answer) => {
        if (isOver) return;
        setHeld({ path, answer });
        setFailed(null);
      },
      (error: unknown) => {
        if (isOver) return;
        const problem = error instanceof ProblemError ? error.problem : { title: String(error), status: 0 };
        setFailed({ path, problem });
      },
    );
    return () => {
      isOver = true;
      wanted.leave();
    };
  }, [path, isKnown, times, attempt]);

  const known = answered(path);
  const answer = known ?? held?.answer ?? null;
  const isCurrent = known !== undefined || held?.path === path;
  const problem = isKnown ? (failed?.path === path ? failed.problem : null) : { title: '', status: 404 };
  return {
    state: stateOf(answer, isCurrent, problem, lastDay),
    answer,
    rows:
      answer === null ? [] : answer.rows.filter((row) => row.currency == null || row.currency === currency),
    problem,
    question,
    leftOut,
    retry: () => {
      setFailed(null);
      setAttempt(attempt + 1);
    },
  };
}

function stateOf(
  answer: KpiAnswer | null,
  isCurrent: boolean,
  problem: Problem | null,
  lastDay: string | null,
): Asked['state'] {
  if (problem !== null) return answer === null ? 'error' : 'stale';
  if (answer === null || !isCurrent) return 'loading';
  if (answer.rows.length === 0) return 'empty';
  const isCut = answer.period?.to != null && lastDay !== null && answer.period.to > lastDay;
  return isCut || answer.suppressed_rows > 0 ? 'partial' : 'ready';
}
