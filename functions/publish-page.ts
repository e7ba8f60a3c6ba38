import type { CloudFormationCustomResourceEvent, Context } from 'aws-lambda';
import { s3Client } from '../lib/adapters/aws/clients.ts';
import { answerCloudFormation } from '../lib/adapters/aws/custom-resource.ts';
import { environmentOf } from '../lib/adapters/aws/environment.ts';
import { openFunctionLog } from '../lib/adapters/aws/logging.ts';
import { publishPage, removePage } from '../lib/adapters/aws/page-files.ts';
import { readPageSettings } from '../lib/domain/page-settings.ts';

const log = openFunctionLog('publish-page');
/** Time that is kept to tell CloudFormation how it went. */
const TELLING_MS = 15_000;

/** Puts the page of this version into its bucket when the stack is made or changed, and takes it out when it goes. */
export async function handler(event: CloudFormationCustomResourceEvent, context: Context): Promise<void> {
  log.begin(context);
  // Read in here: also what the environment lacks is told to CloudFormation.
  const bucketOf = () => {
    const { ROPO_PAGE_BUCKET } = environmentOf(['ROPO_PAGE_BUCKET']);
    return { s3: s3Client(), bucket: ROPO_PAGE_BUCKET };
  };
  await answerCloudFormation(event, {
    id: 'page',
    withinMs: context.getRemainingTimeInMillis() - TELLING_MS,
    log: (line) => log.info(line),
    put: async () => {
      const { ROPO_PAGE_SETTINGS } = environmentOf(['ROPO_PAGE_SETTINGS']);
      return publishPage(bucketOf(), { settings: readPageSettings(ROPO_PAGE_SETTINGS) });
    },
    remove: async () => removePage(bucketOf()),
  });
}
