import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/**
 * The Trino that the tests run. Athena engine version 3 is made of Trino; AWS does not say of which release, and takes
 * changes over as they come. 483 is the newest release whose jars all come from Maven Central and that ran here. It is the
 * whole server in one process (`TestingTrinoServer`), with the connectors for Iceberg and for Parquet files: the two
 * kinds of table that the Athena adapter makes.
 */
export const TRINO_VERSION = /<trino\.version>(\d+)</.exec(
  readFileSync(new URL('./pom.xml', import.meta.url), 'utf8'),
)![1]!;

/** The oldest Java that this Trino starts on. */
const JAVA_NEEDED = 25;

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));

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
    if (version >= JAVA_NEEDED && existsSync(join(home, 'bin', 'javac'))) return home;
    seen.push(`${home} is ${version}`);
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

/** The folder with Trino's jars: fetched once by Maven, then kept for later runs. ROPO_TRINO_JARS names another. */
function jars(java: string): string {
  const folder =
    process.env.ROPO_TRINO_JARS ?? join(tmpdir(), `ropo-trino-${TRINO_VERSION}-${userInfo().username}`);
  const whole = join(folder, `complete-${TRINO_VERSION}`);
  if (existsSync(whole)) return folder;
  mkdirSync(folder, { recursive: true });
  try {
    execFileSync(
      'mvn',
      [
        '--batch-mode',
        '--quiet',
        '--file',
        here('./pom.xml'),
        'dependency:copy-dependencies',
        `-DoutputDirectory=${folder}`,
      ],
      { env: { ...process.env, JAVA_HOME: java }, stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' },
    );
  } catch (error) {
    const { code, stdout } = error as { code?: string; stdout?: string };
    throw new Error(
      code === 'ENOENT'
        ? 'Maven fetches Trino and is not there: install the package maven'
        : `Maven could not fetch Trino ${TRINO_VERSION} into ${folder}: ${(stdout ?? '').slice(0, 2000)}`,
    );
  }
  writeFileSync(whole, '');
  return folder;
}

export interface TrinoProcess {
  url: string;
  close(): Promise<void>;
}

/**
 * Starts a server over a folder. It ends with `close`, and when this process ends.
 * @throws Error when there is no Java that fits, no Maven, or when the server does not start: with the end of its log
 */
export async function startTrinoProcess(folder: string): Promise<TrinoProcess> {
  const home = javaHome();
  const child = spawn(
    join(home, 'bin', 'java'),
    [
      `-Xmx${process.env.ROPO_TRINO_MEMORY ?? '3g'}`,
      '--add-modules=jdk.incubator.vector',
      '--add-opens=java.base/java.nio=ALL-UNNAMED',
      '--sun-misc-unsafe-memory-access=allow',
      '-Dfile.encoding=UTF-8',
      '-Duser.timezone=UTC',
      '-cp',
      join(jars(home), '*'),
      here('./Launcher.java'),
      folder,
    ],
    { stdio: ['pipe', 'pipe', 'pipe'] },
  );
  const log: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => {
    log.push(line);
    if (log.length > 60) log.shift();
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.startsWith('ready ')) resolve(line.slice('ready '.length));
    });
    child.once('error', reject);
    void ended.then(() => reject(new Error(`Trino did not start:\n${log.join('\n')}`)));
  });
  return { url, close: () => stop(child, ended) };
}

async function stop(child: ChildProcess, ended: Promise<void>): Promise<void> {
  child.stdin?.end();
  await ended;
}
