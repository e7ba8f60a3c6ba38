import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { type HttpApi, HttpStage, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import type { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { Deployment } from './deployment.ts';
import { houseLogs } from './house-logs.ts';

/** What is kept of a request: nothing that tells a person; no query, no header, no address of a network. */
const LOGGED = {
  id: '$context.requestId',
  at: '$context.requestTime',
  route: '$context.routeKey',
  status: '$context.status',
  bytes: '$context.responseLength',
  ms: '$context.responseLatency',
  error: '$context.error.messageString',
  refused: '$context.authorizer.error',
  behind: '$context.integrationErrorMessage',
};

/** The only stage of an HTTP API: at once deployed, with access logs, and no more requests than it is told. */
export function httpStage(
  scope: Construct,
  id: string,
  props: { api: HttpApi; deployment: Deployment; key: Key; rate: { perSecond: number; burst: number } },
): HttpStage {
  const logs = houseLogs(scope, `${id}Logs`, props);
  return new HttpStage(scope, id, {
    httpApi: props.api,
    autoDeploy: true,
    throttle: { rateLimit: props.rate.perSecond, burstLimit: props.rate.burst },
    detailedMetricsEnabled: true,
    accessLogSettings: {
      destination: new LogGroupLogDestination(logs),
      format: AccessLogFormat.custom(JSON.stringify(LOGGED)),
    },
  });
}
