import type { Published } from '../../pipeline/kpi-question.ts';
import type { Answering } from '../answers/answering.ts';
import type { RoleName } from '../roles.ts';
import type { Asked, Wants } from '../wanted-answers.ts';
import type { Preparation } from './build-watch.ts';
import { pageAddresses, pageShopOf } from './page-questions.ts';

/** Prepares a build with what the page asks as readers of some roles open it, and with what was asked last. */
export function pageAnswers(
  { prepare, askedOfLate }: Pick<Answering, 'prepare' | 'askedOfLate'>,
  wants: Readonly<Record<string, Wants>>,
  roles: () => readonly RoleName[],
): Preparation {
  return async function* (build) {
    const shop = await pageShopOf(build);
    for (const role of roles())
      for (const address of pageAddresses(shop, role))
        yield prepareOr(async () => prepare(await wantedAt(wants, address, build, role)));
    for (const wanted of askedOfLate()) yield prepareOr(() => prepare({ ...wanted, build }));
  };
}

/** A question that this build cannot answer is no reason not to prepare the others; whoever asks it is told. */
const prepareOr = (prepare: () => Promise<number>) => prepare().catch(() => null);

function wantedAt(wants: Readonly<Record<string, Wants>>, address: string, build: Published, role: RoleName) {
  const { pathname, searchParams } = new URL(address, 'http://localhost');
  const [path, kpi] = /^(\/v1\/kpis)\/(.+)$/.exec(pathname)?.slice(1) ?? [pathname, undefined];
  const want = wants[kpi === undefined ? path! : '/v1/kpis/:kpi']!;
  const asked: Asked = {
    path: pathname,
    name: kpi ?? '',
    query: searchParams,
    reader: { role, name: '' },
    build,
  };
  return want(asked);
}
