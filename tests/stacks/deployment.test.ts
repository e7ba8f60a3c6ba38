import { describe, expect, test } from 'vitest';
import { DEPLOYMENT, type Deployment, deploymentOf } from '../../lib/stacks/deployment.ts';

const nothingSaid = () => undefined;
const { retention } = DEPLOYMENT;

test('what is in the repository can be deployed', () => {
  expect(deploymentOf(nothingSaid)).toEqual(DEPLOYMENT);
});

test('the command line changes some of it for one run', () => {
  const said: Record<string, unknown> = {
    stage: 'trial',
    removal: 'destroy',
    programs: 'nightly:marketer,board:manager',
    // A name of the CDK's own, which is none of ours.
    monthlyBudget: 5,
  };
  expect(deploymentOf((name) => said[name])).toEqual({
    ...DEPLOYMENT,
    stage: 'trial',
    removal: 'destroy',
    programs: { nightly: 'marketer', board: 'manager' },
  });
});

const WRONG: [Partial<Deployment>, string][] = [
  [{ stage: 'Prod' }, 'stage is Prod: it must begin with a letter'],
  [{ stage: 'a-b' }, 'stage is a-b'],
  [{ region: 'Frankfurt' }, 'region is Frankfurt: it must be the name of a region, as eu-central-1'],
  [{ account: '12' }, 'account is 12: it must be 12 digits, or null'],
  [{ timeZone: 'CET+1' }, 'timeZone is CET+1: it must be an IANA name'],
  [{ buildAt: '4:30' }, 'buildAt is 4:30: it must be hours and minutes, as 04:30'],
  [{ buildAt: '24:00' }, 'buildAt is 24:00'],
  [
    { retention: { ...retention, streamHours: 12 } },
    'retention.streamHours is 12: it must be a whole number from 24',
  ],
  [
    { retention: { ...retention, streamHours: 169 } },
    'retention.streamHours is 169: it must be a whole number from 24 to 168',
  ],
  [{ retention: { ...retention, logDays: 91 } }, 'retention.logDays is 91: it must be one of 1, 3, 5, 7'],
  [{ retention: { ...retention, queryResultDays: 0 } }, 'retention.queryResultDays is 0'],
  [
    { domain: { name: 'shop', certificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/a' } },
    'domain.name is shop',
  ],
  [
    {
      domain: {
        name: 'figures.shop.example',
        certificateArn: 'arn:aws:acm:eu-central-1:123456789012:certificate/a',
      },
    },
    'it must be the ARN of a certificate in us-east-1',
  ],
  [{ alarmsAddress: 'somebody' }, 'alarmsAddress is somebody'],
  [{ monthlyBudget: 0 }, 'monthlyBudget is 0'],
  [{ modelMemoryMb: 512 }, 'modelMemoryMb is 512: it must be a whole number from 1024 to 10240'],
  [{ bytesPerQuery: 1e6 }, 'bytesPerQuery is 1000000: it must be a whole number from 10000000'],
  [{ collectorRate: { perSecond: 0, burst: 1 } }, 'collectorRate.perSecond is 0'],
  [{ concurrency: { collect: 0.5 } }, 'concurrency is {"collect":0.5}'],
  [{ programs: { nightly: 'admin' as 'manager' } }, 'each with one of manager, marketer, partner'],
  [{ removal: 'retain' as 'keep' }, 'removal is retain: it must be keep or destroy'],
];

describe('what cannot be deployed is refused', () => {
  test.each(WRONG.map(([changes, says]) => ({ changes, says })))('$says', ({ changes, says }) => {
    expect(() => deploymentOf(nothingSaid, { ...DEPLOYMENT, ...changes })).toThrow(says);
  });

  test('all of it at once, with the file to change', () => {
    const wrong = { ...DEPLOYMENT, stage: '', region: '', buildAt: 'noon' };
    expect(() => deploymentOf(nothingSaid, wrong)).toThrow(
      /Change lib\/stacks\/deployment.ts:\n- stage is .*\n- region is .*\n- buildAt is noon/,
    );
  });
});
