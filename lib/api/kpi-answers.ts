import type { Kpi } from '../domain/kpi.ts';
import { kpiNamed } from '../domain/kpi-catalogue.ts';
import { whyFigure } from '../pipeline/explain-figure.ts';
import type { KpiAnswer } from '../pipeline/kpi-answer.ts';
import { BadQuestion, type KpiQuestion, OldBuild, type Published } from '../pipeline/kpi-question.ts';
import { reportKpi } from '../pipeline/report-kpi.ts';
import { showKpi } from '../report/show-kpi.ts';
import { answerFor, pagesAfterwards } from './answers/answer-for-role.ts';
import { parquetOf } from './answers/parquet.ts';
import { type Representation, representation } from './answers/representation.ts';
import type { AnswerFormat, ReadQuestion } from './kpi-parameters.ts';
import { Problem } from './problem.ts';
import { hiddenColumns, kpisOf, mayAsk, mayAskWhy, ROLES, type RoleName, rolesThat } from './roles.ts';

/**
 * The KPI of a name, where a role may ask for it.
 * @throws Problem (404, 403)
 */
export function kpiFor(role: RoleName, name: string): Kpi {
  const kpi = kpiNamed(name);
  if (!kpi)
    throw new Problem('not-found', {
      detail: `No KPI is called "${name.slice(0, 80)}"`,
      field: 'kpi',
      value: name,
      allowed: kpisOf(role).map((one) => one.name),
    });
  if (!mayAsk(role, name))
    throw notFor(
      role,
      'kpi',
      name,
      rolesThat((one) => mayAsk(one, name)),
    );
  return kpi;
}

/** @throws Problem (403) where a role may not ask how figures were made */
export function checkMayAskWhy(role: RoleName, name: string): void {
  if (!mayAskWhy(role, name))
    throw notFor(
      role,
      'why',
      name,
      rolesThat((one) => mayAskWhy(one, name)),
    );
}

function notFor(role: RoleName, field: string, value: string, roles: readonly RoleName[]): Problem {
  const what = field === 'why' ? `how figures of ${value} were made` : value;
  return new Problem('not-permitted', {
    detail: `As ${role} you may not see ${what}; ${roles.join(', ')} may`,
    field,
    value,
    role,
    roles_allowed: roles,
  });
}

/**
 * A question as a role asks it: for its audience.
 * @throws Problem (403) where it asks for another
 */
export function questionAs(role: RoleName, question: ReadQuestion): ReadQuestion {
  const { audience } = ROLES[role];
  if (audience !== null && question.audience !== undefined && question.audience !== audience)
    throw notFor(
      role,
      'audience',
      question.audience,
      rolesThat((one) => ROLES[one].audience === null),
    );
  return { ...question, audience: audience ?? question.audience ?? 'inside' };
}

/** The answer to a question as a role may see it, written in the format asked for. */
export async function writtenAnswer(
  published: Published,
  role: RoleName,
  { format, ...question }: ReadQuestion,
): Promise<Representation> {
  const asked = pagesAfterwards(role, question.kpi)
    ? { ...question, limit: undefined, offset: undefined }
    : question;
  const answer = answerFor(role, await possible(() => reportKpi(published, asked)), question);
  return write(answer, format);
}

function write(answer: KpiAnswer, format: AnswerFormat): Representation {
  const fileName = [answer.kpi, answer.by, answer.period.from, answer.period.to]
    .filter((part) => part !== null)
    .join('_');
  if (format === 'parquet')
    return representation('application/vnd.apache.parquet', parquetOf(answer), `${fileName}.parquet`);
  if (format === 'csv')
    return representation('text/csv; charset=utf-8', showKpi(answer, 'csv'), `${fileName}.csv`);
  return representation('application/json', JSON.stringify(answer));
}

/** How the figures of a question were made, as a role may see it. */
export async function writtenReasons(
  published: Published,
  role: RoleName,
  question: KpiQuestion & { label?: string | undefined },
): Promise<Representation> {
  const why = await possible(() => whyFigure(published, question));
  const seen = answerFor(role, { ...why.answer, rows: why.rows }, {});
  const { rows, ...answer } = seen;
  const hidden = hiddenColumns(role, kpiNamed(question.kpi)!);
  const measures = why.kpi.measures.filter(({ name }) => !hidden.has(name));
  return representation(
    'application/json',
    JSON.stringify({ ...why, kpi: { ...why.kpi, measures }, answer, rows }),
  );
}

/** What fits each parameter by itself and still cannot be asked is a question that is impossible. */
async function possible<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof OldBuild) throw new Problem('old-build', { detail: error.message });
    if (!(error instanceof BadQuestion)) throw error;
    const { message, field, value, allowed } = error;
    throw new Problem('impossible-question', { detail: message, field, value, allowed });
  }
}
