/** What the stacks tell of themselves and the check needs, by stack. */
export const NEEDED_OUTPUTS = {
  Ingest: ['CollectorUrl', 'DropBucket', 'LakeBucket', 'SecretArn'],
  Warehouse: ['Workgroup', 'BuildMachineArn'],
  Serve: ['ApiUrl', 'PageUrl', 'UserPoolId', 'SignInUrl'],
} as const;

type Output = (typeof NEEDED_OUTPUTS)[keyof typeof NEEDED_OUTPUTS][number];
export type Outputs = Record<Output, string>;

/** Outputs by stack, as `cdk deploy --outputs-file` writes them. */
export type StackOutputs = Record<string, Record<string, string>>;

export const stackName = (stage: string, part: string) => `Ropo-${stage}-${part}`;

/**
 * Every output that is needed.
 * @throws Error naming all that are missing
 */
export function outputsOf(written: StackOutputs, stage: string): Outputs {
  const found: Partial<Outputs> = {};
  const missing: string[] = [];
  for (const [part, names] of Object.entries(NEEDED_OUTPUTS))
    for (const name of names) {
      const value = written[stackName(stage, part)]?.[name];
      if (value === undefined) missing.push(`${stackName(stage, part)}.${name}`);
      else found[name as Output] = value;
    }
  if (missing.length > 0) throw new Error(`The stacks do not tell of ${missing.join(', ')}`);
  return found as Outputs;
}
