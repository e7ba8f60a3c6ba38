import { checkDeployment } from './check-deployment.ts';
import type { ReaderRole } from './reader-roles.ts';

/** What one deployment is told. Two of them with different stages stand side by side in one account. */
export interface Deployment {
  /** Name of this deployment: lower case letters and digits. It begins the names of stacks and streams. */
  stage: string;
  /** Region of everything but the page's certificate. */
  region: string;
  /** Account, 12 digits; null for that of whoever deploys. */
  account: string | null;
  /** IANA name of the zone that `buildAt` is told in. */
  timeZone: string;
  /** When the daily build begins, as 04:30 by the clock of `timeZone`. */
  buildAt: string;
  /** Whether persons whose consent is unknown are matched: the shop's setting match_unknown_consent. */
  matchesUnknownConsent: boolean;
  retention: {
    /** Hours that the stream keeps what came in, 24 to 168: a consumer can be replayed for as long. */
    streamHours: number;
    /** Days that landed files are kept, merged or not: a build must be published before, or what landed is lost. */
    landingDays: number;
    /** Days that rejected records are kept for someone to mend their cause; null for as long as the shop is there. */
    rejectionDays: number | null;
    /** Days that records are kept which no try could store, and bodies too large for the stream. */
    failedDays: number;
    /** Days that results of queries are kept. */
    queryResultDays: number;
    /** Days that logs are kept: one of the numbers that CloudWatch knows. */
    logDays: number;
  };
  /** Host name of the page and its certificate in us-east-1; null for the name that CloudFront gives. */
  domain: { name: string; certificateArn: string } | null;
  /** E-mail address that alarms and the budget write to; null for none, and then someone must subscribe to the topic. */
  alarmsAddress: string | null;
  /** What the account may cost in a month, in US dollars, before the budget writes. */
  monthlyBudget: number;
  /** Bytes that one query may scan before Athena ends it. */
  bytesPerQuery: number;
  /** Bytes that all queries may scan in a day before an alarm tells of it. */
  bytesPerDay: number;
  /** Requests a second that the collector takes, and how many at once on top. */
  collectorRate: { perSecond: number; burst: number };
  /** The same of the KPI API. */
  apiRate: { perSecond: number; burst: number };
  /**
   * Copies of a function that may run at once, by its name; the others share what the account has. An account that is new
   * may have only ten in all, and then none can be set.
   */
  concurrency: Partial<Record<'collect' | 'ingest' | 'import-files' | 'kpi-api', number>>;
  /**
   * Memory of the function that fits models, in MB, 1024 to 10240. All paths of a window are in it, and the share of a
   * processor grows with it. An account that is new may have at most 3008.
   */
  modelMemoryMb: number;
  /** Programs that read the KPI API, by name, and the role of each; each gets a client of its own in the user pool. */
  programs: Readonly<Record<string, ReaderRole>>;
  /** What `cdk destroy` does with data: keep leaves buckets, tables, stream, key and secret; destroy takes all of it. */
  removal: 'keep' | 'destroy';
}

const GIB = 1024 ** 3;

/** This deployment: the one place to change. */
export const DEPLOYMENT: Deployment = {
  stage: 'prod',
  region: 'eu-central-1',
  account: null,
  timeZone: 'Europe/Berlin',
  buildAt: '04:30',
  matchesUnknownConsent: false,
  retention: {
    streamHours: 168,
    landingDays: 30,
    rejectionDays: null,
    failedDays: 90,
    queryResultDays: 7,
    logDays: 90,
  },
  domain: null,
  alarmsAddress: null,
  monthlyBudget: 300,
  bytesPerQuery: 100 * GIB,
  bytesPerDay: 1024 * GIB,
  collectorRate: { perSecond: 2_000, burst: 4_000 },
  apiRate: { perSecond: 50, burst: 100 },
  concurrency: {},
  modelMemoryMb: 3008,
  programs: {},
  removal: 'keep',
};

/**
 * Names that the command line may set for one run: `npx cdk deploy --all -c stage=trial -c removal=destroy`. Programs are
 * told as `-c programs=nightly:marketer,board:manager`.
 */
const FROM_CONTEXT = ['stage', 'region', 'account', 'alarmsAddress', 'removal'] as const;

/**
 * This deployment with what the command line says, checked.
 * @param said value of a name of the CDK's context
 * @throws Error naming everything that is wrong
 */
export function deploymentOf(said: (name: string) => unknown, given: Deployment = DEPLOYMENT): Deployment {
  const changes = Object.fromEntries(
    FROM_CONTEXT.map((name) => [name, said(name)] as const).filter(([, value]) => value !== undefined),
  );
  const programs = said('programs');
  return checkDeployment({
    ...given,
    ...changes,
    ...(typeof programs === 'string' ? { programs: programsIn(programs) } : {}),
  });
}

const programsIn = (text: string) =>
  Object.fromEntries(text.split(',').map((one) => one.split(':', 2))) as Deployment['programs'];
