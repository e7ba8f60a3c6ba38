/** What one phase took, measured inside its own process so that its memory is its own. */
export interface Measured {
  seconds: number;
  /** Of all threads of the process, the engine's included. */
  cpuSeconds: number;
  /** Most memory that the process ever held, in bytes. */
  peakBytes: number;
}

/** Runs a phase and measures it. The peak is that of the whole process, so one process should measure one phase. */
export async function measured<T>(run: () => Promise<T>): Promise<{ measured: Measured; result: T }> {
  const cpuBefore = process.cpuUsage();
  const started = performance.now();
  const result = await run();
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  return {
    measured: {
      seconds,
      cpuSeconds: (user + system) / 1e6,
      peakBytes: process.resourceUsage().maxRSS * 1024,
    },
    result,
  };
}
