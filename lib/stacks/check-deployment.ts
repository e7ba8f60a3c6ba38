import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Deployment } from './deployment.ts';
import { READER_ROLES } from './reader-roles.ts';

const LOG_DAYS = Object.values(RetentionDays)
  .filter((days): days is number => typeof days === 'number' && days < 9999)
  .sort((a, b) => a - b);
/** Lambda takes no record of a stream that is older, so that one could not be replayed. */
const LONGEST_STREAM_HOURS = 168;
/** Athena takes no smaller cap. */
const LEAST_BYTES = 10_000_000;

/** What must hold of each part: whether it does, what else it must be. */
const RULES: readonly [
  name: string,
  holds: (d: Deployment) => boolean,
  value: (d: Deployment) => unknown,
  must: string,
][] = [
  [
    'stage',
    ({ stage }) => /^[a-z][a-z0-9]{0,11}$/.test(stage),
    ({ stage }) => stage,
    'begin with a letter and have at most 12 lower case letters and digits',
  ],
  [
    'region',
    ({ region }) => /^[a-z]{2}(-[a-z]+)+-\d$/.test(region),
    ({ region }) => region,
    'be the name of a region, as eu-central-1',
  ],
  [
    'account',
    ({ account }) => account === null || /^\d{12}$/.test(account),
    ({ account }) => account,
    'be 12 digits, or null',
  ],
  [
    'timeZone',
    ({ timeZone }) => isTimeZone(timeZone),
    ({ timeZone }) => timeZone,
    'be an IANA name, as Europe/Berlin',
  ],
  [
    'buildAt',
    ({ buildAt }) => /^([01]\d|2[0-3]):[0-5]\d$/.test(buildAt),
    ({ buildAt }) => buildAt,
    'be hours and minutes, as 04:30',
  ],
  ...wholeNumber('retention.streamHours', ({ retention }) => retention.streamHours, 24, LONGEST_STREAM_HOURS),
  ...wholeNumber('retention.landingDays', ({ retention }) => retention.landingDays, 7, 3650),
  ...wholeNumber('retention.rejectionDays', ({ retention }) => retention.rejectionDays ?? 7, 7, 3650),
  // No shorter than the stream keeps what names them.
  ...wholeNumber('retention.failedDays', ({ retention }) => retention.failedDays, 7, 3650),
  ...wholeNumber('retention.queryResultDays', ({ retention }) => retention.queryResultDays, 1, 365),
  [
    'retention.logDays',
    ({ retention }) => LOG_DAYS.includes(retention.logDays),
    ({ retention }) => retention.logDays,
    `be one of ${LOG_DAYS.join(', ')}`,
  ],
  [
    'domain.name',
    ({ domain }) => domain === null || /^([a-z0-9-]+\.)+[a-z]{2,}$/.test(domain.name),
    ({ domain }) => domain?.name,
    'be a host name, as figures.example.com',
  ],
  [
    'domain.certificateArn',
    ({ domain }) =>
      domain === null || /^arn:aws:acm:us-east-1:\d{12}:certificate\//.test(domain.certificateArn),
    ({ domain }) => domain?.certificateArn,
    'be the ARN of a certificate in us-east-1, the only region that CloudFront reads them from',
  ],
  [
    'alarmsAddress',
    ({ alarmsAddress }) => alarmsAddress === null || /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(alarmsAddress),
    ({ alarmsAddress }) => alarmsAddress,
    'be an e-mail address, or null',
  ],
  ...wholeNumber('modelMemoryMb', ({ modelMemoryMb }) => modelMemoryMb, 1024, 10_240),
  ...wholeNumber('monthlyBudget', ({ monthlyBudget }) => monthlyBudget, 1, 10_000_000),
  ...wholeNumber('bytesPerQuery', ({ bytesPerQuery }) => bytesPerQuery, LEAST_BYTES, Number.MAX_SAFE_INTEGER),
  ...wholeNumber('bytesPerDay', ({ bytesPerDay }) => bytesPerDay, LEAST_BYTES, Number.MAX_SAFE_INTEGER),
  ...wholeNumber('collectorRate.perSecond', ({ collectorRate }) => collectorRate.perSecond, 1, 10_000),
  ...wholeNumber('collectorRate.burst', ({ collectorRate }) => collectorRate.burst, 1, 5_000),
  ...wholeNumber('apiRate.perSecond', ({ apiRate }) => apiRate.perSecond, 1, 10_000),
  ...wholeNumber('apiRate.burst', ({ apiRate }) => apiRate.burst, 1, 5_000),
  [
    'concurrency',
    ({ concurrency }) => Object.values(concurrency).every((most) => Number.isInteger(most) && most > 0),
    ({ concurrency }) => JSON.stringify(concurrency),
    'hold whole numbers above 0',
  ],
  [
    'programs',
    ({ programs }) =>
      Object.entries(programs).every(
        ([name, role]) => /^[a-z][a-z0-9-]*$/.test(name) && READER_ROLES.includes(role),
      ),
    ({ programs }) => JSON.stringify(programs),
    `name programs by lower case letters, digits and hyphens, each with one of ${READER_ROLES.join(', ')}`,
  ],
  [
    'removal',
    ({ removal }) => removal === 'keep' || removal === 'destroy',
    ({ removal }) => removal,
    'be keep or destroy',
  ],
];

/**
 * The deployment, if it can be deployed.
 * @throws Error naming every part that cannot, its value and what it must be
 */
export function checkDeployment(deployment: Deployment): Deployment {
  const wrong = RULES.filter(([, holds]) => !holds(deployment)).map(
    ([name, , value, must]) => `${name} is ${String(value(deployment))}: it must ${must}`,
  );
  if (wrong.length > 0)
    throw new Error(
      `The deployment cannot be made. Change lib/stacks/deployment.ts:\n${wrong.map((one) => `- ${one}`).join('\n')}`,
    );
  return deployment;
}

function wholeNumber(
  name: string,
  value: (d: Deployment) => number,
  least: number,
  most: number,
): typeof RULES {
  const holds = (d: Deployment) => Number.isInteger(value(d)) && value(d) >= least && value(d) <= most;
  return [[name, holds, value, `be a whole number from ${least} to ${most}`]];
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return name.includes('/') || name === 'UTC';
  } catch {
    return false;
  }
}
