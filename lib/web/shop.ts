import { useEffect } from 'preact/hooks';
import type { KpiGuide } from '../domain/kpi-guide.ts';
import type { Choices } from '../pipeline/choices.ts';
import type { KpiAnswer } from '../pipeline/kpi-answer.ts';
import { useAddress } from './address.ts';
import { addressOf, answered, askJson, generation, type Problem, ProblemError, wantAnswer } from './ask.ts';
import { type Period, periodOf } from './period.ts';
import { createStore, useStore } from './store.ts';

/** What every view knows of the shop. */
export interface Shop {
  catalogue: ReadonlyMap<string, KpiGuide>;
  /** What filters can be set to, and the last day. */
  choices: Choices;
  /** Names of the attribution models, the usual one first. */
  models: readonly string[];
  /** Purchases of all time, by currency; its envelope says how fresh and how sure all is. */
  facts: KpiAnswer;
  /** Last day that the data cover; null for an empty shop. */
  lastDay: string | null;
  /** Currencies with sales, the largest first. */
  currencies: readonly string[];
}

export const shop = createStore<Shop | null>(null);
export const shopProblem = createStore<Problem | null>(null);

/** Data-driven and exact; rules are there to compare with. */
const USUAL_MODEL = 'markov';

const answerTo = (kpi: string, by: string) => {
  const path = addressOf({ kpi, by });
  const known = answered(path);
  return known ? Promise.resolve(known) : wantAnswer(path).answer;
};

async function load(): Promise<void> {
  try {
    const [kpis, choices, facts] = await Promise.all([
      askJson<readonly KpiGuide[]>('/v1/kpis'),
      askJson<Choices>('/v1/choices'),
      answerTo('purchases', 'month'),
    ]);
    const sold = new Map<string, number>();
    for (const { currency, sold: amount } of facts.rows)
      if (currency != null) sold.set(String(currency), (sold.get(String(currency)) ?? 0) + Number(amount));
    shop.set({
      catalogue: new Map(kpis.map((kpi) => [kpi.name, kpi])),
      choices,
      models: choices.models.toSorted((a, b) => Number(b === USUAL_MODEL) - Number(a === USUAL_MODEL)),
      facts,
      lastDay: facts.data_complete_through ?? choices.last_day ?? lastDayOf(facts),
      currencies: [...sold.keys()].toSorted((a, b) => sold.get(b)! - sold.get(a)!),
    });
    shopProblem.set(null);
  } catch (error) {
    if (error instanceof ProblemError) shopProblem.set(error.problem);
    else if (!(error instanceof DOMException)) throw error;
  }
}

/** Last day of the last month with purchases, for builds that do not say through when they are complete. */
function lastDayOf(facts: KpiAnswer): string | null {
  const last = facts.rows
    .map((row) => String(row.label))
    .filter((label) => /^\d{4}-\d{2}/.test(label))
    .toSorted()
    .at(-1);
  if (last === undefined) return null;
  const [year, month] = last.split('-').map(Number);
  return new Date(Date.UTC(year!, month!, 0)).toISOString().slice(0, 10);
}

/** Loads what is known of the shop, again for each new build. */
export function useShopLoading(): void {
  const times = useStore(generation);
  useEffect(() => void load(), [times]);
}

/** Known wherever a view is drawn. */
export function useShop(): Shop {
  const known = useStore(shop);
  if (known === null) throw new Error('Views are drawn once the shop is known');
  return known;
}

export function usePeriod(): Period {
  const { lastDay, facts } = useShop();
  return periodOf(useAddress(), lastDay, facts.audience === 'outside');
}

/** The model of the address where the shop has it, else the usual one. */
export function useModel(): string | undefined {
  const { models } = useShop();
  const { model } = useAddress();
  return models.find((one) => one === model) ?? models[0];
}

/** The currency whose figures are shown: they never mix. */
export function useCurrency(): string | undefined {
  const { currencies } = useShop();
  const { currency } = useAddress();
  return currencies.find((one) => one === currency) ?? currencies[0];
}
