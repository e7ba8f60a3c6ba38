import { ofFigure, type Replicates } from '../../domain/attribution/intervals.ts';
import { countLone, type Dimensions, figureOf } from '../../domain/attribution/journeys.ts';
import {
  type CreditedRows,
  creditedEstimate,
  type Estimate,
  hazardEstimate,
  pathModelEstimate,
} from '../../domain/attribution/model-replicates.ts';
import { replicatesOf } from '../../domain/attribution/replicates.ts';
import type { ColumnArray, Warehouse } from '../../ports.ts';
import type { MakeTable } from '../build-step.ts';
import type { Fits, FittedModel } from './fit-models.ts';
import { writeIntervals } from './interval-tables.ts';
import { readFitting, readJourneys } from './model-inputs.ts';
import { isFitted, type ModelRow } from './model-settings.ts';

/** One model's figures in one currency: by channel, on the data and in every replicate. */
export interface MeasuredModel {
  row: ModelRow;
  currency: number;
  isRefitted: boolean;
  revenue: Float64Array;
  revenueReplicates: Replicates;
  /** NaN where nothing was spent. */
  roas: Float64Array;
  roasReplicates: Replicates;
}

/** Multiplications of one refit up to which every replicate is fitted anew; above it the weights are kept. */
const MOST_WORK_TO_REFIT = 1e8;

/** Resamples persons, works out every model's credit in each replicate, and makes tables of what that says. */
export async function makeIntervals(warehouse: Warehouse, fits: Fits, make: MakeTable): Promise<void> {
  const { settings, touches } = fits;
  const [persons] = await warehouse.query('SELECT count(*) AS n FROM touched_persons');
  const { currency } = await warehouse.columns('SELECT currency FROM currencies ORDER BY currency_no');
  const currencies = currency as string[];
  const dimensions: Dimensions = {
    persons: Number(persons!.n),
    channels: touches.channels.length,
    currencies: currencies.length,
  };
  const isAsked = settings.replicates > 0 && dimensions.persons > 0;
  const measured = isAsked ? await measureModels(warehouse, fits, dimensions) : [];
  await writeIntervals(measured, { settings, channels: touches.channels, currencies }, make);
}

async function measureModels(
  warehouse: Warehouse,
  fits: Fits,
  dimensions: Dimensions,
): Promise<MeasuredModel[]> {
  const { settings } = fits;
  const { replicates, seed } = settings;
  const estimates = await estimatesOf(warehouse, fits, dimensions);
  const size = dimensions.channels * dimensions.currencies;
  const all = replicatesOf(
    { seed, persons: dimensions.persons, replicates, figures: estimates.length * size },
    (drawn) => {
      const block = new Float64Array(estimates.length * size * drawn.replicates);
      for (const [at, { estimate }] of estimates.entries())
        block.set(estimate(drawn), at * size * drawn.replicates);
      return block;
    },
  );
  const booked = await readFitting(warehouse, 'booked');
  const spend = new Float64Array(size);
  addCells(spend, await readFitting(warehouse, 'spent'), 'spend_minor', dimensions);
  return estimates.flatMap(({ row, isRefitted }, at) => {
    const points = new Float64Array(size);
    addCells(points, booked, 'net_minor', dimensions, row.model);
    return Array.from({ length: dimensions.currencies }, (_, currency) => {
      const figures = Array.from({ length: dimensions.channels }, (_, channel) =>
        figureOf(dimensions, channel, currency),
      );
      const revenue = Float64Array.from(figures, (figure) => points[figure]!);
      const own = { values: all.subarray(at * size * replicates), replicates };
      const spent = figures.map((figure) => (spend[figure]! > 0 ? spend[figure]! : Number.NaN));
      return {
        row,
        currency,
        isRefitted,
        revenue,
        revenueReplicates: joined(
          figures.map((figure) => ofFigure(own, figure)),
          replicates,
        ),
        roas: revenue.map((amount, channel) => amount / spent[channel]!),
        roasReplicates: joined(
          figures.map((figure, channel) => ofFigure(own, figure).map((amount) => amount / spent[channel]!)),
          replicates,
        ),
      };
    });
  });
}

function joined(rows: readonly Float64Array[], replicates: number): Replicates {
  const values = new Float64Array(rows.length * replicates);
  for (const [at, row] of rows.entries()) values.set(row, at * replicates);
  return { values, replicates };
}

function addCells(
  to: Float64Array,
  columns: Record<string, ColumnArray>,
  name: string,
  dimensions: Dimensions,
  model?: string,
): void {
  const channel = columns.channel_no as Int32Array;
  const currency = columns.currency_no as Int32Array;
  for (const [row, amount] of (columns[name] as Float64Array).entries()) {
    if (model === undefined || columns.model![row] === model)
      to[figureOf(dimensions, channel[row]!, currency[row]!)]! += amount;
  }
}

interface ModelEstimate {
  row: ModelRow;
  isRefitted: boolean;
  estimate: Estimate;
}

async function estimatesOf(
  warehouse: Warehouse,
  fits: Fits,
  dimensions: Dimensions,
): Promise<ModelEstimate[]> {
  const credited = await readFitting(warehouse, 'credited');
  const journeys = fits.fitted.some(({ pathModel }) => pathModel) ? await readJourneys(warehouse) : null;
  return fits.settings.models.map((row) => {
    const fit = fits.fitted.find((each) => each.row === row);
    if (!isFitted(row) || !fit)
      return { row, isRefitted: true, estimate: creditedEstimate(rowsOf(credited, row.model), dimensions) };
    if (fit.hazard)
      return {
        row,
        isRefitted: true,
        estimate: hazardEstimate(fit.hazard.journeys, fit.hazard.fit, dimensions),
      };
    return { row, ...pathEstimate(fit, journeys!, dimensions) };
  });
}

function pathEstimate(
  { pathModel, level, worth }: FittedModel,
  journeys: Awaited<ReturnType<typeof readJourneys>>,
  dimensions: Dimensions,
): Pick<ModelEstimate, 'isRefitted' | 'estimate'> {
  const isRefitted = pathModel!.work <= MOST_WORK_TO_REFIT;
  const { pathOf, conversions } = level.paths;
  const grouped = countLone(journeys, dimensions.persons, pathOf, conversions.length);
  const kept = isRefitted ? undefined : worth.values;
  const estimate = pathModelEstimate(pathModel!, grouped, dimensions, level.channelOf, kept);
  return { isRefitted, estimate };
}

/** The rows of one model, which stand together. */
function rowsOf(columns: Record<string, ColumnArray>, model: string): CreditedRows {
  const models = columns.model as string[];
  const first = models.indexOf(model);
  const end = first < 0 ? first : models.lastIndexOf(model) + 1;
  return {
    person: (columns.person_no as Int32Array).subarray(first, end),
    channel: (columns.channel_no as Int32Array).subarray(first, end),
    currency: (columns.currency_no as Int32Array).subarray(first, end),
    net: (columns.net_minor as Float64Array).subarray(first, end),
  };
}
