import type { FlowLink, FlowNode } from '../../charts/path-flow.ts';
import type { Figures, Row } from '../../figures.ts';
import { term } from '../../words/api-terms.ts';
import type { journeysWords } from '../../words/journeys.ts';
import type { Language } from '../../words/language.ts';
import { numberIn, textIn } from '../cells.ts';

/** How many channels have a name of their own; the others are one, so that the picture can be read. */
const NAMED = 7;
const OTHERS = '(other channels)';
const ENDS = { '(purchase)': 'bought', '(no purchase)': 'lost', '(later steps)': 'later' } as const;

interface Edge {
  from: string;
  to: string;
  value: number;
}

const isEnd = (channel: string): channel is keyof typeof ENDS => channel in ENDS;

/** The channels that most journeys pass, by name. */
function namedChannels(rows: readonly Row[]): Set<string> {
  const passing = new Map<string, number>();
  for (const row of rows) {
    const from = textIn(row, 'from_channel');
    passing.set(from, (passing.get(from) ?? 0) + (numberIn(row, 'journeys') ?? 0));
  }
  passing.delete(OTHERS);
  const largest = [...passing].sort((a, b) => b[1] - a[1]).slice(0, NAMED);
  return new Set(largest.map(([channel]) => channel));
}

/** Journeys between places: a place is a channel at a step, or one of the ends, which all steps share. */
function edgesOf(rows: readonly Row[]): Edge[] {
  const named = namedChannels(rows);
  const place = (step: number, channel: string) =>
    isEnd(channel) ? channel : `${step}|${named.has(channel) ? channel : OTHERS}`;
  const sums = new Map<string, Edge>();
  for (const row of rows) {
    const step = Number(row.step);
    const from = place(step, textIn(row, 'from_channel'));
    const to = place(step + 1, textIn(row, 'label'));
    const key = `${from}>${to}`;
    const value = (sums.get(key)?.value ?? 0) + (numberIn(row, 'journeys') ?? 0);
    sums.set(key, { from, to, value });
  }
  return [...sums.values()].filter(({ value }) => value > 0);
}

/** The rows of journey-flow as a graph to draw, in words. */
export function flowGraph(
  rows: readonly Row[],
  words: (typeof journeysWords)['en'],
  { count }: Figures,
  language: Language,
): { nodes: FlowNode[]; links: FlowLink[]; headings: string[] } {
  const edges = edgesOf(rows);
  const nameOf = (id: string) => {
    const channel = id.slice(id.indexOf('|') + 1);
    return channel === OTHERS ? words.others : term(channel, language);
  };
  const ids = [...new Set(edges.flatMap(({ from, to }) => [from, to]))];
  const through = (id: string) => {
    const sum = (its: Edge[]) => its.reduce((total, { value }) => total + value, 0);
    return Math.max(sum(edges.filter(({ from }) => from === id)), sum(edges.filter(({ to }) => to === id)));
  };
  const steps = Math.max(0, ...ids.filter((id) => !isEnd(id)).map((id) => Number(id.split('|')[0])));
  const nodes = ids.map((id): FlowNode => {
    const journeys = count(through(id), { short: true });
    const kind = isEnd(id) ? ENDS[id] : 'channel';
    const layer = isEnd(id) ? steps : Number(id.split('|')[0]) - 1;
    return {
      id,
      name: nameOf(id),
      kind,
      layer,
      end: journeys,
      tip: words.nodeTip(nameOf(id), count(through(id))),
    };
  });
  const links = edges.map(({ from, to, value }) => ({
    from,
    to,
    value,
    tip: words.flowTip(nameOf(from), nameOf(to), count(value)),
  }));
  const headings = Array.from({ length: steps }, (_, at) => words.step(at + 1));
  return { nodes, links, headings: steps === 0 ? [] : [...headings, words.end] };
}
