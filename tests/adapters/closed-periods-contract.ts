import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ClosedPeriods, Warehouse } from '../../lib/ports.ts';
import { manifestOf, newBuildId } from './warehouse-contract.ts';

/** A shop without closed periods, whose builds the contract may make. */
export interface ClosedPeriodsUnderTest {
  periods: ClosedPeriods;
  open(buildId: string): Promise<Warehouse>;
  close(): Promise<void>;
}

interface Figure {
  day: string;
  model: string | null;
  amount: number;
}

const text = (value: string | null) => (value === null ? 'CAST(NULL AS varchar)' : `'${value}'`);
const NOTHING = [
  'conversion_kind',
  'store_id',
  'category',
  'traced_by',
  'orphan_reason',
  'channel',
  'source',
  'medium',
  'campaign',
];

/** A ledger of these figures, with the columns that a closing keeps. */
const ledgerOf = (figures: readonly Figure[]) =>
  figures
    .map(
      ({ day, model, amount }, at) =>
        `SELECT CAST('${day}' AS date) AS day, 1 = 2 AS is_adjustment, 'revenue' AS measure, 'b${at}' AS booking_id, ${NOTHING.map((name) => `CAST(NULL AS varchar) AS ${name}`).join(', ')}, ${text(model)} AS model, 'EUR' AS currency, CAST(${amount} AS bigint) AS amount`,
    )
    .join(' UNION ALL ');

/** What every keeper of closed periods must do. */
export function closedPeriodsContract(name: string, start: () => Promise<ClosedPeriodsUnderTest>): void {
  describe(`${name} keeps closed periods`, () => {
    let under: ClosedPeriodsUnderTest;
    const publish = async (figures: readonly Figure[]): Promise<string> => {
      const buildId = newBuildId();
      const warehouse = await under.open(buildId);
      await warehouse.createTable('ledger', ledgerOf(figures));
      await warehouse.createTable(
        'restatements',
        `SELECT 'late' AS cause, CAST('2025-01-20' AS date) AS booked_on, 'revenue' AS measure, 'r1' AS booking_id, ${NOTHING.map((column) => `CAST(NULL AS varchar) AS ${column}`).join(', ')}, 'last' AS model, 'EUR' AS currency, CAST(-3 AS bigint) AS amount`,
      );
      await warehouse.createTable(
        'seed_attribution_models',
        "SELECT 'last' AS model, 1 = 1 AS is_enabled UNION ALL SELECT 'off', 1 = 2",
      );
      await warehouse.publish(
        manifestOf(buildId, { ledger: figures.length, restatements: 1, seed_attribution_models: 2 }),
      );
      return buildId;
    };
    /** What the next build reads of the closings. */
    const kept = async () => {
      const warehouse = await under.open(newBuildId());
      const rows = await warehouse.query(
        'SELECT closed_through, build_id, entry, cause, day, model, amount FROM raw_closings ORDER BY closed_through, entry, day, model, amount',
      );
      await warehouse.discard();
      return rows;
    };
    beforeAll(async () => {
      under = await start();
    });
    afterAll(() => under?.close());

    test('there are none at first', async () => {
      expect(await under.periods.list()).toEqual([]);
    });

    test('keeps what the published build reports up to the day, and the next closing what comes after', async () => {
      const figures: Figure[] = [
        { day: '2025-01-30', model: null, amount: 1000 },
        { day: '2025-01-31', model: 'last', amount: 700 },
        { day: '2025-02-01', model: 'last', amount: 50 },
        { day: '2025-02-28', model: null, amount: -20 },
        { day: '2025-03-01', model: 'last', amount: 9 },
      ];
      const first = await publish(figures);
      const january = {
        closed_through: '2025-01-31',
        closed_at: '2025-03-05T10:20:30.400Z',
        build_id: first,
      };
      expect(await under.periods.keep(january)).toBe(2);
      expect(await under.periods.list()).toEqual([january]);
      const told = { closed_through: '2025-01-31', build_id: first };
      expect(await kept()).toEqual([
        { ...told, entry: 'closing', cause: null, day: null, model: 'last', amount: null },
        { ...told, entry: 'closing', cause: null, day: null, model: null, amount: null },
        { ...told, entry: 'figure', cause: null, day: '2025-01-30', model: null, amount: 1000 },
        { ...told, entry: 'figure', cause: null, day: '2025-01-31', model: 'last', amount: 700 },
        { ...told, entry: 'restatement', cause: 'late', day: '2025-01-20', model: 'last', amount: -3 },
      ]);
      const second = await publish(figures.map((one) => ({ ...one, amount: one.amount + 1 })));
      const february = {
        closed_through: '2025-02-28',
        closed_at: '2025-04-01T00:00:00.000Z',
        build_id: second,
      };
      expect(await under.periods.keep(february)).toBe(2);
      expect(await under.periods.list()).toEqual([january, february]);
      const amounts = (await kept())
        .filter(({ entry }) => entry === 'figure')
        .map(({ day, amount }) => [day, amount]);
      expect(amounts).toEqual([
        ['2025-01-30', 1000],
        ['2025-01-31', 700],
        ['2025-02-01', 51],
        ['2025-02-28', -19],
      ]);
    });

    test('keeps nothing of a build that is not the published one any more', async () => {
      const before = await kept();
      const old = await publish([{ day: '2025-03-15', model: null, amount: 1 }]);
      await publish([{ day: '2025-03-15', model: null, amount: 2 }]);
      const closing = { closed_through: '2025-03-31', closed_at: '2025-05-01T00:00:00.000Z', build_id: old };
      await expect(under.periods.keep(closing)).rejects.toThrow(
        `Build ${old} is not the published one any more; close again`,
      );
      expect(await kept()).toEqual(before);
    });
  });
}
