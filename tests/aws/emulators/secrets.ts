import { createFaults, ServiceError } from './faults.ts';
import { type Emulator, startJsonService } from './json-service.ts';

export interface SecretsEmulator extends Emulator {
  /** Gives a secret another value. */
  put(name: string, value: string): void;
}

/** Secrets Manager, as far as secrets are read. A secret is found by its name, and by an ARN that ends with it. */
export async function startSecrets(secrets: Record<string, string> = {}): Promise<SecretsEmulator> {
  const values = new Map(Object.entries(secrets));
  const listening = await startJsonService({
    faults: createFaults(),
    actions: {
      GetSecretValue({ SecretId }: { SecretId: string }) {
        const name = SecretId.startsWith('arn:') ? SecretId.slice(SecretId.lastIndexOf(':') + 1) : SecretId;
        const value = values.get(name);
        if (value === undefined)
          throw new ServiceError('ResourceNotFoundException', `There is no secret ${SecretId}`);
        return {
          ARN: `arn:aws:secretsmanager:eu-south-1:000000000000:secret:${name}`,
          Name: name,
          SecretString: value,
          VersionStages: ['AWSCURRENT'],
        };
      },
    },
  });
  return {
    ...listening,
    put(name, value) {
      values.set(name, value);
    },
  };
}
