import { Command } from 'commander';
import { EXIT, remark } from './context.ts';

/** The command line before it has commands. */
export const newProgram = () =>
  new Command('ropo')
    .description(
      'Attribution and ROPO (research online, purchase offline) measurement that reconciles to the cent',
    )
    .version('0.1.0')
    .showHelpAfterError('(ropo --help shows what can be asked)')
    .enablePositionalOptions()
    .option('--data <dir>', 'folder that holds the shop', '.ropo');

/** What `ropo attribute` does. */
export const ATTRIBUTE =
  'channel credit by every model from a file of paths, journeys or touches; needs no shop';

/** Errors that say a command was called wrongly, and those whose message is all that a user needs. By the name of
 *  their class: none of them is loaded only to be asked. */
const CALLED_WRONGLY = ['UserError', 'BadQuestion', 'NotASelect', 'BadPaths', 'CannotClose', 'KeyProblem'];
const EXPECTED = [
  'UserError',
  'BadQuestion',
  'OldBuild',
  'BadPaths',
  'CannotClose',
  'KeyProblem',
  'ShopBusy',
  'BuildCheckFailed',
];

/** Runs what the command line says; what goes wrong is said without a stack, and in the exit code. */
export async function runProgram(program: Command): Promise<void> {
  // A reader that closes early, as head does, has all that it wanted.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  const withThoseBelow = (command: Command): Command[] => [
    command,
    ...command.commands.flatMap(withThoseBelow),
  ];
  for (const each of withThoseBelow(program))
    each.exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : EXIT.usage));
  try {
    await program.parseAsync();
  } catch (error) {
    const { message, stack } = error as Error;
    const kind = (error as Error).constructor.name;
    remark(EXPECTED.includes(kind) || !process.env.ROPO_DEBUG ? `ropo: ${message}` : String(stack));
    process.exitCode = CALLED_WRONGLY.includes(kind) ? EXIT.usage : EXIT.failed;
  }
}
