import { join } from 'node:path';
import { CfnOutput, CustomResource, Duration, FileSystem, Fn, Stack } from 'aws-cdk-lib';
import { HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { UserPoolClient } from 'aws-cdk-lib/aws-cognito';
import type { Construct } from 'constructs';
import type { PageSettings } from '../domain/page-settings.ts';
import { allow, allowObjects, arnFor } from './allow.ts';
import { HouseFunction } from './house-function.ts';
import { httpStage } from './http-stage.ts';
import type { House, IngestStack, RopoStackProps } from './ingest-stack.ts';
import { LAKE } from './lake.ts';
import { Page } from './page.ts';
import { PAGE_SCOPES, SignIn } from './sign-in.ts';
import { allowQueries } from './warehouse-access.ts';
import type { WarehouseStack } from './warehouse-stack.ts';

export interface ServeStackProps extends RopoStackProps {
  ingest: IngestStack;
  warehouse: WarehouseStack;
}

/** What readers meet: the page, signing in, and the KPI API. */
export class ServeStack extends Stack {
  readonly api: HttpApi;
  readonly page: Page;
  readonly signIn: SignIn;
  readonly kpiApi: HouseFunction<'kpi-api'>;
  readonly publishPage: HouseFunction<'publish-page'>;

  constructor(scope: Construct, id: string, props: ServeStackProps) {
    super(scope, id, props);
    const { deployment, bundles, ingest, warehouse } = props;
    const house = { deployment, bundles, key: ingest.key };
    this.signIn = new SignIn(this, 'SignIn', { deployment });
    this.api = new HttpApi(this, 'KpiApi', {
      apiName: `ropo-${deployment.stage}-kpi`,
      description: `KPI API of ropo, ${deployment.stage}`,
      createDefaultStage: false,
    });
    httpStage(this, 'KpiStage', { api: this.api, deployment, key: ingest.key, rate: deployment.apiRate });
    const { hostedUi } = this.signIn;
    this.page = new Page(this, 'Page', { deployment, apiEndpoint: this.api.apiEndpoint, hostedUi });

    const pageClient = this.signIn.pageClient(this.page.origin);
    const clients = [pageClient, ...this.signIn.programClients(deployment.programs)];
    const issuer = `https://cognito-idp.${deployment.region}.amazonaws.com/${this.signIn.pool.userPoolId}`;
    this.kpiApi = this.#kpiApi(house, { ingest, warehouse, issuer, clients });
    this.#routes(issuer, clients);
    this.publishPage = this.#publishPage(house, {
      sign_in: { hosted_ui: hostedUi, client_id: pageClient.userPoolClientId, scopes: PAGE_SCOPES },
    });
    this.#outputs(pageClient);
  }

  #kpiApi(
    house: House,
    {
      ingest,
      warehouse,
      issuer,
      clients,
    }: Pick<ServeStackProps, 'ingest' | 'warehouse'> & { issuer: string; clients: UserPoolClient[] },
  ): HouseFunction<'kpi-api'> {
    const kpiApi = new HouseFunction(this, 'KpiFunction', {
      ...house,
      name: 'kpi-api',
      memoryMb: 1024,
      // API Gateway gives up after 30 seconds; the function itself answers before that.
      timeout: Duration.seconds(29),
      concurrency: house.deployment.concurrency['kpi-api'],
      environment: {
        ROPO_LAKE_BUCKET: ingest.buckets.lake.bucketName,
        ROPO_WORKGROUP: warehouse.workgroupName,
        ROPO_TOKEN_ISSUER: issuer,
        ROPO_TOKEN_AUDIENCE: Fn.join(
          ',',
          clients.map(({ userPoolClientId }) => userPoolClientId),
        ),
      },
    });
    allowQueries(kpiApi.role, { ingest, workgroup: warehouse.workgroupName, makesTables: false });
    // Answers of a build are kept beside its tables.
    allowObjects(
      kpiApi.role,
      arnFor(kpiApi.role, ingest.buckets.lake),
      [`${LAKE.builds}/*/answers`],
      ['write'],
    );
    return kpiApi;
  }

  #routes(issuer: string, clients: UserPoolClient[]): void {
    const authorizer = new HttpJwtAuthorizer('Readers', issuer, {
      jwtAudience: clients.map(({ userPoolClientId }) => userPoolClientId),
    });
    const integration = new HttpLambdaIntegration('Kpi', this.kpiApi.function);
    for (const path of ['/v1', '/v1/{path+}'])
      this.api.addRoutes({ path, methods: [HttpMethod.GET, HttpMethod.HEAD], integration, authorizer });
  }

  #publishPage(house: House, settings: PageSettings): HouseFunction<'publish-page'> {
    const publishPage = new HouseFunction(this, 'PublishPage', {
      ...house,
      name: 'publish-page',
      memoryMb: 512,
      timeout: Duration.minutes(2),
      // CloudFormation does not wait for it, and hears from it by another way.
      triesAgain: 1,
      environment: {
        ROPO_PAGE_BUCKET: this.page.bucket.bucketName,
        ROPO_PAGE_SETTINGS: this.toJsonString(settings),
      },
    });
    allow(publishPage.role, {
      actions: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
      resources: [`${this.page.bucket.bucketArn}/*`],
      because: 'The bucket holds the files of the page alone, and this function puts all of them',
    });
    allow(publishPage.role, { actions: ['s3:ListBucket'], resources: [this.page.bucket.bucketArn] });
    const published = new CustomResource(this, 'PublishedPage', {
      serviceToken: publishPage.function.functionArn,
      resourceType: 'Custom::RopoPage',
      // Without an answer a stack would wait for an hour.
      serviceTimeout: Duration.minutes(10),
      properties: {
        // Another page, or other settings, are published anew.
        contents: FileSystem.fingerprint(join(house.bundles, 'publish-page')),
        settings: this.toJsonString(settings),
      },
    });
    published.node.addDependency(this.page.bucket, publishPage.role);
    return publishPage;
  }

  #outputs(pageClient: UserPoolClient): void {
    const { userPoolId } = this.signIn.pool;
    new CfnOutput(this, 'PageUrl', { description: 'The figures', value: this.page.origin });
    new CfnOutput(this, 'ApiUrl', { description: 'The KPI API', value: `${this.api.apiEndpoint}/v1` });
    new CfnOutput(this, 'UserPoolId', { value: userPoolId });
    new CfnOutput(this, 'UserPoolClientId', { value: pageClient.userPoolClientId });
    new CfnOutput(this, 'SignInUrl', { value: this.signIn.hostedUi });
    new CfnOutput(this, 'FirstReader', {
      description: 'Invites a first reader and lets them read everything',
      value: Fn.join(' ', [
        'aws cognito-idp admin-create-user --user-pool-id',
        userPoolId,
        '--username you@example.com && aws cognito-idp admin-add-user-to-group --user-pool-id',
        userPoolId,
        '--username you@example.com --group-name manager',
      ]),
    });
  }
}
