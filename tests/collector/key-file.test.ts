import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { KeyProblem, newSecret, openKeyFile } from '../../lib/adapters/embedded/key-file.ts';
import { shopDirectory } from '../../lib/adapters/embedded/shop-directory.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ropo-keys-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const open = () => openKeyFile(shopDirectory(root));
const created_at = '2026-01-01T00:00:00.000Z';

describe('the key file', () => {
  test('is not made by reading, and none is found in it', () => {
    const keys = open();
    expect(keys.find('web_x')).toBeUndefined();
    expect(keys.all()).toEqual([]);
    expect(readdirSync(root)).toEqual([]);
  });

  test('can be read by its owner alone and is replaced whole', () => {
    const keys = open();
    keys.add({ kind: 'office', name: 'back', created_at });
    const path = join(root, 'keys.json');
    const before = statSync(path);
    expect(before.mode & 0o777).toBe(0o600);
    keys.add({ kind: 'web', name: 'site', created_at });
    expect(statSync(path).ino).not.toBe(before.ino);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(root)).toEqual(['keys.json']);
  });

  test('a key made, changed or revoked elsewhere shows at once in a server that runs', () => {
    const server = open();
    const command = open();
    const { id } = command.add({ kind: 'till', name: 'corso', store_id: 's1', created_at });
    expect(server.find(id)).toMatchObject({ name: 'corso', store_id: 's1', secrets: [expect.any(String)] });
    const [older] = server.find(id)!.secrets;
    const newer = newSecret();
    command.change('corso', ({ secrets }) => ({ secrets: [newer, ...secrets] }));
    expect(server.find(id)!.secrets).toEqual([newer, older]);
    command.change('corso', ({ secrets }) => ({ secrets: secrets.slice(0, 1) }));
    expect(server.find(id)!.secrets).toEqual([newer]);
    command.change('corso', () => ({ revoked_at: created_at }));
    expect(server.find(id)).toBeUndefined();
    expect(server.all()).toEqual([]);
    expect(server.list()).toHaveLength(1);
  });

  test('web keys have no secret; ids and secrets of the others are long and never the same', () => {
    const keys = open();
    const made = ['a', 'b', 'c'].map((name) => keys.add({ kind: 'office', name, created_at }));
    expect(keys.add({ kind: 'web', name: 'site', created_at }).secrets).toEqual([]);
    const texts = made.flatMap(({ id, secrets }) => [id, ...secrets]);
    expect(new Set(texts).size).toBe(6);
    for (const { id, secrets } of made) {
      expect(id).toMatch(/^office_[\w-]{20}$/);
      expect(secrets[0]).toMatch(/^ropo_sk_[\w-]{43}$/);
    }
  });

  test('a name is taken once, until its key is revoked', () => {
    const keys = open();
    const first = keys.add({ kind: 'web', name: 'site', created_at });
    expect(() => keys.add({ kind: 'web', name: 'site', created_at })).toThrow(KeyProblem);
    keys.change('site', () => ({ revoked_at: created_at }));
    const second = keys.add({ kind: 'web', name: 'site', created_at });
    expect(keys.find(first.id)).toBeUndefined();
    expect(keys.find(second.id)).toBeDefined();
    expect(() => keys.change('nobody', () => ({}))).toThrow('No key is called "nobody"');
    expect(readdirSync(root)).toEqual(['keys.json']);
  });

  test('of two writers at once one is told, and nothing is lost', () => {
    const keys = open();
    keys.add({ kind: 'web', name: 'site', created_at });
    writeFileSync(join(root, 'keys.json.new'), '');
    expect(() => keys.add({ kind: 'web', name: 'other', created_at })).toThrow(
      'Another process changes the keys',
    );
    expect(open().list()).toHaveLength(1);
  });

  test.each(['', '{', '{}', '[{"id":"x"}]', '[null]'])(
    'a file that holds %j is an error that names it',
    (text) => {
      writeFileSync(join(root, 'keys.json'), text);
      expect(open).toThrow(join(root, 'keys.json'));
    },
  );

  test('a file that was damaged while a server runs ends no key, and is not written over', () => {
    const keys = open();
    const { id } = keys.add({ kind: 'web', name: 'site', created_at });
    writeFileSync(join(root, 'keys.json'), '[{');
    expect(keys.find(id)).toMatchObject({ name: 'site' });
    expect(() => keys.add({ kind: 'web', name: 'other', created_at })).toThrow(KeyProblem);
    expect(readFileSync(join(root, 'keys.json'), 'utf8')).toBe('[{');
  });
});
