import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { TRINO_VERSION, trinoJars } from './trino-jars.ts';

/** The oldest Java that this Trino starts on. */
const JAVA_NEEDED = 25;

/** It takes 15 s on two quiet cores. */
const START_MS = 10 * 60_000;

/** The home of a Java that is new enough. ROPO_TRINO_JAVA names one that is not found by itself. */
function javaHome(): string {
  const root = '/usr/lib/jvm';
  const homes = [
    process.env.ROPO_TRINO_JAVA,
    process.env.JAVA_HOME,
    ...(existsSync(root) ? readdirSync(root).map((name) => join(root, name)) : []),
  ];
  const seen: string[] = [];
  for (const home of homes) {
    if (!home || !existsSync(join(home, 'bin', 'java'))) continue;
    const version = javaVersion(home);
    const isWhole = existsSync(join(home, 'bin', 'javac'));
    if (version >= JAVA_NEEDED && isWhole) return home;
    seen.push(`${home} is ${version}${isWhole ? '' : ' without a compiler'}`);
  }
  throw new Error(
    `Trino ${TRINO_VERSION} needs a JDK of version ${JAVA_NEEDED} or newer; found ${seen.join(', ') || 'none'}. Install one (on Debian and Ubuntu: openjdk-${JAVA_NEEDED}-jdk-headless or temurin-${JAVA_NEEDED}-jdk) or name its folder in ROPO_TRINO_JAVA`,
  );
}

function javaVersion(home: string): number {
  const release = join(home, 'release');
  if (!existsSync(release)) return 0;
  return Number(/JAVA_VERSION="(\d+)/.exec(readFileSync(release, 'utf8'))?.[1] ?? 0);
}

export interface TrinoProcess {
  /** Where its REST protocol is. */
  url: string;
  /** Has it serve a folder of files, and forget the one before. One at a time. */
  serve(folder: string): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts a server. It ends with `close`, and when this process ends.
 * @param say told what takes time
 * @throws Error when there is no Java that fits, no Maven, or when the server does not start: with the end of its log
 */
export async function startTrinoProcess(say: (what: string) => void): Promise<TrinoProcess> {
  const home = javaHome();
  const jars = await trinoJars(home, say);
  const child = spawn(
    join(home, 'bin', 'java'),
    [
      `-Xmx${process.env.ROPO_TRINO_MEMORY ?? '3g'}`,
      // Tables are small and statements many: the time goes into planning them, by code that is never run often enough for
      // the second compiler to pay.
      '-XX:TieredStopAtLevel=1',
      '-XX:+UseSerialGC',
      '--add-modules=jdk.incubator.vector',
      '--add-opens=java.base/java.nio=ALL-UNNAMED',
      '--sun-misc-unsafe-memory-access=allow',
      '-Dfile.encoding=UTF-8',
      '-Duser.timezone=UTC',
      '-cp',
      join(jars, '*'),
      fileURLToPath(new URL('./Launcher.java', import.meta.url)),
    ],
    { stdio: ['pipe', 'pipe', 'pipe'] },
  );
  const log: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => {
    log.push(line);
    if (log.length > 60) log.shift();
  });
  const said = new Map<string, (rest: string) => void>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    const [word = '', rest = ''] = line.split(/ (.*)/s);
    said.get(word)?.(rest);
  });
  let isStopping = false;
  const ended = new Promise<void>((resolve) => {
    child.once('close', (code, signal) => {
      if (!isStopping) say(`Trino ended by itself (${signal ?? code}):\n${log.join('\n')}`);
      resolve();
    });
  });
  // Writing to a server that has ended is told by its end.
  child.stdin.on('error', () => {});

  const heard = (word: string, what: string) =>
    new Promise<string>((resolve, reject) => {
      const fail = (why: string) => reject(new Error(`Trino ${what} ${why}:\n${log.join('\n')}`));
      const timer = setTimeout(() => fail(`within ${START_MS / 60_000} minutes`), START_MS);
      timer.unref();
      said.set(word, (rest) => {
        clearTimeout(timer);
        resolve(rest);
      });
      child.once('error', reject);
      void ended.then(() => fail('and ended'));
    });
  try {
    const url = await heard('ready', 'did not start');
    return {
      url,
      async serve(folder) {
        const done = heard('serves', `does not serve ${folder}`);
        child.stdin.write(`${folder}\n`);
        await done;
      },
      async close() {
        isStopping = true;
        await stop(child, ended);
      },
    };
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
}

async function stop(child: ChildProcess, ended: Promise<void>): Promise<void> {
  child.stdin?.end();
  const timer = setTimeout(() => child.kill('SIGKILL'), 30_000);
  await ended;
  clearTimeout(timer);
}
