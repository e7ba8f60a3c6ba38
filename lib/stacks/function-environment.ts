import type { FunctionEnvironment } from '../adapters/aws/environment.ts';

type Name = keyof FunctionEnvironment;

/**
 * The functions of functions/ and what each reads from its environment. A stack that leaves one of its names out does not
 * compile; a test compares the names with what the function's source reads.
 */
export const FUNCTION_READS = {
  collect: ['ROPO_STREAM', 'ROPO_LAKE_BUCKET', 'ROPO_SECRET'],
  ingest: [
    'ROPO_LAKE_BUCKET',
    'ROPO_SECRET',
    'ROPO_IDENTITIES_TABLE',
    'ROPO_REGISTRY_TABLE',
    'ROPO_DELIVERY_PREFIX',
    'ROPO_MATCHES_UNKNOWN_CONSENT',
  ],
  'import-files': ['ROPO_LAKE_BUCKET', 'ROPO_SECRET', 'ROPO_REGISTRY_TABLE', 'ROPO_DELIVERY_PREFIX'],
  'build-tables': [
    'ROPO_LAKE_BUCKET',
    'ROPO_WORKGROUP',
    'ROPO_RAW_DATABASE',
    // To erase persons.
    'ROPO_SECRET',
    'ROPO_IDENTITIES_TABLE',
    'ROPO_REGISTRY_TABLE',
  ],
  'fit-models': ['ROPO_LAKE_BUCKET', 'ROPO_WORKGROUP', 'ROPO_RAW_DATABASE'],
  'kpi-api': ['ROPO_LAKE_BUCKET', 'ROPO_WORKGROUP', 'ROPO_TOKEN_ISSUER', 'ROPO_TOKEN_AUDIENCE'],
  'publish-page': ['ROPO_PAGE_BUCKET', 'ROPO_PAGE_SETTINGS'],
} as const satisfies Record<string, readonly Name[]>;

export type FunctionName = keyof typeof FUNCTION_READS;
export const FUNCTION_NAMES = Object.keys(FUNCTION_READS) as FunctionName[];

/** Exactly what a function reads. */
export type EnvironmentOf<Of extends FunctionName> = Pick<
  FunctionEnvironment,
  (typeof FUNCTION_READS)[Of][number]
>;
