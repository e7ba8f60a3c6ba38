import {
  CONVERSION,
  countTransitions,
  indexChain,
  NULL,
  START,
  stateName,
} from '../../domain/attribution/markov-chain.ts';
import { shapleyOrdered } from '../../domain/attribution/shapley.ts';
import type { ColumnArray } from '../../ports.ts';
import type { Fits } from './fit-models.ts';
import { hashOf, provenance } from './model-settings.ts';

const STATES: Record<number, string> = { [START]: '(start)', [CONVERSION]: '(conversion)', [NULL]: '(null)' };

/** A channel that is called like an end of the chain is quoted. */
const unlikeEnds = (name: string) => (Object.values(STATES).includes(name) ? `"${name}"` : name);

/** At order 1 and by channel, whatever order the models have: what people read. */
export function transitionColumns({ settings, fitted }: Fits): Record<string, ColumnArray> {
  const level = fitted.find(({ row }) => row.level === 'channel')?.level;
  const steps: { from: string; to: string; count: number; share: number }[] = [];
  if (level) {
    const index = indexChain(level.paths, 1);
    const counts = countTransitions(index, level.paths.conversions, level.paths.nulls);
    const leaving = new Map<number, number>();
    for (const [at, from] of index.from.entries()) leaving.set(from, (leaving.get(from) ?? 0) + counts[at]!);
    const name = (state: number) => STATES[state] ?? unlikeEnds(stateName(index, state));
    for (const [at, from] of index.from.entries()) {
      const count = counts[at]!;
      if (count > 0)
        steps.push({ from: name(from), to: name(index.to[at]!), count, share: count / leaving.get(from)! });
    }
  }
  const config = hashOf(JSON.stringify({ order: 1, level: 'channel', ...settings.shared }));
  return {
    from_state: steps.map(({ from }) => from),
    to_state: steps.map(({ to }) => to),
    transitions: Float64Array.from(steps, ({ count }) => count),
    probability: Float64Array.from(steps, ({ share }) => share),
    ...provenance(
      steps.map(() => config),
      settings.seed,
    ),
  };
}

export function positionColumns({ settings, touches, fitted }: Fits): Record<string, ColumnArray> {
  const model = fitted.find(({ row }) => row.basis === 'shapley' && row.level === 'channel');
  const rows: { channel: string; position: number; conversions: number }[] = [];
  if (model) {
    const { positions, values } = shapleyOrdered(model.level.paths, model.level.paths.conversions);
    for (const [at, conversions] of values.entries()) {
      if (conversions === 0) continue;
      const channel = touches.channels[model.level.channelOf[Math.floor(at / positions)]!]!;
      rows.push({ channel, position: (at % positions) + 1, conversions });
    }
  }
  return {
    channel: rows.map(({ channel }) => channel),
    position: Int32Array.from(rows, ({ position }) => position),
    conversions: Float64Array.from(rows, ({ conversions }) => conversions),
    ...provenance(
      rows.map(() => model!.row.configHash),
      settings.seed,
    ),
  };
}
