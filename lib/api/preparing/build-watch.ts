import type { Published } from '../../pipeline/kpi-question.ts';

/** Makes the answers of a build that readers are going to want, one after the other. */
export type Preparation = (build: Published) => AsyncIterable<Prepared>;

/** What became of one answer: bytes that keeping it takes, or null where it could not be made. */
export type Prepared = number | null;

export interface WatchLimits {
  /** How long readers see the build before while the next is prepared, in milliseconds. */
  hold: number;
  /** How long a build is prepared at all. */
  longest: number;
  /** Bytes of answers after which nothing more is prepared. */
  bytes: number;
}

/** A page is some fifty questions, each some hundredths of a second at ten million touchpoints. */
export const WATCH_LIMITS: WatchLimits = { hold: 10_000, longest: 60_000, bytes: 32 * 1_048_576 };

/** The published builds as readers see them: each prepared before they are turned to it. */
export interface BuildWatch {
  /** The build that readers see, or null before the first. */
  published(): Promise<Published | null>;
  /** Looks for a new build, and turns readers to it once it is prepared, or has been for as long as they are held. */
  look(): Promise<void>;
  /** Who prepares builds from now on. */
  preparesWith(preparation: Preparation): void;
  /** Prepares nothing more; resolves when what was under way is done. */
  end(): Promise<void>;
}

export interface WatchOptions {
  /** Gives the build that was published last, or null before the first. */
  newest: () => Promise<Published | null>;
  /** Takes one line about each build that was prepared, and about one that cannot be opened. */
  log: (line: string) => void;
  limits?: Partial<WatchLimits>;
}

/**
 * Follows what is published. The first build is shown at once, and prepared while it is read. Before another is shown it
 * is prepared: until then readers have the one before, so that nobody waits for a build's first answers.
 */
export function watchBuilds({ newest, log, limits }: WatchOptions): BuildWatch {
  const { hold, longest, bytes: most } = { ...WATCH_LIMITS, ...limits };
  let preparation: Preparation | null = null;
  let shown: Published | null = null;
  /** The one that was seen last: shown, or prepared to be. */
  let latest: Published | null = null;
  let looking: Promise<void> | null = null;
  let preparing: Promise<void> = Promise.resolve();
  let isOver = false;
  let refused = '';

  const prepare = async (build: Published) => {
    const begin = performance.now();
    const taken = () => performance.now() - begin;
    let [answers, bytes, failed] = [0, 0, 0];
    for await (const one of preparation?.(build) ?? []) {
      if (one === null) failed += 1;
      else answers += 1;
      bytes += one ?? 0;
      if (isOver || latest !== build || taken() > longest || bytes > most) break;
    }
    if (isOver || answers + failed === 0) return;
    const failures = failed === 0 ? '' : `, ${failed} failed`;
    log(
      `Build ${idOf(build)}: ${answers} answers made before they are asked for, ${(bytes / 1e6).toFixed(1)} MB in ${(taken() / 1000).toFixed(1)} s${failures}`,
    );
  };

  const follow = async () => {
    const build = await newest();
    if (build === null || isOver || idOf(build) === idOf(latest)) return;
    latest = build;
    shown ??= build;
    const before = preparing;
    preparing = (async () => {
      await before;
      await prepare(build).catch((error: Error) =>
        log(`Build ${idOf(build)} is not prepared: ${error.name}`),
      );
    })();
    if (shown !== build) await atMost(hold, preparing);
    if (latest === build) shown = build;
  };
  const lookOnce = () => {
    looking ??= follow().finally(() => {
      looking = null;
    });
    return looking;
  };

  return {
    async published() {
      if (shown === null) await lookOnce();
      return shown;
    },
    async look() {
      try {
        await lookOnce();
        refused = '';
      } catch (error) {
        // Readers keep the build that they have; the same is said once.
        const line = `The published build cannot be opened: ${(error as Error).name}`;
        if (line !== refused) log(line);
        refused = line;
      }
    },
    preparesWith(its) {
      preparation = its;
    },
    async end() {
      isOver = true;
      await looking?.catch(() => {});
      await preparing;
    },
  };
}

const idOf = (build: Published | null) => build?.manifest.build_id;

/** Waits for something, but no longer than some milliseconds. */
async function atMost(ms: number, something: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const long = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([something, long]);
  clearTimeout(timer);
}
