import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { databaseOf } from '../../../lib/adapters/aws/athena/pointer.ts';
import type { BuildManifest } from '../../../lib/ports.ts';
import { type ShopWithApi, shopWithApi } from '../../api/shop-with-api.ts';
import {
  type AthenaEmulator,
  openDuckDbEngine,
  type SqlEngine,
  startAthena,
} from '../emulators/athena/index.ts';
import { type S3Emulator, startS3 } from '../emulators/s3.ts';

/** A small shop whose published build lies on S3 and is read through Athena; the same shop on one machine beside it. */
export interface KpiShop {
  local: ShopWithApi;
  s3: S3Emulator;
  athena: AthenaEmulator;
  /** What a function's environment must hold to find it. */
  environment: Record<string, string>;
  /** Makes the build of the shop the published one, under another name and without some of its tables. */
  publish(buildId: string, without?: RegExp): Promise<void>;
  close(): Promise<void>;
}

export async function kpiShop(): Promise<KpiShop> {
  const folder = mkdtempSync(join(tmpdir(), 'ropo-serve-'));
  const local = await shopWithApi();
  const engine: SqlEngine = await openDuckDbEngine({ folder, connections: 2 });
  const [s3, athena] = await Promise.all([
    startS3({ folder, buckets: ['lake', 'page'] }),
    startAthena({ folder, engine }),
  ]);
  const put = (key: string, value: unknown) => {
    const file = join(folder, 'lake', key);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(value));
  };
  return {
    local,
    s3,
    athena,
    environment: {
      AWS_REGION: 'eu-south-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_ENDPOINT_URL_S3: s3.url,
      AWS_ENDPOINT_URL_ATHENA: athena.url,
      ROPO_LAKE_BUCKET: 'lake',
      ROPO_WORKGROUP: 'ropo',
    },
    async publish(buildId, without = /^$/) {
      const { manifest } = (await local.published())!;
      const tables = manifest.tables.filter(({ name }) => !without.test(name));
      const database = databaseOf('ropo_raw', buildId);
      const run = (sql: string) => engine.run(sql, { database: null, parameters: [] });
      await run(`CREATE DATABASE ${database}`);
      for (const { name } of tables) {
        const file = join(local.shop.shop.directory.builds, manifest.build_id, `${name}.parquet`);
        await run(`CREATE OR REPLACE VIEW ${database}.${name} AS SELECT * FROM read_parquet('${file}')`);
      }
      const its: BuildManifest = { ...manifest, build_id: buildId, tables };
      put(`builds/${buildId}/manifest.json`, its);
      put('builds/published.json', { build_id: buildId, database });
    },
    async close() {
      await Promise.all([s3.close(), athena.close()]);
      await engine.close();
      local.remove();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
