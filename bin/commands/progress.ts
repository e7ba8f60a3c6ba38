/** A line on the terminal that keeps being rewritten; silent where nobody watches. */
export interface Progress {
  show(done: number, total: number, note?: string): void;
  end(): void;
}

const WIDTH = 24;
const EVERY_MS = 80;

export function progressBar(title: string): Progress {
  if (!process.stderr.isTTY) return { show: () => {}, end: () => {} };
  let last = 0;
  return {
    show(done, total, note = '') {
      const now = Date.now();
      if (now - last < EVERY_MS && done < total) return;
      last = now;
      const part = total > 0 ? Math.min(1, done / total) : 0;
      const filled = Math.round(part * WIDTH);
      const bar = `${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)}`;
      process.stderr.write(
        `\r\u001b[K${title} ${bar} ${String(Math.round(part * 100)).padStart(3)}% ${note}`,
      );
    },
    end: () => process.stderr.write('\r\u001b[K'),
  };
}
