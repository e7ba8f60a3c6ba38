import { Aws, Duration } from 'aws-cdk-lib';
import {
  AccountRecovery,
  CfnUserPoolGroup,
  FeaturePlan,
  Mfa,
  OAuthScope,
  ResourceServerScope,
  UserPool,
  type UserPoolClient,
} from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import { removalOf } from './data-key.ts';
import type { Deployment } from './deployment.ts';
import { READER_ROLES } from './reader-roles.ts';

/** What the page asks of a reader's account. */
export const PAGE_SCOPES = ['openid', 'email'] as const;

export interface SignInProps {
  deployment: Deployment;
}

/**
 * Who may read: people, who are invited and belong to a group that is named like their role, and programs, each a client
 * with the scope ropo/<role>.
 */
export class SignIn extends Construct {
  readonly pool: UserPool;
  /** Origin of the page that people sign in on. */
  readonly hostedUi: string;

  constructor(scope: Construct, id: string, { deployment }: SignInProps) {
    super(scope, id);
    this.pool = new UserPool(this, 'Pool', {
      selfSignUpEnabled: false,
      signInAliases: { email: true },
      signInCaseSensitive: false,
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      mfa: Mfa.REQUIRED,
      mfaSecondFactor: { sms: false, otp: true },
      passwordPolicy: {
        minLength: 12,
        requireLowercase: true,
        requireUppercase: true,
        requireDigits: true,
        requireSymbols: true,
        tempPasswordValidity: Duration.days(3),
      },
      featurePlan: FeaturePlan.ESSENTIALS,
      deletionProtection: deployment.removal === 'keep',
      removalPolicy: removalOf(deployment),
      userInvitation: {
        emailSubject: 'Your access to the figures',
        emailBody: 'Sign in as {username} with the password {####}; you choose your own then.',
      },
    });
    acknowledge(this.pool, {
      'AwsSolutions-COG8':
        'The plan with threat protection is priced per reader and guards open sign-up; here people are invited and need a second factor',
    });
    for (const role of READER_ROLES)
      new CfnUserPoolGroup(this, `Group-${role}`, {
        userPoolId: this.pool.userPoolId,
        groupName: role,
        description: `Reads the figures as ${role}`,
        precedence: READER_ROLES.indexOf(role),
      });
    // Such names are one for all accounts of a region.
    const prefix = `ropo-${deployment.stage}-${Aws.ACCOUNT_ID}`;
    this.pool.addDomain('Domain', { cognitoDomain: { domainPrefix: prefix } });
    this.hostedUi = `https://${prefix}.auth.${deployment.region}.amazoncognito.com`;
  }

  /** The page's own client: no secret, PKCE, and back to the page alone. */
  pageClient(origin: string): UserPoolClient {
    return this.pool.addClient('Page', {
      generateSecret: false,
      preventUserExistenceErrors: true,
      authFlows: {},
      oAuth: {
        flows: { authorizationCodeGrant: true },
        scopes: [OAuthScope.OPENID, OAuthScope.EMAIL],
        callbackUrls: [`${origin}/`],
        logoutUrls: [`${origin}/`],
      },
      accessTokenValidity: Duration.minutes(30),
      idTokenValidity: Duration.minutes(30),
      refreshTokenValidity: Duration.days(1),
      enableTokenRevocation: true,
    });
  }

  /** A client per program of the deployment, with a secret, which gets tokens of its own role only. */
  programClients(programs: Deployment['programs']): UserPoolClient[] {
    if (Object.keys(programs).length === 0) return [];
    const scopes = new Map(
      READER_ROLES.map((role) => [
        role,
        new ResourceServerScope({ scopeName: role, scopeDescription: `Reads the figures as ${role}` }),
      ]),
    );
    const server = this.pool.addResourceServer('Roles', { identifier: 'ropo', scopes: [...scopes.values()] });
    return Object.entries(programs).map(([name, role]) =>
      this.pool.addClient(`Program-${name}`, {
        generateSecret: true,
        authFlows: {},
        oAuth: {
          flows: { clientCredentials: true },
          scopes: [OAuthScope.resourceServer(server, scopes.get(role)!)],
        },
        accessTokenValidity: Duration.minutes(30),
        enableTokenRevocation: true,
      }),
    );
  }
}
