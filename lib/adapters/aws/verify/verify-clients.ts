import { AthenaClient } from '@aws-sdk/client-athena';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SFNClient } from '@aws-sdk/client-sfn';

/** Clients of what checks a deployment, all of one region, with the credentials of the environment. */
export const verifyClients = (region: string) => ({
  athena: new AthenaClient({ region }),
  cloudFormation: new CloudFormationClient({ region }),
  cognito: new CognitoIdentityProviderClient({ region }),
  s3: new S3Client({ region }),
  secrets: new SecretsManagerClient({ region }),
  sfn: new SFNClient({ region }),
});

export type VerifyClients = ReturnType<typeof verifyClients>;
