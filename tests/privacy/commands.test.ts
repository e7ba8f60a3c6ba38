import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Workplace, workplace } from '../cli/run-ropo.ts';
import { ANNA, BRUNO, TABLET, TWO_PEOPLE } from './two-people.ts';

describe('privacy on the command line', () => {
  let place: Workplace;

  beforeAll(async () => {
    place = workplace();
    for (const [kind, values] of Object.entries(TWO_PEOPLE)) {
      const file = join(place.folder, `${kind}.jsonl`);
      writeFileSync(file, values.map((value) => JSON.stringify(value)).join('\n'));
      const { code, stderr } = await place.ropo('import', kind, file);
      expect(stderr, kind).not.toMatch(/^ropo:/m);
      expect(code).toBe(0);
    }
    expect((await place.ropo('build')).code).toBe(0);
  });
  afterAll(() => place?.remove());

  test('one is given a file, one is erased, and files given again change nothing', async () => {
    const given = await place.ropo('access', '--customer-id', ANNA.customer_id, '--out', 'anna.json');
    expect(given).toMatchObject({ code: 0 });
    const file = JSON.parse(readFileSync(join(place.folder, 'anna.json'), 'utf8'));
    expect(file.timeline.length).toBe(11);

    const asked = await place.ropo('erase', '--email', ANNA.email);
    expect(asked.code).toBe(0);
    expect(asked.stdout).toMatch(/raw_events +3 +removed/);
    expect(asked.stdout).toMatch(/loyalty .* kept +used by 2 accounts/);
    const [said, hint] = asked.stdout.split('Nothing was changed.');
    expect(hint).toContain('Add --yes');
    expect((await place.ropo('erase', '--email', ANNA.email, '--dry-run', '--yes')).stdout).toBe(said);

    const done = await place.ropo('erase', '--email', ANNA.email, '--yes');
    expect(done).toMatchObject({ code: 0 });
    expect(done.stdout).toContain('nothing was found');
    const certificate = /Certificate: (.*)/.exec(done.stdout)![1]!;
    expect(readFileSync(join(place.folder, certificate), 'utf8')).not.toMatch(/anna/i);

    const again = await place.ropo('import', 'web_events', 'web_events.jsonl');
    expect(again.stdout).toMatch(/erased/);
    expect((await place.ropo('access', '--email', ANNA.email)).stdout).not.toMatch(/"record_id"/);
  });

  test('what names nobody is refused without repeating it', async () => {
    const shared = await place.ropo(
      'erase',
      '--anonymous-id',
      TABLET,
      '--loyalty-id',
      'nobody-has-this',
      '--dry-run',
    );
    expect(shared.code).toBe(0);
    const wrong = await place.ropo('erase', '--email', 'secret-no-address', '--dry-run');
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).not.toContain('secret-no-address');
    expect((await place.ropo('erase')).stderr).toContain('name the person by one identifier');
  });

  test('retention says what would go, and needs a yes', async () => {
    const plan = await place.ropo('retain', '--dry-run');
    expect(plan).toMatchObject({ code: 0 });
    expect(plan.stdout).toMatch(/raw_events +760 +- +0 .*no period is closed/);
    const unsure = await place.ropo('retain');
    expect(unsure).toMatchObject({ code: 0 });
    expect(unsure.stdout).toContain('Add --yes');
    const report = await place.ropo(
      'report',
      'purchases',
      '--by',
      'store',
      '--audience',
      'outside',
      '--format',
      'json',
    );
    expect(JSON.parse(report.stdout)).toMatchObject({ audience: 'outside', min_persons: 50 });
    expect(report.stdout).not.toContain(BRUNO.customer_id);
  });
});
