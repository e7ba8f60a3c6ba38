import type { Kpi } from '../domain/kpi.ts';
import { kpiGuide } from '../domain/kpi-guide.ts';
import { type BuildFacts, factsOf } from '../pipeline/build-facts.ts';
import { choicesOf } from '../pipeline/choices.ts';
import type { Published } from '../pipeline/kpi-question.ts';
import { readsOf } from '../pipeline/report-kpi.ts';
import type { Access, ApiReader } from './access/access.ts';
import type { Wanted } from './answers/answering.ts';
import { representation } from './answers/representation.ts';
import { clientSource } from './client/client-source.ts';
import { checkMayAskWhy, kpiFor, questionAs, writtenAnswer, writtenReasons } from './kpi-answers.ts';
import {
  type Parameter,
  parametersOf,
  readParameters,
  readQuestion,
  whyParametersOf,
} from './kpi-parameters.ts';
import { openApiDocument } from './openapi/document.ts';
import { Problem } from './problem.ts';
import { kpisOf, ROLES } from './roles.ts';
import { contractList, contractNamed, indexFor } from './shop-resources.ts';

/** A request, as far as answers depend on it. */
export interface Asked {
  path: string;
  /** The KPI or contract that the path names. */
  name: string;
  query: URLSearchParams;
  reader: ApiReader;
  /** The build that readers see; null before the first. */
  build: Published | null;
}

/**
 * What is wanted at an address.
 * @throws Problem where that cannot be
 */
export type Wants = (asked: Asked) => Wanted | Promise<Wanted>;

const guideOf = (kpi: Kpi) => kpiGuide(kpi, readsOf(kpi));

interface KpiParameters {
  answers: readonly Parameter[];
  reasons: readonly Parameter[];
}
const knownParameters = new WeakMap<BuildFacts, Map<string, KpiParameters>>();

/** What can be asked about a KPI in a build, made once. */
function parametersFor(kpi: Kpi, facts: BuildFacts): KpiParameters {
  const known = knownParameters.get(facts) ?? new Map<string, KpiParameters>();
  knownParameters.set(facts, known);
  const before = known.get(kpi.name);
  if (before) return before;
  const models = [...facts.models.keys()];
  const made = { answers: parametersOf(kpi, models), reasons: whyParametersOf(kpi, models) };
  known.set(kpi.name, made);
  return made;
}

function built({ build }: Asked): Published {
  if (!build) throw new Problem('nothing-built');
  return build;
}

/** What is the same for every reader of a role while a build is the published one. */
function same(
  { path, query, reader, build }: Asked,
  make: (build: Published | null) => unknown,
  type = 'application/json',
): Wanted {
  readParameters(query, []);
  return {
    build,
    key: JSON.stringify([path, reader.role]),
    reader: reader.name,
    make: async (its) => {
      const content = await make(its);
      return representation(type, typeof content === 'string' ? content : JSON.stringify(content));
    },
  };
}

const answerOf: Wants = async (asked) => {
  const { role, name } = asked.reader;
  const kpi = kpiFor(role, asked.name);
  const build = built(asked);
  const { answers } = parametersFor(kpi, await factsOf(build));
  const question = questionAs(role, readQuestion(kpi, asked.query, answers));
  return {
    build,
    key: JSON.stringify(['kpi', role, question]),
    reader: name,
    make: (its) => writtenAnswer(its!, role, question),
  };
};

const reasonsOf: Wants = async (asked) => {
  const { role, name } = asked.reader;
  const kpi = kpiFor(role, asked.name);
  checkMayAskWhy(role, kpi.name);
  const build = built(asked);
  const { reasons } = parametersFor(kpi, await factsOf(build));
  const { label } = readParameters(asked.query, reasons);
  const { format, ...question } = questionAs(role, readQuestion(kpi, asked.query, reasons));
  return {
    build,
    key: JSON.stringify(['why', role, question, label]),
    reader: name,
    make: (its) => writtenReasons(its!, role, { ...question, label }),
  };
};

const aboutBuild: Wants = (asked) => {
  built(asked);
  const isPartner = ROLES[asked.reader.role].audience === 'outside';
  return same(asked, (its) => {
    const { tables, ...about } = its!.manifest;
    return isPartner ? about : { ...about, tables };
  });
};

const choices: Wants = (asked) => {
  built(asked);
  return same(asked, (its) => choicesOf(its!));
};

/** Every address of the API, and what is wanted there. */
export function wantedAnswers(access: Access): Record<string, Wants> {
  const document = async (build: Published | null) => {
    const models = build ? [...(await factsOf(build)).models.keys()] : null;
    return openApiDocument({ models, access });
  };
  const client = async (build: Published | null) => clientSource(await document(build));
  return {
    '/v1': (asked) => same(asked, () => indexFor(asked.reader)),
    '/v1/kpis': (asked) => same(asked, () => kpisOf(asked.reader.role).map(guideOf)),
    '/v1/kpis/:kpi': answerOf,
    '/v1/kpis/:kpi/why': reasonsOf,
    '/v1/choices': choices,
    '/v1/build': aboutBuild,
    '/v1/contracts': (asked) => same(asked, contractList),
    '/v1/contracts/:kind': (asked) => same(asked, () => contractNamed(asked.name)),
    '/v1/openapi.json': (asked) => same(asked, document),
    '/v1/client.ts': (asked) => same(asked, client, 'text/plain; charset=utf-8'),
  };
}
