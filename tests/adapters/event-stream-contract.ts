import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EventStream, StreamFull, type StreamRecord } from '../../lib/ports.ts';
import { ARRIVAL, bodyOf, streamRecord } from './stream-records.ts';

/** A stream that the contract may fill. */
export interface StreamUnderTest {
  stream: EventStream;
  /** All that was appended and not taken yet, as ingest gets it; order by sender is kept, no other. */
  take(): Promise<StreamRecord[]>;
  /** Leaves no room until what is returned is called; of a service that is never full, absent. */
  fill?(): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

const byBody = (records: readonly StreamRecord[]) =>
  [...records].sort((a, b) => (a.body < b.body ? -1 : a.body > b.body ? 1 : a.received_at - b.received_at));

/**
 * What every stream must do, wherever its records rest.
 * @param isEverFull whether the stream can be filled, which not every stand-in for a service can
 */
export function eventStreamContract(
  name: string,
  open: () => Promise<StreamUnderTest>,
  isEverFull = true,
): void {
  describe(`${name} is an event stream`, () => {
    let under: StreamUnderTest;
    beforeAll(async () => {
      under = await open();
    });
    afterAll(() => under.close());

    test('gives records back as they were, whoever sent them and whatever they hold', async () => {
      const records: StreamRecord[] = [
        streamRecord('{"a":1}'),
        streamRecord('{"b":"é€🙂"}'),
        streamRecord('', { format: 'receipts', source: 'till 7', store_id: 's7' }),
        streamRecord('line one\nline two\r\n', { format: 'poslog', received_at: ARRIVAL + 1 }),
        streamRecord('{"half":"\\ud800","nul":"\\u0000"}'),
        streamRecord('{', { set_aside: { reason: 'too_large', detail: 'the message has too many bytes' } }),
        ...Array.from({ length: 40 }, (_, n) => streamRecord(bodyOf(n))),
      ];
      await under.stream.append(records);
      expect(byBody(await under.take())).toEqual(byBody(records));
    });

    test('takes a body of ten million characters that nothing makes smaller', async () => {
      // Digits of a generator: text that does not compress to a part of a record.
      let state = 7;
      const chunk = () => {
        state = (state * 48_271) % 2_147_483_647;
        return state.toString(36);
      };
      let text = '';
      while (text.length < 10_000_000) text += chunk();
      const large = streamRecord(`first\n${text}\nlast`, { format: 'poslog' });
      await under.stream.append([streamRecord('{"small":1}'), large]);
      const taken = byBody(await under.take());
      expect(taken.map(({ body }) => body.length)).toEqual([large.body.length, 11]);
      expect(taken[0]!.body === large.body).toBe(true);
    });

    test('takes thousands of records in one append, each once', async () => {
      const records = Array.from({ length: 2300 }, (_, n) =>
        streamRecord(JSON.stringify({ messageId: `m${n}`, anonymousId: `d${n % 40}` })),
      );
      await under.stream.append(records);
      expect(byBody(await under.take())).toEqual(byBody(records));
    });

    test('keeps what one device sends in its order', async () => {
      for (let n = 0; n < 30; n++)
        await under.stream.append([
          streamRecord(JSON.stringify({ anonymousId: 'one device', n })),
          streamRecord(JSON.stringify({ anonymousId: `other ${n}`, n })),
        ]);
      const taken = (await under.take()).map(
        ({ body }) => JSON.parse(body) as { anonymousId: string; n: number },
      );
      expect(taken.filter((one) => one.anonymousId === 'one device').map(({ n }) => n)).toEqual(
        Array.from({ length: 30 }, (_, n) => n),
      );
    });

    test('an append of nothing is taken', async () => {
      await under.stream.append([]);
      expect(await under.take()).toEqual([]);
    });

    test.runIf(isEverFull)(
      'says that it is full, with when to come back, and takes again when there is room',
      async () => {
        const end = await under.fill!();
        const refused = under.stream.append([streamRecord('{"late":1}')]);
        await expect(refused).rejects.toThrow(StreamFull);
        await refused.catch(({ retryAfter }: StreamFull) => {
          expect(retryAfter).toBeGreaterThanOrEqual(1);
          expect(Number.isInteger(retryAfter)).toBe(true);
        });
        await end();
        await under.stream.append([streamRecord('{"late":2}')]);
        expect((await under.take()).map(({ body }) => body)).toEqual(['{"late":2}']);
      },
    );
  });
}
