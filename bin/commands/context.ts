import { InvalidArgumentError } from 'commander';

/** Exit codes: 0 done, 1 failed, 2 the command was called wrongly, 3 done but some records were set aside. */
export const EXIT = { failed: 1, usage: 2, rejected: 3 } as const;

export interface GlobalOptions {
  data: string;
}

/** An error whose message is all that the user needs: printed without a stack. */
export class UserError extends Error {}

export function wholeNumber(least: number, most: number) {
  return (text: string): number => {
    const number = Number(text);
    if (!/^\d+$/.test(text) || number < least || number > most) {
      throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
    }
    return number;
  };
}

export const say = (text = '') => process.stdout.write(`${text}\n`);
/** Progress and remarks go beside the output, so that it can be piped. */
export const remark = (text: string) => process.stderr.write(`${text}\n`);
