import { CONTRACTS, RECORD_KINDS, type RecordKind } from '../domain/contract/index.ts';
import type { ApiReader } from './access/access.ts';
import { Problem } from './problem.ts';
import { kpisOf } from './roles.ts';

/** @throws Problem (404) */
export function contractNamed(kind: string) {
  if (Object.hasOwn(CONTRACTS, kind)) return CONTRACTS[kind as RecordKind];
  throw new Problem('not-found', {
    detail: `No contract is called "${kind.slice(0, 80)}"`,
    field: 'kind',
    value: kind,
    allowed: RECORD_KINDS,
  });
}

/** Where everything is that a reader may ask for. */
export function indexFor({ role }: ApiReader) {
  return {
    name: 'ropo',
    version: 1,
    role,
    kpis: kpisOf(role).map(({ name }) => `/v1/kpis/${name}`),
    contracts: RECORD_KINDS.map((kind) => `/v1/contracts/${kind}`),
    choices: '/v1/choices',
    build: '/v1/build',
    openapi: '/v1/openapi.json',
    client: '/v1/client.ts',
  };
}

export const contractList = () =>
  RECORD_KINDS.map((kind) => ({ kind, id: CONTRACTS[kind].$id, url: `/v1/contracts/${kind}` }));
