import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Workplace, workplace } from './run-ropo.ts';

let place: Workplace;
beforeEach(() => {
  place = workplace();
});
afterEach(() => place.remove());

const file = () => join(place.folder, 'shop', 'keys.json');
const kept = () => JSON.parse(readFileSync(file(), 'utf8')) as { name: string; secrets: string[] }[];
const keys = (...words: string[]) => place.ropo('keys', ...words, '--data', 'shop');

describe('ropo keys', () => {
  test('shows a secret once, when it is made, and lists keys without it', async () => {
    expect((await keys()).stdout).toContain('There are no keys.');
    const web = await keys('add', 'web', 'site', '--origin', 'https://shop.example', 'http://localhost:3000');
    expect(web.stdout).toMatch(/^Write key: web_[\w-]{20}\n$/);
    const till = await keys('add', 'till', 'corso', '--store', 's1');
    expect(till.stdout).toMatch(
      /^Key: till_[\w-]{20}\nSecret: ropo_sk_[\w-]{43}\nIt is not shown again\.\n$/,
    );
    expect((await keys('add', 'office', 'back')).code).toBe(0);
    const list = await keys();
    expect(list.stdout).toMatch(/^site +web +web_\S+ +0 +https:\/\/shop\.example http:\/\/localhost:3000 /m);
    expect(list.stdout).toMatch(/^corso +till +till_\S+ +1 +store s1 /m);
    expect(list.stdout).toMatch(/^back +office +office_\S+ +1 +all stores /m);
    expect(list.stdout).not.toContain('ropo_sk_');
    expect(statSync(file()).mode & 0o777).toBe(0o600);
  });

  test('rotates in two steps, so that a till can be changed over in between, and revokes', async () => {
    await keys('add', 'till', 'corso', '--store', 's1');
    const [older] = kept()[0]!.secrets;
    const rotated = await keys('rotate', 'corso');
    const newer = /ropo_sk_\S+/.exec(rotated.stdout)![0];
    expect(kept()[0]!.secrets).toEqual([newer, older]);
    await keys('retire', 'corso');
    expect(kept()[0]!.secrets).toEqual([newer]);
    expect((await keys('revoke', 'corso')).code).toBe(0);
    expect(kept()[0]!.secrets).toEqual([]);
    expect((await keys()).stdout).toMatch(/^corso .*\d{4}-\d\d-\d\d +\d{4}-\d\d-\d\d$/m);
  });

  test('makes tokens of readers, of which it keeps the hash alone, and does not change their secret', async () => {
    const made = await keys('add', 'reader', 'agency', '--role', 'partner');
    expect(made.stdout).toMatch(/^Token: ropo_rt_[\w-]{43}\nIt is not shown again\./);
    const token = /ropo_rt_\S+/.exec(made.stdout)![0];
    expect(kept()[0]!.secrets).toEqual([createHash('sha256').update(token).digest('hex')]);
    expect((await keys()).stdout).toMatch(/^agency +reader +reader_\S+ +1 +readers, as partner /m);
    const rotated = await keys('rotate', 'agency');
    expect([rotated.code, rotated.stderr]).toEqual([
      expect.any(Number),
      expect.stringContaining('make another token'),
    ]);
    expect(rotated.code).not.toBe(0);
    expect((await keys('revoke', 'agency')).code).toBe(0);
    expect(kept()[0]!.secrets).toEqual([]);
  });

  test.each([
    [['add', 'reader', 'agency'], "required option '--role <role>' not specified"],
    [['add', 'reader', 'agency', '--role', 'boss'], 'Allowed choices are manager, marketer, partner'],
    [['add', 'till', 'corso'], "required option '--store <id>' not specified"],
    [['add', 'web', 'site', '--origin', 'https://shop.example/'], 'It must be an origin'],
    [['add', 'web', 'site', '--origin', 'HTTPS://shop.example'], 'It must be an origin'],
    [['add', 'web', 'site', '--origin', 'null'], 'It must be an origin'],
    [['add', 'web', 'My Site'], 'It must be 1 to 64 of a-z'],
    [['revoke', 'nobody'], 'No key is called "nobody"'],
    [['rotate', 'nobody'], 'No key is called "nobody"'],
  ])('%j is refused with what is wrong', async (words, says) => {
    const outcome = await keys(...words);
    expect(outcome).toMatchObject({ code: 2, stdout: '' });
    expect(outcome.stderr).toContain(says);
  });
});
