import { type CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';

/** The stack that `cdk bootstrap` makes, without which nothing can be deployed. */
const BOOTSTRAP = 'CDKToolkit';

export class WrongAccount extends Error {}

/**
 * Makes sure that the credentials are of the account that was named, by the name of its bootstrap stack: so that a region
 * which is not ready is found before anything is made.
 * @throws WrongAccount where they are of another, or the account is not bootstrapped there
 */
export async function checkAccount(
  client: CloudFormationClient,
  account: string,
  region: string,
): Promise<void> {
  const there = await accountOf(client, account, region);
  if (there !== account)
    throw new WrongAccount(
      `The credentials are of account ${there}, not of ${account}. Nothing was made. Give credentials of a throw-away account, and its number as --account`,
    );
}

async function accountOf(client: CloudFormationClient, account: string, region: string): Promise<string> {
  try {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: BOOTSTRAP }));
    const id = Stacks?.[0]?.StackId ?? '';
    // arn:aws:cloudformation:REGION:ACCOUNT:stack/CDKToolkit/ID
    return id.split(':')[4] ?? '';
  } catch (error) {
    if (!(error as Error).message.includes('does not exist')) throw error;
    throw new WrongAccount(
      `The account of these credentials has no stack ${BOOTSTRAP} in ${region}. Nothing was made. Run: npx cdk bootstrap aws://${account}/${region}`,
    );
  }
}
