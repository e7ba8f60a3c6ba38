import { columnsOf, csvBatches, csvOriginal } from './csv-rows.ts';
import type { FoundRecord, InputFile } from './format.ts';
import { withOffset } from './local-time.ts';

/** The stores of the data set do not say where they are; its authors publish times of this zone. */
export const ZONE = 'America/New_York';

export type Campaigns = Map<string, { name: string; start: string }>;

/** The campaigns by their id: the name they go by, and the day they start. */
export async function readCampaigns(files: InputFile[]): Promise<Campaigns> {
  const campaigns: Campaigns = new Map();
  for (const file of files) {
    for await (const { header, rows } of csvBatches(file)) {
      const at = columnsOf(file, header, ['campaign_id', 'campaign_type', 'start_date']);
      for (const row of rows) {
        if (row.unreadable !== undefined) throw new Error(`${file.name} line ${row.line}: ${row.unreadable}`);
        const id = row.cells[at.campaign_id]!;
        campaigns.set(id, {
          name: `Campaign ${id} (${row.cells[at.campaign_type]!})`,
          start: row.cells[at.start_date]!,
        });
      }
    }
  }
  return campaigns;
}

export async function* readProducts(file: InputFile): AsyncGenerator<FoundRecord[]> {
  for await (const { header, rows } of csvBatches(file)) {
    const at = columnsOf(file, header, ['product_id', 'product_category', 'product_type', 'brand']);
    yield rows.map((row): FoundRecord => {
      const place = { kind: 'products' as const, original: csvOriginal(header, row), line: row.line };
      if (row.unreadable !== undefined) return { ...place, unreadable: row.unreadable };
      const id = row.cells[at.product_id]!;
      const value = {
        sku: id,
        product_id: id,
        category: row.cells[at.product_category] || null,
        name: row.cells[at.product_type] || null,
        brand: row.cells[at.brand] || null,
      };
      return { ...place, value };
    });
  }
}

/** Each household that a campaign was sent to is touched by direct mail on the campaign's first day. */
export async function* readTargets(file: InputFile, campaigns: Campaigns): AsyncGenerator<FoundRecord[]> {
  for await (const { header, rows } of csvBatches(file)) {
    const at = columnsOf(file, header, ['campaign_id', 'household_id']);
    yield rows.map((row): FoundRecord => {
      const place = { kind: 'touches' as const, original: csvOriginal(header, row), line: row.line };
      if (row.unreadable !== undefined) return { ...place, unreadable: row.unreadable };
      const [id, household] = [row.cells[at.campaign_id]!, row.cells[at.household_id]!];
      const campaign = campaigns.get(id);
      if (campaign === undefined) return { ...place, unreadable: unknownCampaign(id) };
      const value = {
        touch_id: `campaign-${id}-household-${household}`,
        occurred_at: withOffset(`${campaign.start}T00:00:00`, ZONE),
        touch_type: 'direct_mail',
        channel: 'Direct Mail',
        utm_source: 'retailer',
        utm_medium: 'direct-mail',
        utm_campaign: campaign.name,
        loyalty_id: household,
      };
      return { ...place, value };
    });
  }
}

/**
 * A coupon handed in at the till. Only the day is known; the coupon was in the household's hands before that day's
 * purchase, so the touch is put at the day's beginning. The time of the household's basket would be finer where
 * there is one, but then the touch would depend on which other files came along.
 */
export async function* readRedemptions(file: InputFile, campaigns: Campaigns): AsyncGenerator<FoundRecord[]> {
  for await (const { header, rows } of csvBatches(file)) {
    const at = columnsOf(file, header, ['household_id', 'coupon_upc', 'campaign_id', 'redemption_date']);
    yield rows.map((row): FoundRecord => {
      const place = { kind: 'touches' as const, original: csvOriginal(header, row), line: row.line };
      if (row.unreadable !== undefined) return { ...place, unreadable: row.unreadable };
      const [id, household] = [row.cells[at.campaign_id]!, row.cells[at.household_id]!];
      const [coupon, day] = [row.cells[at.coupon_upc]!, row.cells[at.redemption_date]!];
      const campaign = campaigns.get(id);
      if (campaign === undefined) return { ...place, unreadable: unknownCampaign(id) };
      const value = {
        touch_id: `coupon-${coupon}-campaign-${id}-household-${household}-${day}`,
        occurred_at: withOffset(`${day}T00:00:00`, ZONE),
        touch_type: 'coupon',
        channel: 'Coupon',
        utm_source: 'retailer',
        utm_medium: 'coupon',
        utm_campaign: campaign.name,
        loyalty_id: household,
      };
      return { ...place, value };
    });
  }
}

const unknownCampaign = (id: string) =>
  `unknown_campaign: campaign "${id}" is not in campaign_descriptions.csv, which must be among the files`;
