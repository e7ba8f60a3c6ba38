import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { FUNCTION_READS } from '../../lib/stacks/function-environment.ts';
import {
  BAD_ALARMS,
  BAD_BUCKETS,
  BAD_DEAD_LETTERS,
  BAD_ENCRYPTION,
  BAD_EVENT_SOURCES,
  BAD_FUNCTIONS,
  BAD_LOGS,
  BAD_WILDCARDS,
} from './bad-templates.ts';
import {
  alarms,
  buckets,
  deadLetters,
  encryption,
  eventSources,
  functions,
  logs,
  resourcesOf,
  type Template,
  wildcards,
} from './rules.ts';
import { synthesized } from './synthesized.ts';
import { whatFunctionsRead } from './what-functions-read.ts';

/** Access logs, which services write by S3's own key, and the page's files, which are public. */
const HOLDS_NO_PERSONS = [/AccessLogs/, /^PageFiles/];
/** Buckets that hold one kind of thing, all of which their function handles. */
const WHOLE_BUCKETS = [/^BucketsDrop/, /^PageFiles/];

const pages = readdirSync(fileURLToPath(new URL('../../docs/runbooks', import.meta.url)))
  .filter((file) => file !== 'README.md')
  .map((file) => file.replace(/\.md$/, ''));

let templates: Template[] = [];
beforeAll(() => {
  templates = Object.values(synthesized({ alarmsAddress: 'alarms@shop.example' }).templates);
});

type Rule = (templates: readonly Template[]) => string[];

/** Each rule, the resources it is about, of which some must be there, and templates that break it. */
const RULES: [name: string, rule: Rule, about: string, bad: [Template, string][]][] = [
  [
    'event sources hold up and lose no record',
    eventSources,
    'AWS::Lambda::EventSourceMapping',
    BAD_EVENT_SOURCES,
  ],
  [
    'whatever may hold persons is encrypted by our key',
    (given) => encryption(given, HOLDS_NO_PERSONS),
    'AWS::S3::Bucket',
    BAD_ENCRYPTION,
  ],
  [
    'no role may reach all data',
    (given) => wildcards(given, WHOLE_BUCKETS),
    'AWS::IAM::Policy',
    BAD_WILDCARDS,
  ],
  ['logs end, and functions are traced', logs, 'AWS::Logs::LogGroup', BAD_LOGS],
  ['no bucket is public or keeps what was deleted', buckets, 'AWS::S3::Bucket', BAD_BUCKETS],
  ['nothing that fails is lost unseen', deadLetters, 'AWS::SQS::Queue', BAD_DEAD_LETTERS],
  [
    'every alarm has its page',
    (given) => alarms(given, [...pages, 'there']),
    'AWS::CloudWatch::Alarm',
    BAD_ALARMS,
  ],
];

describe.each(RULES)('%s', (_name, rule, about, bad) => {
  test('holds', () => {
    expect(resourcesOf(templates, about)).not.toEqual([]);
    expect(rule(templates)).toEqual([]);
  });

  test.each(bad.map(([template, says]) => ({ says, template })))(
    'is broken where: $says',
    ({ says, template }) => {
      const found = rule([template]);
      expect(found.filter((one) => one.includes(says))).not.toEqual([]);
    },
  );
});

describe('every function is deployed once, with exactly the environment that it reads', () => {
  test('the stacks give what the table of names says', () => {
    expect(functions(templates, FUNCTION_READS)).toEqual([]);
  });

  test('the table of names says what the functions read', () => {
    const read = whatFunctionsRead();
    expect(
      Object.fromEntries(Object.entries(FUNCTION_READS).map(([name, names]) => [name, [...names].sort()])),
    ).toEqual(read);
  });

  test.each(BAD_FUNCTIONS.map(([template, says]) => ({ says, template })))(
    'is broken where: $says',
    ({ says, template }) => {
      const found = functions([template], { collect: ['A', 'B'] });
      expect(found.filter((one) => one.includes(says))).not.toEqual([]);
    },
  );
});

test('every page of a runbook is of an alarm, or of the budget, and says the four things', () => {
  const named = new Set(
    resourcesOf(templates, 'AWS::CloudWatch::Alarm').map(
      ({ properties }) => /runbooks\/([a-z-]+)\.md/.exec(String(properties.AlarmDescription))![1]!,
    ),
  );
  expect([...pages].sort()).toEqual([...named, 'budget'].sort());
  for (const page of pages) {
    const text = readFileSync(new URL(`../../docs/runbooks/${page}.md`, import.meta.url), 'utf8');
    const headings = Array.from(text.matchAll(/^## (.*)$/gm), ([, heading]) => heading);
    expect(headings, page).toEqual([
      'What it means',
      'How to see it',
      'What to do',
      'How to know it is over',
    ]);
    expect(text.length, page).toBeGreaterThan(500);
  }
});
