import { expect, test } from 'vitest';
import { createAcceptPool } from '../../lib/adapters/embedded/accept-pool.ts';
import { isBot } from '../../lib/domain/bots.ts';
import { createIdentify } from '../../lib/domain/identifier.ts';
import { FORMATS } from '../../lib/formats/index.ts';
import { gather } from '../../lib/pipeline/gather.ts';
import type { Gathered } from '../../lib/ports.ts';
import { NOW, textFile } from '../temporary-shop.ts';

const SECRET = 'a secret of the tests, no real one';

/** 40,000 events with a broken line, a blank line and a schema fault at known places, and an umlaut on every line. */
function manyEvents(): string {
  const lines = Array.from({ length: 40_000 }, (_, n) =>
    JSON.stringify({
      event_id: `e${n}`,
      event: 'Gerät angesehen',
      occurred_at: '2025-03-01T10:00:00Z',
      anonymous_id: `d${n % 900}`,
      url: `https://shop.example/${'x'.repeat(n % 90)}`,
    }),
  );
  lines[17] = '{"event_id":';
  lines[29_000] = '';
  lines[35_001] = '{"event_id":"late"}';
  return lines.join('\n');
}

function summed(all: readonly Gathered[]) {
  const lines = all.flatMap(({ tables }) =>
    tables.flatMap(({ text }) => Buffer.from(text).toString('utf8').trimEnd().split('\n')),
  );
  const rows = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  return {
    accepted: all.reduce((sum, { accepted }) => sum + accepted, 0),
    rejections: all.flatMap(({ rejections }) => rejections.map(({ line, reason }) => `${line} ${reason}`)),
    numbers: new Set(rows.map((row) => row._record)).size,
    rows: rows.map(({ _record, ...row }) => JSON.stringify(row)),
  };
}

test('a file read in pieces by workers comes out as when it is read in one go', async () => {
  const file = textFile('events.jsonl', manyEvents());
  const format = FORMATS.web_events!;
  const about = { source: file.name, stores: new Map(), receivedAt: NOW };
  const pool = createAcceptPool(SECRET, 2);
  try {
    const inPieces: Gathered[] = [];
    const pieces = pool.sideBySide(format, { ...file, bytes: 1e9 }, about);
    for await (const gathered of pieces!) inPieces.push(gathered);
    const inOneGo: Gathered[] = [];
    const context = {
      ...about,
      format: format.name,
      identify: createIdentify(SECRET),
      isBot,
      receivedAtText: new Date(NOW).toISOString(),
    };
    for await (const batch of format.read([file])) inOneGo.push(gather(batch, context, 1));
    const [a, b] = [summed(inPieces), summed(inOneGo)];
    expect(a.rows).toEqual(b.rows);
    expect(a.accepted).toBe(39_997);
    expect(a.numbers).toBe(39_997);
    expect(a.rejections).toEqual(['18 unreadable', '35002 schema']);
    expect(b.rejections).toEqual(a.rejections);
    expect(pool.sideBySide(format, { ...file, bytes: 1000 }, about)).toBeNull();
  } finally {
    pool.close();
  }
});
