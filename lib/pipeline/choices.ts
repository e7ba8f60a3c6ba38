import { factsOf } from './build-facts.ts';
import type { Published } from './kpi-question.ts';

/** One thing that can be asked about: the value to ask with, and its name for people. */
export interface Choice {
  value: string;
  title: string;
}

/** What questions about a build can be asked about: what a page offers to choose from. */
export interface Choices {
  models: string[];
  channels: Choice[];
  stores: Choice[];
  regions: Choice[];
  categories: Choice[];
  devices: Choice[];
  personas: Choice[];
  currencies: Choice[];
  /** First and last day with a purchase, a session or spend, as 2025-03-31; null where there is none. */
  first_day: string | null;
  last_day: string | null;
  zone: string;
  data_label: string | null;
}

/** Reads what there is to choose from; of a build from before there was such a table, only models and zone. */
export async function choicesOf(published: Published): Promise<Choices> {
  const facts = await factsOf(published);
  const rows = published.manifest.tables.some(({ name }) => name === 'choices')
    ? await published.query('SELECT subject, value, title FROM choices ORDER BY subject, title, value')
    : [];
  const of = (subject: string): Choice[] =>
    rows
      .filter((row) => row.subject === subject)
      .map(({ value, title }) => ({ value: String(value), title: String(title) }));
  const day = (value: string) => of('day').find((one) => one.value === value)?.title ?? null;
  return {
    models: [...facts.models.keys()],
    channels: of('channel'),
    stores: of('store'),
    regions: of('region'),
    categories: of('category'),
    devices: of('device'),
    personas: of('persona'),
    currencies: of('currency'),
    first_day: day('first'),
    last_day: day('last'),
    zone: facts.zone,
    data_label: facts.dataLabel,
  };
}
