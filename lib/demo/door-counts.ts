import type { Footfall } from '../domain/contract/index.ts';
import { CALENDAR_DAYS, instantOfLocal, localDay, localMinute, localTime } from './calendar.ts';
import type { PlannedReceipt } from './plan.ts';
import { createRandom } from './random.ts';
import { customAt, openingHours, STORES } from './stores.ts';

const BUYING_SHARE = 0.24;

export interface DoorCounts {
  add(receipt: PlannedReceipt): void;
  footfall(seed: number): Generator<Footfall>;
}

/** Heads at the doors by hour: those who bought, who came before their receipt, and more who did not. */
export function createDoorCounts(): DoorCounts {
  const buyers = new Int32Array(STORES.length * CALENDAR_DAYS * 24);
  const cell = (store: number, day: number, hour: number) => (store * CALENDAR_DAYS + day) * 24 + hour;
  return {
    add({ store, at }) {
      const entered = at - 15 * 60_000;
      const hour = Math.floor(localMinute(entered, store.zone) / 60);
      buyers[cell(STORES.indexOf(store), localDay(entered, store.zone), hour)]!++;
    },
    *footfall(seed) {
      const random = createRandom(seed, 'footfall');
      for (let day = 0; day < CALENDAR_DAYS; day++) {
        for (const [index, store] of STORES.entries()) {
          const hours = openingHours(store, day);
          if (!hours) continue;
          for (let hour = Math.floor(hours.opens / 60); hour * 60 < hours.closes; hour++) {
            const share = (hour * 60 + 30 - hours.opens) / (hours.closes - hours.opens);
            const count = buyers[cell(index, day, hour)]!;
            const lookers =
              random.poisson(1.5 + store.size * 0.12 * customAt(share)) + Math.round(count / BUYING_SHARE);
            const row: Footfall = {
              store_id: store.id,
              door: 'main',
              interval_start: localTime(instantOfLocal(day, hour * 60, store.zone), store.zone),
              interval_minutes: 60,
              entries: Math.max(count, lookers),
              exits: Math.max(0, Math.max(count, lookers) + random.int(5) - 2),
            };
            yield row;
          }
        }
      }
    },
  };
}
