import { afterAll, beforeAll, expect, test } from 'vitest';
import { openShopSecrets } from '../../../lib/adapters/aws/shop-secrets.ts';
import { type Emulators, NAMES, startEmulators } from '../emulators/index.ts';
import { type Clients, clientsOf } from './aws-clients.ts';

let emulators: Emulators;
let clients: Clients;
beforeAll(async () => {
  emulators = await startEmulators();
  clients = clientsOf(emulators);
});
afterAll(async () => {
  clients.close();
  await emulators.close();
});

const IDENTITY = 'a secret of the tests, no real one';
const key = (id: string, more = {}) => ({
  id,
  name: `key ${id}`,
  kind: 'till',
  secrets: ['one', 'two'],
  origins: [],
  store_id: 's1',
  revoked_at: null,
  created_at: '2025-01-01T00:00:00.000Z',
  ...more,
});
const reader = key('r', { kind: 'reader', role: 'analyst', secrets: ['a1b2'], store_id: null });
const put = (keys: readonly unknown[], identity_secret: unknown = IDENTITY) =>
  emulators.secrets.put(NAMES.secret, JSON.stringify({ identity_secret, keys }));
let now = Date.UTC(2025, 2, 1);
const open = (secretId: string = NAMES.secret) =>
  openShopSecrets({
    client: clients.secrets,
    secretId,
    now: () => now,
    retry: { forMs: 300, firstWaitMs: 1 },
  });

test('keys and readers are read from the secret, and read anew a minute later', async () => {
  put([key('a'), key('gone', { revoked_at: '2025-01-02T00:00:00.000Z' }), reader]);
  const secrets = await open();
  expect(secrets.identitySecret).toBe(IDENTITY);
  expect(secrets.keys.find('a')?.store_id).toBe('s1');
  expect(secrets.keys.all().map(({ id }) => id)).toEqual(['a']);
  expect(secrets.reader('a1b2')).toEqual({ id: 'r', name: 'key r', role: 'analyst' });
  put([key('b')]);
  now += 59_000;
  await secrets.refresh();
  expect(secrets.keys.find('b')).toBeUndefined();
  emulators.secrets.faults.forget();
  now += 2000;
  await Promise.all([secrets.refresh(), secrets.refresh()]);
  expect(emulators.secrets.faults.calls).toEqual({ GetSecretValue: 1 });
  expect(secrets.keys.find('a')).toBeUndefined();
  expect(secrets.keys.find('b')?.id).toBe('b');
  expect(secrets.reader('a1b2')).toBeUndefined();
});

test('keys stay good while the secret cannot be read or is damaged', async () => {
  put([key('a')]);
  const secrets = await open();
  const after = async (change: () => void) => {
    change();
    now += 61_000;
    await secrets.refresh();
    expect(secrets.keys.find('a')?.id).toBe('a');
  };
  await after(() => emulators.secrets.put(NAMES.secret, '{"identity_secret":'));
  await after(() => put([{ id: 'x' }]));
  let end = () => {};
  await after(() => {
    end = emulators.secrets.faults.failWhile('GetSecretValue', () => ({
      code: 'InternalServiceError',
      status: 500,
    }));
  });
  end();
  put([key('c')]);
  now += 61_000;
  await secrets.refresh();
  expect(secrets.keys.all().map(({ id }) => id)).toEqual(['c']);
});

test.each([
  ['no JSON', 'hello', /is no JSON/],
  ['no object', 'null', /identity_secret/],
  ['a short secret', JSON.stringify({ identity_secret: 'short', keys: [] }), /at least 16/],
  ['keys that are none', JSON.stringify({ identity_secret: IDENTITY, keys: [{}] }), /"ropo keys"/],
])('a secret that is %s is refused at first, without a word of it', async (_, text, problem) => {
  emulators.secrets.put('bad', text);
  const failed = await open('bad').catch((error: unknown) => error as Error);
  expect((failed as Error).message).toMatch(problem);
  expect((failed as Error).message).not.toContain(IDENTITY);
  await expect(open('none')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});
