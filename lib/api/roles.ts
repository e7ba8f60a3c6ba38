import type { Kpi, Measure, Sensitive } from '../domain/kpi.ts';
import { KPIS, kpiNamed } from '../domain/kpi-catalogue.ts';
import { BEFORE } from '../pipeline/compare-answers.ts';

/** What not every reader may know. */
export type Secret = 'margins' | 'cost_rates' | 'customers' | 'plans';

export interface Role {
  /** The only audience that answers are for; null for any. */
  audience: 'outside' | null;
  /** Whether it may ask how a figure was made: with the SQL and its counts, of rows that no privacy rule merged. */
  why: boolean;
  without: readonly Secret[];
}

/** Who reads. */
export const ROLES = {
  manager: { audience: null, why: true, without: [] },
  marketer: { audience: null, why: true, without: ['margins', 'cost_rates'] },
  partner: { audience: 'outside', why: false, without: ['margins', 'cost_rates', 'customers', 'plans'] },
} as const satisfies Record<string, Role>;
export type RoleName = keyof typeof ROLES;
export const ROLE_NAMES = Object.keys(ROLES) as RoleName[];

/** KPIs that tell a secret as a whole. Every other KPI of the catalogue is in OPEN; one that is in neither, managers have. */
const KPI_TELLS: Readonly<Record<string, readonly Secret[]>> = {
  'channel-economics': ['margins', 'cost_rates'],
  'cost-assumptions': ['cost_rates'],
  customers: ['customers'],
  'customer-value-fit': ['customers'],
  'customer-value-calibration': ['customers'],
  // They follow the running quarter day by day: what leaves the company is of whole months.
  targets: ['plans'],
  alerts: ['plans'],
};
const OPEN: ReadonlySet<string> = new Set(
  `attribution attribution-intervals attribution-models model-comparison model-conclusions channel-differences
  ropo ropo-waterfall ropo-grid ropo-lags ropo-extrapolation reconciliation purchases data-quality identity-quality
  returns restatements store-visits footfall showrooming online-to-store collected-orders store-attribution
  paths path-lengths channel-roles journey-flow drop-off channels-per-customer channel-overlap
  stages data-freshness`.split(/\s+/),
);

const EVERYTHING: readonly Secret[] = ['margins', 'cost_rates', 'customers', 'plans'];

/** What a KPI tells as a whole. One that nobody has thought about tells everything. */
export const kpiTells = (name: string): readonly Secret[] =>
  KPI_TELLS[name] ?? (OPEN.has(name) ? [] : EVERYTHING);
export const isThoughtAbout = (name: string) => name in KPI_TELLS || OPEN.has(name);

const SECRET_OF: Readonly<Record<Sensitive, Secret>> = { margin: 'margins', cost: 'cost_rates' };
export const measureTells = ({ sensitive }: Pick<Measure, 'sensitive'>): readonly Secret[] =>
  sensitive ? [SECRET_OF[sensitive]] : [];

const may = (role: RoleName, secrets: readonly Secret[]) =>
  !secrets.some((secret) => (ROLES[role].without as readonly Secret[]).includes(secret));

export const mayAsk = (role: RoleName, kpi: string) => may(role, kpiTells(kpi));
export const maySee = (role: RoleName, measure: Pick<Measure, 'sensitive'>) =>
  may(role, measureTells(measure));
export const mayAskWhy = (role: RoleName, kpi: string) => ROLES[role].why && mayAsk(role, kpi);

/** Roles for which something holds, in the order of the table. */
export const rolesThat = (holds: (role: RoleName) => boolean) => ROLE_NAMES.filter(holds);

/** The KPIs that a role may ask for, each with the measures that it may see. */
export const kpisOf = (role: RoleName): Kpi[] =>
  KPIS.filter(({ name }) => mayAsk(role, name)).map((kpi) => ({
    ...kpi,
    measures: kpi.measures.filter((measure) => maySee(role, measure)),
  }));

/** Columns of a KPI's answers that a role may not see: measures, and what they were in the period before. */
export const hiddenColumns = (role: RoleName, kpi: Kpi): ReadonlySet<string> =>
  new Set(
    kpi.measures
      .filter((measure) => !maySee(role, measure))
      .flatMap(({ name }) => [name, `${name}${BEFORE}`]),
  );

/** Whether a role sees a row: where rows are figures of many kinds, not those that some may not know. */
export function mayReadRow(role: RoleName, kpi: string, row: Readonly<Record<string, unknown>>): boolean {
  const its = kpiNamed(kpi)?.sensitiveRows;
  return (
    its === undefined || ROLES[role].without.length === 0 || !its.names.includes(String(row[its.column]))
  );
}
export const hasRowsOfFigures = (kpi: string) => kpiNamed(kpi)?.sensitiveRows !== undefined;
