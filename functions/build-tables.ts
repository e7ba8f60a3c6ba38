import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Context } from 'aws-lambda';
import { type BuildAction, doBuildAction } from '../lib/adapters/aws/builds/build-actions.ts';
import { openBuildWorld, openErasureWorld } from '../lib/adapters/aws/builds/open-world.ts';
import { openFunctionLog } from '../lib/adapters/aws/logging.ts';

/** Does the parts of a build that are no query; the state machine says in what order. */

const log = openFunctionLog('build-tables');

/** This file holds the algorithms too, so that its hash changes when one of them does. */
const codeVersion = createHash('sha256')
  .update(readFileSync(fileURLToPath(import.meta.url)))
  .digest('hex');
const world = openBuildWorld(log, codeVersion);

export const handler = async (event: BuildAction, context: Context): Promise<unknown> => {
  log.begin(context);
  const { action } = event;
  try {
    const answer = await doBuildAction(world, () => openErasureWorld(world), event);
    log.info(action, 'name' in event ? { name: event.name } : {});
    return answer;
  } catch (error) {
    log.failed(action, error);
    throw error;
  }
};
