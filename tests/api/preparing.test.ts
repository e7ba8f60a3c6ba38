import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createApi } from '../../lib/api/app.ts';
import { watchBuilds } from '../../lib/api/preparing/build-watch.ts';
import { pageAddresses, pageShopOf } from '../../lib/api/preparing/page-questions.ts';
import type { RoleName } from '../../lib/api/roles.ts';
import type { KpiAnswer } from '../../lib/pipeline/kpi-answer.ts';
import type { Published } from '../../lib/pipeline/kpi-question.ts';
import { type ShopWithApi, shopWithApi } from './shop-with-api.ts';

const build = (build_id: string) =>
  ({
    manifest: { build_id, built_at: '', settings_hash: '', tables: [] },
    query: async () => [],
  }) as Published;

/** However busy the machine is, preparing comes to its end. */
const PATIENT = { hold: 3_600_000, longest: 3_600_000 };

/** Something that is said when it is. */
function later<Value>() {
  let done!: (value: Value) => void;
  const promise = new Promise<Value>((resolve) => {
    done = resolve;
  });
  return { promise, done };
}

/** A preparation that makes an answer each time it is told to. */
function stepwise() {
  const begun: string[] = [];
  let next: ((bytes: number | null | 'all') => void) | null = null;
  async function* preparation({ manifest }: Published) {
    begun.push(manifest.build_id);
    for (;;) {
      const bytes = await new Promise<number | null | 'all'>((resolve) => {
        next = resolve;
      });
      if (bytes === 'all') return;
      yield bytes;
    }
  }
  const give = async (bytes: number | null | 'all') => {
    await vi.waitFor(() => expect(next).not.toBeNull(), { timeout: 60_000 });
    const told = next!;
    next = null;
    told(bytes);
  };
  return { begun, preparation, give };
}

describe('a build that was published', () => {
  const idOf = (its: Published | null) => its?.manifest.build_id;
  const watched = (limits = {}) => {
    const its = { newest: null as Published | null, lines: [] as string[] };
    const watch = watchBuilds({
      newest: async () => its.newest,
      log: (line) => its.lines.push(line),
      limits,
    });
    const steps = stepwise();
    watch.preparesWith(steps.preparation);
    return { its, watch, ...steps };
  };

  test('is shown at once where there was none, and prepared while it is read', async () => {
    const { its, watch, begun, give } = watched();
    expect(await watch.published()).toBeNull();
    its.newest = build('b1');
    expect(idOf(await watch.published())).toBe('b1');
    await give(2_000_000);
    await give(null);
    await give('all');
    await vi.waitFor(() => expect(its.lines).toHaveLength(1), { timeout: 60_000 });
    expect(its.lines[0]).toMatch(
      /^Build b1: 1 answers made before they are asked for, 2\.0 MB in \d+\.\d s, 1 failed$/,
    );
    expect(begun).toEqual(['b1']);
  });

  test('is shown when it is prepared, and not before', async () => {
    const { its, watch, give } = watched();
    its.newest = build('b1');
    await watch.published();
    await give('all');
    its.newest = build('b2');
    const looking = watch.look();
    await give(1);
    expect(idOf(await watch.published())).toBe('b1');
    await give('all');
    await looking;
    expect(idOf(await watch.published())).toBe('b2');
  });

  test('is shown unprepared where preparing takes longer than readers are held, and preparing goes on', async () => {
    const { its, watch, give } = watched({ hold: 1 });
    its.newest = build('b1');
    await watch.published();
    await give('all');
    its.newest = build('b2');
    await watch.look();
    expect(idOf(await watch.published())).toBe('b2');
    await give(5);
    await give('all');
    await vi.waitFor(() => expect(its.lines).toHaveLength(1), { timeout: 60_000 });
  });

  test('is not prepared any more when a newer one is there, at its end, or with too many bytes', async () => {
    const { its, watch, begun, give } = watched({ hold: 1, bytes: 10 });
    its.newest = build('b1');
    await watch.published();
    its.newest = build('b2');
    await watch.look();
    await give(1);
    await vi.waitFor(() => expect(begun).toEqual(['b1', 'b2']), { timeout: 60_000 });
    await give(6);
    await give(6);
    its.newest = build('b3');
    await watch.look();
    await vi.waitFor(() => expect(begun).toEqual(['b1', 'b2', 'b3']), { timeout: 60_000 });
    const ended = watch.end();
    await give(1);
    await ended;
    expect(its.lines.map((line) => line.slice(0, 21))).toEqual([
      'Build b1: 1 answers m',
      'Build b2: 2 answers m',
    ]);
  });

  test('that cannot be opened leaves readers the one before, and is said once', async () => {
    const lines: string[] = [];
    let newest: () => Promise<Published | null> = async () => build('b1');
    const watch = watchBuilds({ newest: () => newest(), log: (line) => lines.push(line) });
    await watch.published();
    newest = async () => Promise.reject(new RangeError('/secret/path is damaged'));
    await watch.look();
    await watch.look();
    expect(idOf(await watch.published())).toBe('b1');
    expect(lines).toEqual(['The published build cannot be opened: RangeError']);
  });
});

describe('the answers of the page', () => {
  let its: ShopWithApi;
  beforeAll(async () => {
    its = await shopWithApi();
  });
  afterAll(() => its.remove());

  /** The API over the shop's build, with what its engine was asked. */
  const prepared = async (roles: RoleName[]) => {
    const real = (await its.published())!;
    const asked: string[] = [];
    const counted: Published = {
      manifest: real.manifest,
      query: (select, parameters) => {
        asked.push(select);
        return real.query(select, parameters);
      },
    };
    const { promise: said, done: log } = later<string>();
    const watch = watchBuilds({ newest: async () => counted, log, limits: PATIENT });
    const api = createApi({ published: watch.published, prepares: { watch, roles: () => roles } });
    await watch.look();
    return { api, asked, line: await said, real };
  };

  test('are there before it asks, and are what an API that prepares nothing answers', async () => {
    const { api, asked, line, real } = await prepared(['manager']);
    const addresses = pageAddresses(await pageShopOf(real), 'manager');
    expect(line).toContain(`${addresses.length} answers made`);
    expect(line).not.toContain('failed');
    const before = asked.length;
    for (const address of addresses) {
      const response = await api.request(address);
      expect(response.status, address).toBe(200);
      expect(await response.text()).toBe(await (await its.get(address)).text());
    }
    expect(asked.length).toBe(before);
    await api.request('/v1/kpis/purchases?by=store');
    expect(asked.length).toBe(before + 1);
  });

  test('of the next build are there when readers are turned to it, with what was asked last', async () => {
    const lines: string[] = [];
    const watch = watchBuilds({ newest: its.published, log: (line) => lines.push(line), limits: PATIENT });
    const api = createApi({ published: watch.published, prepares: { watch, roles: () => [] } });
    const asked = '/v1/kpis/purchases?by=store';
    const idNow = async () => ((await (await api.request(asked)).json()) as KpiAnswer).build_id;
    const first = await idNow();
    await its.shop.shop.build();
    const second = (await its.published())!.manifest.build_id;
    expect(await idNow()).toBe(first);
    await watch.look();
    const ofSecond = lines.filter((line) => line.startsWith(`Build ${second}`));
    expect(ofSecond).toEqual([expect.stringContaining(': 1 answers made')]);
    expect(await idNow()).toBe(second);
    await watch.end();
  });

  test('are those of a role, without what it may not ask', async () => {
    const { line, real } = await prepared(['marketer']);
    const addresses = pageAddresses(await pageShopOf(real), 'marketer');
    expect(line).toContain(`: ${addresses.length} answers made`);
    expect(addresses.some((address) => address.includes('channel-economics'))).toBe(false);
  });

  test('are of the last 90 days beside those before, and of the usual model', async () => {
    const addresses = pageAddresses(await pageShopOf((await its.published())!), 'manager');
    const { searchParams } = new URL(
      addresses.find((one) => one.startsWith('/v1/kpis/attribution?by=channel'))!,
      'http://localhost',
    );
    const { from, to, compare, model } = Object.fromEntries(searchParams);
    expect(Date.parse(to!) - Date.parse(from!)).toBe(89 * 86_400_000);
    expect([compare, model]).toEqual(['previous_period', 'markov']);
  });
});
