import { Duration, Fn, RemovalPolicy } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  AllowedMethods,
  CachePolicy,
  Distribution,
  HeadersFrameOption,
  HeadersReferrerPolicy,
  HttpVersion,
  OriginProtocolPolicy,
  OriginRequestPolicy,
  ResponseHeadersPolicy,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin, S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type IBucket,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { pagePolicy } from '../domain/page-policy.ts';
import { acknowledge } from './acknowledge.ts';
import type { Deployment } from './deployment.ts';
import { accessLogsBucket } from './lake.ts';

const HSTS = {
  accessControlMaxAge: Duration.days(365),
  includeSubdomains: true,
  override: true,
} as const;

export interface PageProps {
  deployment: Deployment;
  /** Address of the KPI API, as https://id.execute-api.region.amazonaws.com. */
  apiEndpoint: string;
  /** Origin of the page that people sign in on; the page asks it for tokens. */
  hostedUi: string;
}

/** The page: files in a bucket that nobody reaches but CloudFront, which also leads /v1 to the API, so that all is of one origin. */
export class Page extends Construct {
  /** Holds the page's files, which are no secret, and nothing else. */
  readonly bucket: Bucket;
  readonly distribution: Distribution;
  /** As https://figures.example.com. */
  readonly origin: string;

  constructor(scope: Construct, id: string, { deployment, apiEndpoint, hostedUi }: PageProps) {
    super(scope, id);
    const { domain } = deployment;
    // CloudFront writes its logs as an owner of its own.
    const logs = accessLogsBucket(this, 'AccessLogs', deployment, ObjectOwnership.BUCKET_OWNER_PREFERRED);
    this.bucket = new Bucket(this, 'Files', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      serverAccessLogsBucket: logs as IBucket,
      serverAccessLogsPrefix: 'page/',
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const api = new HttpOrigin(Fn.select(2, Fn.split('/', apiEndpoint)), {
      protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY,
    });
    const figures = {
      origin: api,
      viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
      allowedMethods: AllowedMethods.ALLOW_GET_HEAD_OPTIONS,
      // Answers are of one reader. What a build has answered is kept behind the API.
      cachePolicy: CachePolicy.CACHING_DISABLED,
      originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
      responseHeadersPolicy: new ResponseHeadersPolicy(this, 'FiguresHeaders', {
        comment: `Figures of ropo, ${deployment.stage}`,
        securityHeadersBehavior: { strictTransportSecurity: HSTS },
      }),
    };
    this.distribution = new Distribution(this, 'Distribution', {
      comment: `Page of ropo, ${deployment.stage}`,
      defaultRootObject: 'index.html',
      httpVersion: HttpVersion.HTTP2_AND_3,
      enableLogging: true,
      logBucket: logs as IBucket,
      logFilePrefix: 'cloudfront/',
      defaultBehavior: {
        origin: S3BucketOrigin.withOriginAccessControl(this.bucket as IBucket),
        viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        cachePolicy: CachePolicy.CACHING_OPTIMIZED,
        responseHeadersPolicy: pageHeaders(this, deployment, hostedUi),
        compress: true,
      },
      additionalBehaviors: { '/v1': figures, '/v1/*': figures },
      ...(domain === null
        ? {}
        : {
            domainNames: [domain.name],
            certificate: Certificate.fromCertificateArn(this, 'Certificate', domain.certificateArn),
            minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
          }),
    });
    this.origin = `https://${domain?.name ?? this.distribution.distributionDomainName}`;
    acknowledge(this.distribution, {
      'AwsSolutions-CFR1':
        'A shop is read from wherever its people are; who may read is decided by signing in',
      'AwsSolutions-CFR2':
        'Files behind it are static and public, and the API takes signed-in readers at a limited rate; a firewall costs more than all of it',
      ...(domain === null
        ? {
            'AwsSolutions-CFR4':
              'With the name that CloudFront gives comes its certificate, whose protocols cannot be chosen: name a domain in lib/stacks/deployment.ts to have TLS 1.2 at least',
          }
        : {}),
    });
  }
}

const pageHeaders = (scope: Construct, deployment: Deployment, hostedUi: string) =>
  new ResponseHeadersPolicy(scope, 'PageHeaders', {
    comment: `Page of ropo, ${deployment.stage}`,
    securityHeadersBehavior: {
      contentSecurityPolicy: { contentSecurityPolicy: pagePolicy([hostedUi]), override: true },
      contentTypeOptions: { override: true },
      frameOptions: { frameOption: HeadersFrameOption.DENY, override: true },
      referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override: true },
      strictTransportSecurity: HSTS,
    },
    customHeadersBehavior: {
      customHeaders: [
        { header: 'cross-origin-opener-policy', value: 'same-origin', override: true },
        { header: 'cross-origin-resource-policy', value: 'same-origin', override: true },
        { header: 'permissions-policy', value: 'camera=(), geolocation=(), microphone=()', override: true },
      ],
    },
  });
