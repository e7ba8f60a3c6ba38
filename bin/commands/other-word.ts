import type { Command } from 'commander';
import { UserError } from './context.ts';

/**
 * For a command that does something by itself and has further words: a word that it does not have is told so, with those
 * that it has, where "too many arguments" would leave the reader alone.
 */
export function noOtherWord(command: Command): Command {
  return command.allowExcessArguments(true).hook('preAction', (_, called) => {
    const [word] = called === command ? command.args : [];
    if (word === undefined) return;
    const words = command.commands.map((one) => one.name()).join(', ');
    throw new UserError(`ropo ${command.name()} has no word "${word}"; it has ${words}`);
  });
}
