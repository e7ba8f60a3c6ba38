import {
  type CognitoIdentityProviderClient,
  DescribeUserPoolClientCommand,
  ListUserPoolClientsCommand,
} from '@aws-sdk/client-cognito-identity-provider';

export interface TokenPlace {
  userPoolId: string;
  /** Origin of the page that people sign in on. */
  signInUrl: string;
  /** What the token is for, as ropo/manager. */
  scope: string;
}

/**
 * An access token of the deployment's program: of the client of the pool that has a secret and may have this scope.
 * @throws Error where there is no such client, or it gets no token
 */
export async function programToken(
  client: CognitoIdentityProviderClient,
  { userPoolId, signInUrl, scope }: TokenPlace,
): Promise<string> {
  const { id, secret } = await programOf(client, userPoolId, scope);
  const response = await fetch(`${signInUrl}/oauth2/token`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope }).toString(),
  });
  const { access_token } = (await response.json().catch(() => ({}))) as { access_token?: string };
  if (access_token === undefined)
    throw new Error(`${signInUrl} gave no token for ${scope}: it answered ${response.status}`);
  return access_token;
}

async function programOf(
  client: CognitoIdentityProviderClient,
  userPoolId: string,
  scope: string,
): Promise<{ id: string; secret: string }> {
  const { UserPoolClients = [] } = await client.send(
    new ListUserPoolClientsCommand({ UserPoolId: userPoolId, MaxResults: 60 }),
  );
  for (const { ClientId } of UserPoolClients) {
    const { UserPoolClient } = await client.send(
      new DescribeUserPoolClientCommand({ UserPoolId: userPoolId, ClientId }),
    );
    if (UserPoolClient?.ClientSecret && UserPoolClient.AllowedOAuthScopes?.includes(scope))
      return { id: ClientId!, secret: UserPoolClient.ClientSecret };
  }
  throw new Error(`The user pool ${userPoolId} has no program with the scope ${scope}`);
}
