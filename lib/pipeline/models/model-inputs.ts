import {
  type GroupedPaths,
  type GroupTransform,
  groupPaths,
} from '../../domain/attribution/grouped-paths.ts';
import type { JourneyRows } from '../../domain/attribution/journeys.ts';
import type { HazardJourneys } from '../../domain/attribution/model-replicates.ts';
import type { PathCounts } from '../../domain/attribution/paths.ts';
import type { Cell, ColumnArray, Warehouse } from '../../ports.ts';
import { readSqlFolder } from '../sql-files.ts';

const queries = new Map(readSqlFolder('fitting').map((file) => [file.name, file.select]));

/** Runs a query of sql/fitting. */
export async function readFitting(
  warehouse: Warehouse,
  name: string,
  parameters?: readonly Cell[],
): Promise<Record<string, ColumnArray>> {
  return warehouse.columns(queries.get(name)!, parameters);
}

/** Channels, and groups of channel and campaign, by their numbers. */
export interface TouchGroups {
  channels: string[];
  /** By channel_campaign_no: its channel's number, and its campaign. */
  channelOf: Int32Array;
  campaigns: string[];
  isDirect: Uint8Array;
}

export async function readTouchGroups(warehouse: Warehouse): Promise<TouchGroups> {
  const { channel } = await warehouse.columns('SELECT channel FROM channels ORDER BY channel_no');
  const groups = await readFitting(warehouse, 'touch_groups');
  return {
    channels: channel as string[],
    channelOf: groups.channel_no as Int32Array,
    campaigns: groups.campaign_group as string[],
    isDirect: Uint8Array.from(groups.channel as string[], (name) => (name === 'Direct' ? 1 : 0)),
  };
}

/** The distinct paths, each step a channel_campaign_no; path p is path_no p. */
export async function readPaths(warehouse: Warehouse, { channelOf }: TouchGroups): Promise<PathCounts> {
  const rows = await readFitting(warehouse, 'paths');
  const texts = rows.numbered_path as string[];
  const starts = new Int32Array(texts.length + 1);
  let steps = new Uint16Array(Math.max(16, texts.length * 8));
  let length = 0;
  for (const [path, text] of texts.entries()) {
    let number = 0;
    if (length + text.length > steps.length) {
      const larger = new Uint16Array(steps.length * 2 + text.length);
      larger.set(steps);
      steps = larger;
    }
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === 32) {
        steps[length++] = number;
        number = 0;
      } else {
        number = number * 10 + code - 48;
      }
    }
    steps[length++] = number;
    starts[path + 1] = length;
  }
  return {
    channels: Array.from(channelOf, (_, index) => String(index)),
    starts,
    steps: steps.slice(0, length),
    conversions: rows.conversions as Float64Array,
    nulls: rows.nulls as Float64Array,
    values: new Float64Array(texts.length),
  };
}

/** A level of detail that a model is fitted at: the paths as it sees them, and the group of each channel and campaign. */
export interface ModelLevel {
  paths: GroupedPaths;
  /** By channel_campaign_no. */
  groupOf: Int32Array;
  /** By group: its channel's number, and its campaign; null where it holds all of the channel's. */
  channelOf: Int32Array;
  campaigns: readonly (string | null)[];
}

export function levelOf(
  level: 'channel' | 'campaign',
  { channels, channelOf, campaigns, isDirect }: TouchGroups,
  paths: PathCounts,
  transform: GroupTransform,
): ModelLevel {
  if (level === 'channel') {
    const grouped = groupPaths(paths, { names: channels, groupOf: channelOf, isDirect, transform });
    const numbers = Int32Array.from(channels, (_, channel) => channel);
    return { paths: grouped, groupOf: channelOf, channelOf: numbers, campaigns: channels.map(() => null) };
  }
  const names = campaigns.map((campaign, group) => `${channels[channelOf[group]!]} / ${campaign}`);
  const groupOf = Int32Array.from(campaigns, (_, group) => group);
  return { paths: groupPaths(paths, { names, groupOf, isDirect, transform }), groupOf, channelOf, campaigns };
}

export async function readJourneys(warehouse: Warehouse): Promise<JourneyRows> {
  const rows = await readFitting(warehouse, 'journeys');
  return {
    person: rows.person_no as Int32Array,
    path: rows.path_no as Int32Array,
    currency: rows.currency_no as Int32Array,
    net: rows.net_minor as Float64Array,
  };
}

/** What the additive hazard is fitted on: conversions with what is left of the touchpoints before them, and exposures. */
export async function readHazardJourneys(
  warehouse: Warehouse,
  channels: number,
  halfLifeDays: number,
): Promise<HazardJourneys> {
  const rows = await readFitting(warehouse, 'hazard_conversions', [halfLifeDays]);
  const exposures = await readFitting(warehouse, 'hazard_exposures', [halfLifeDays]);
  const conversionOf = rows.conversion_no as Int32Array;
  const channelOf = rows.channel_no as Int32Array;
  const count = (conversionOf.at(-1) ?? -1) + 1;
  const starts = new Int32Array(count + 1);
  const channel = new Uint16Array(channelOf.length);
  const kernel = new Float64Array(channelOf.length);
  const person = new Int32Array(count);
  const currency = new Int32Array(count);
  const net = new Float64Array(count);
  let entries = 0;
  for (const [row, conversion] of conversionOf.entries()) {
    person[conversion] = (rows.person_no as Int32Array)[row]!;
    currency[conversion] = channelOf[row]! < 0 ? -1 : (rows.currency_no as Int32Array)[row]!;
    net[conversion] = (rows.net_minor as Float64Array)[row]!;
    if (channelOf[row]! >= 0) {
      channel[entries] = channelOf[row]!;
      kernel[entries++] = (rows.kernel as Float64Array)[row]!;
    }
    starts[conversion + 1] = entries;
  }
  const exposure = {
    person: exposures.person_no as Int32Array,
    channel: exposures.channel_no as Int32Array,
    amount: exposures.exposure as Float64Array,
  };
  const sums = new Float64Array(channels + 1);
  for (const [row, at] of exposure.channel.entries()) sums[at + 1]! += exposure.amount[row]!;
  return {
    data: {
      channels,
      starts,
      channel: channel.slice(0, entries),
      kernel: kernel.slice(0, entries),
      exposures: sums.slice(1),
      baselineExposure: sums[0]!,
    },
    person,
    currency,
    net,
    exposure,
  };
}
