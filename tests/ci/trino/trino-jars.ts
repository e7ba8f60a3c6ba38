import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const POM = fileURLToPath(new URL('./pom.xml', import.meta.url));

/**
 * The Trino that the tests run. Athena engine version 3 is made of Trino; AWS does not say of which release, and takes
 * changes over as they come. 483 is the newest release whose jars all come from Maven Central and that ran here. It is the
 * whole server in one process (`TestingTrinoServer`), with the connectors for Iceberg and for Parquet files: the two
 * kinds of table that the Athena adapter makes.
 */
export const TRINO_VERSION = /<trino\.version>(\d+)</.exec(readFileSync(POM, 'utf8'))![1]!;

/** They are almost 500 files, of which one that stalls fails the whole: what came is kept, and the next try goes on. */
const TRIES = 6;
const TRY_MS = 15 * 60_000;
const REST_MS = 10_000;

/** Maven waits half an hour for a byte, and tries once, unless told. */
const PATIENCE = [
  '-Dmaven.wagon.rto=60000',
  '-Dmaven.wagon.http.retryHandler.count=5',
  '-Dmaven.wagon.http.serviceUnavailableRetryStrategy.class=standard',
  '-Dmaven.wagon.httpconnectionManager.ttlSeconds=30',
  '-Daether.connector.requestTimeout=60000',
  '-Daether.connector.http.retryHandler.count=5',
];

/**
 * The folder with Trino's jars: fetched once by Maven, then kept for later runs. ROPO_TRINO_JARS names another.
 * @param java home of the Java that Maven runs on
 * @param say told of each try that failed
 * @throws Error where there is no Maven, or the jars could not be fetched, with Maven's own words
 */
export async function trinoJars(java: string, say: (what: string) => void): Promise<string> {
  const folder =
    process.env.ROPO_TRINO_JARS ?? join(tmpdir(), `ropo-trino-${TRINO_VERSION}-${userInfo().username}`);
  const whole = join(folder, `complete-${TRINO_VERSION}`);
  if (existsSync(whole)) return folder;
  mkdirSync(folder, { recursive: true });
  for (let attempt = 1; ; attempt++) {
    const failure = await fetchInto(folder, java);
    if (failure === null) break;
    const message = `Maven could not fetch Trino ${TRINO_VERSION} into ${folder}, try ${attempt} of ${TRIES}: ${failure}`;
    if (attempt === TRIES) throw new Error(message);
    say(message);
    await new Promise((resolve) => setTimeout(resolve, REST_MS * attempt));
  }
  writeFileSync(whole, '');
  return folder;
}

/** What Maven says where it fails; null when all is there. */
async function fetchInto(folder: string, java: string): Promise<string | null> {
  // -U: a file that could not be had a moment ago is asked for again.
  const goal = ['dependency:copy-dependencies', `-DoutputDirectory=${folder}`];
  const given = ['--batch-mode', '--quiet', '-U', '--file', POM, ...PATIENCE, ...goal];
  try {
    await promisify(execFile)('mvn', given, {
      env: { ...process.env, JAVA_HOME: java },
      timeout: TRY_MS,
      maxBuffer: 64 * 1_048_576,
    });
    return null;
  } catch (error) {
    const { code, killed, stdout = '' } = error as { code?: unknown; killed?: boolean; stdout?: string };
    if (code === 'ENOENT') throw new Error('Maven fetches Trino and is not there: install the package maven');
    return killed ? `it took longer than ${TRY_MS / 60_000} minutes` : stdout.slice(0, 2000);
  }
}
