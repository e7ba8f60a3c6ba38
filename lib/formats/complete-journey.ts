import {
  type Campaigns,
  readCampaigns,
  readProducts,
  readRedemptions,
  readTargets,
} from './complete-journey-reference.ts';
import { readTransactions } from './complete-journey-transactions.ts';
import type { FoundRecord, ImportFormat, InputFile } from './format.ts';

/** The files of the data set, in the order they are read: what is named by others comes before them. */
const FILES: Record<string, (file: InputFile, campaigns: Campaigns) => AsyncIterable<FoundRecord[]> | null> =
  {
    'products.csv': readProducts,
    'campaigns.csv': readTargets,
    'coupon_redemptions.csv': readRedemptions,
    'transactions.csv': readTransactions,
    'transactions_sample.csv': readTransactions,
    // Read for the others, or without anything that ropo measures.
    'campaign_descriptions.csv': () => null,
    'coupons.csv': () => null,
    'demographics.csv': () => null,
    'promotions.csv': () => null,
    'promotions_sample.csv': () => null,
  };

/**
 * dunnhumby "The Complete Journey" as its R package `completejourney` publishes it, as CSV files. Every row becomes
 * records that depend on that row alone (and on the campaign it names), so the files may be cut and come in pieces.
 */
export const completeJourney: ImportFormat = {
  name: 'complete-journey',
  describes:
    'The Complete Journey: stores, products, receipts, and campaigns and coupon redemptions as touches',
  async *read(files) {
    const unknown = files.filter((file) => !Object.hasOwn(FILES, file.name));
    if (unknown.length > 0) {
      const names = unknown.map((file) => file.name).join(', ');
      throw new Error(`${names}: not a file of complete-journey, which are ${Object.keys(FILES).join(', ')}`);
    }
    const descriptions = files.filter((file) => file.name === 'campaign_descriptions.csv');
    const campaigns = await readCampaigns(descriptions);
    for (const [name, read] of Object.entries(FILES)) {
      for (const file of files) {
        if (file.name === name) yield* read(file, campaigns) ?? [];
      }
    }
  },
};
