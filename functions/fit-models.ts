import type { Context } from 'aws-lambda';
import { runStep } from '../lib/adapters/aws/builds/make-table.ts';
import { openBuildWorld } from '../lib/adapters/aws/builds/open-world.ts';
import { openFunctionLog } from '../lib/adapters/aws/logging.ts';

/** Runs one algorithm between the SQL: who is who, models of attribution, values of customers and the like. */

const log = openFunctionLog('fit-models');
const world = openBuildWorld(log, 'as planned');

export const handler = async (
  { build_id, step }: { build_id: string; step: string },
  context: Context,
): Promise<{ tables: number }> => {
  log.begin(context);
  try {
    const tables = await runStep(world, build_id, step);
    log.info(step, { tables: tables.length, rows: tables.reduce((sum, { rows }) => sum + rows, 0) });
    return { tables: tables.length };
  } catch (error) {
    log.failed(step, error);
    throw error;
  }
};
