import type { Command } from 'commander';
import { CONTRACTS } from '../../lib/domain/contract/index.ts';
import { say, UserError } from './context.ts';

export function defineContracts(command: Command): Command {
  return command
    .argument('[kind]', `one of: ${Object.keys(CONTRACTS).join(', ')}`)
    .action((kind?: string) => {
      if (kind !== undefined && !Object.hasOwn(CONTRACTS, kind)) {
        throw new UserError(
          `There is no contract "${kind}". The contracts are: ${Object.keys(CONTRACTS).join(', ')}`,
        );
      }
      say(JSON.stringify(kind ? CONTRACTS[kind as keyof typeof CONTRACTS] : CONTRACTS, null, 2));
    });
}
