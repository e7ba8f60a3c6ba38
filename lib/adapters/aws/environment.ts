/**
 * What a function is told by its environment. The stacks set these names and the functions read them, so that a name
 * stands in one place. Addresses of services are no part of it: the SDK reads AWS_ENDPOINT_URL_* itself.
 */
export interface FunctionEnvironment {
  /** Name of the Kinesis stream that takes what comes in. */
  ROPO_STREAM: string;
  /** Bucket of landing, raw tables, rejections, large bodies and builds. */
  ROPO_LAKE_BUCKET: string;
  /** Name or ARN of the secret with the shop's identity secret and the keys of its senders and readers. */
  ROPO_SECRET: string;
  /** DynamoDB table of the links between identifiers. */
  ROPO_IDENTITIES_TABLE: string;
  /** DynamoDB table of stores and of the keys of erased persons. */
  ROPO_REGISTRY_TABLE: string;
  /** What the names of the Firehose streams begin with; the raw table follows. */
  ROPO_DELIVERY_PREFIX: string;
  /** Athena workgroup that every query runs in. */
  ROPO_WORKGROUP: string;
  /** Database of landing and raw tables. */
  ROPO_RAW_DATABASE: string;
  /** The shop's setting match_unknown_consent: "true" or "false". */
  ROPO_MATCHES_UNKNOWN_CONSENT: string;
  /** Issuer of the readers' tokens, as an https address. */
  ROPO_TOKEN_ISSUER: string;
  /** Whom the readers' tokens must be for. */
  ROPO_TOKEN_AUDIENCE: string;
  /** Bucket that the page is served from. */
  ROPO_PAGE_BUCKET: string;
  /** What the page needs to know to sign its readers in, as JSON. */
  ROPO_PAGE_SETTINGS: string;
}

/**
 * The variables of these names.
 * @throws Error naming the first that is missing or empty
 */
export function environmentOf<Name extends keyof FunctionEnvironment>(
  names: readonly Name[],
  from: Record<string, string | undefined> = process.env,
): Pick<FunctionEnvironment, Name> {
  return Object.fromEntries(
    names.map((name) => {
      const value = from[name];
      if (value === undefined || value === '')
        throw new Error(
          `The environment variable ${name} is not set: the stack that deploys this function sets it`,
        );
      return [name, value];
    }),
  ) as Pick<FunctionEnvironment, Name>;
}
