import { runInProcess } from './own-process.ts';
import { type BenchShop, PHASES, type PhaseName, type PhaseResult } from './phases.ts';

/** Phases of the bench, each in a process of its own. */
interface PhaseOrder {
  phase: PhaseName;
  shop: BenchShop;
}

/**
 * Runs one phase in a new process and returns what it took there.
 * @throws Error with the phase's name when it fails
 */
export const runPhase = (phase: PhaseName, shop: BenchShop): Promise<PhaseResult> =>
  runInProcess(`phase ${phase}`, new URL(import.meta.url), { phase, shop } satisfies PhaseOrder);

/** What a phase process does. */
export const answer = ({ phase, shop }: PhaseOrder): Promise<PhaseResult> => PHASES[phase](shop);
