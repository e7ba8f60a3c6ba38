import { defineAttribute } from './commands/attribute.ts';
import { ATTRIBUTE, newProgram, runProgram } from './commands/run-program.ts';

/** `ropo attribute` alone, which the launcher bundles. `ropo.ts` has it among the other commands. */
const program = newProgram();
defineAttribute(
  program
    .command('attribute')
    .description(ATTRIBUTE)
    .option('--data <dir>', 'folder that holds the shop (default: .ropo)'),
  () => import('../lib/adapters/embedded/path-files.ts'),
);
void runProgram(program);
