import { createRequire } from 'node:module';

/**
 * How aws-cdk-lib does things: as it recommends today. They stand here and not in cdk.json, so that the command line and
 * tests describe the same.
 */
export const FEATURE_FLAGS: Readonly<Record<string, unknown>> = {
  ...(createRequire(import.meta.url)('aws-cdk-lib/recommended-feature-flags.json') as object),
  // A stack that another one needs cannot lose what that one reads: CloudFormation refuses.
  '@aws-cdk/core:defaultCrossStackReferences': 'strong',
};

/** What CloudFormation would not take is an error and no warning. */
export const STRICT: Readonly<Record<string, unknown>> = {
  '@aws-cdk/core:validateAgainstDefaultRules': true,
};
