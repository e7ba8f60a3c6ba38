import { expect, test } from 'vitest';
import { addDecimals, type Decimal, parseDecimal, toMinor } from '../../lib/domain/money.ts';
import { completeJourney } from '../../lib/formats/complete-journey.ts';
import { allOf, contractErrors, fileOf, NO_DATA, realFiles, unreadableOf, valuesOf } from './input.ts';

const TRANSACTIONS = `"household_id","store_id","basket_id","product_id","quantity","sales_value","retail_disc","coupon_disc","coupon_match_disc","week","transaction_timestamp"
"2261","309","31","940996",1,3.86,0.43,0,0,5,"2017-01-28 14:06:53"
"2131","309","32","873902",0,4.440892e-16,0.9,0,0,10,"2017-02-28 22:31:57"
"2131","316","33"
`;
const DESCRIPTIONS =
  '"campaign_id","campaign_type","start_date","end_date"\n"8","Type A",2017-05-08,2017-06-25\n';
const CAMPAIGNS = '"campaign_id","household_id"\n"8","105"\n"9","105"\n';
const REDEMPTIONS =
  '"household_id","coupon_upc","campaign_id","redemption_date"\n"105","51380041013","8",2017-12-01\n"105","1","9",2017-12-01\n';
const PRODUCTS =
  '"product_id","manufacturer_id","department","brand","product_category","product_type","package_size"\n"25671","2","GROCERY","National","FRZN ICE","ICE - CRUSHED","22 LB"\n"26081","2","MISC","National",,,\n';

const read = (files: Record<string, string>) =>
  allOf(completeJourney.read(Object.entries(files).map(([name, content]) => fileOf(name, content))));

test('a row of the transactions is a partial receipt, and its store comes ahead of it', async () => {
  const records = await read({ 'transactions_sample.csv': TRANSACTIONS });
  expect(contractErrors(records)).toEqual([]);
  expect(records.map((record) => record.kind)).toEqual(['stores', 'receipts', 'receipts', 'receipts']);
  expect(unreadableOf(records)).toEqual(['4 wrong_column_count']);
  const [store, first, second] = valuesOf(records.slice(0, 3));
  expect(store).toMatchObject({ store_id: '309', time_zone: 'America/New_York', currency: 'USD' });
  expect(first).toEqual({
    receipt_id: '31',
    store_id: '309',
    occurred_at: '2017-01-28 14:06:53',
    loyalty_id: '2261',
    currency: 'USD',
    partial: true,
    lines: [{ sku: '940996', product_id: '940996', quantity: '1', amount: '3.86' }],
  });
  expect(second!.lines).toMatchObject([{ quantity: '0', amount: '4.440892e-16' }]);
});

test('what a record was made from makes it again, in a file of the same name', async () => {
  const records = await read({ 'transactions.csv': TRANSACTIONS });
  const again = await read({ 'transactions.csv': records[2]!.original });
  expect(valuesOf(again, 'receipts')).toEqual([records[2]!.value]);
});

test('campaigns touch their households by mail at their start, coupons on the day they are handed in', async () => {
  const records = await read({
    'coupon_redemptions.csv': REDEMPTIONS,
    'campaigns.csv': CAMPAIGNS,
    'campaign_descriptions.csv': DESCRIPTIONS,
  });
  expect(contractErrors(records)).toEqual([]);
  expect(unreadableOf(records)).toEqual(['3 unknown_campaign', '3 unknown_campaign']);
  const [mail, coupon] = valuesOf(records.filter((record) => record.unreadable === undefined));
  expect(mail).toEqual({
    touch_id: 'campaign-8-household-105',
    occurred_at: '2017-05-08T00:00:00-04:00',
    touch_type: 'direct_mail',
    channel: 'Direct Mail',
    utm_source: 'retailer',
    utm_medium: 'direct-mail',
    utm_campaign: 'Campaign 8 (Type A)',
    loyalty_id: '105',
  });
  expect(coupon).toEqual({
    touch_id: 'coupon-51380041013-campaign-8-household-105-2017-12-01',
    occurred_at: '2017-12-01T00:00:00-05:00',
    touch_type: 'coupon',
    channel: 'Coupon',
    utm_source: 'retailer',
    utm_medium: 'coupon',
    utm_campaign: 'Campaign 8 (Type A)',
    loyalty_id: '105',
  });
});

test('without the descriptions no campaign is known', async () => {
  const records = await read({ 'campaigns.csv': CAMPAIGNS });
  expect(unreadableOf(records)).toEqual(['2 unknown_campaign', '3 unknown_campaign']);
});

test('products carry category, name and brand where the file has them', async () => {
  const records = await read({ 'products.csv': PRODUCTS });
  expect(contractErrors(records)).toEqual([]);
  expect(valuesOf(records)).toEqual([
    { sku: '25671', product_id: '25671', category: 'FRZN ICE', name: 'ICE - CRUSHED', brand: 'National' },
    { sku: '26081', product_id: '26081', category: null, name: null, brand: 'National' },
  ]);
});

test('files without anything to measure are passed over, files that it does not know are an error', async () => {
  expect(await read({ 'demographics.csv': 'x\n', 'coupons.csv': '', 'promotions_sample.csv': '' })).toEqual(
    [],
  );
  await expect(read({ 'receipts.csv': '' })).rejects.toThrow(
    /receipts\.csv: not a file of .*transactions_sample\.csv/,
  );
  await expect(read({ 'campaigns.csv': 'a,b\n1,2\n' })).rejects.toThrow(
    'no column campaign_id, household_id',
  );
});

test('the real folder: 75,000 lines, 47,243 baskets, 2,377 households, 233,935.24', async ({ skip }) => {
  const files = realFiles('complete-journey') ?? skip(NO_DATA);
  const records = await allOf(completeJourney.read([...files].reverse()));
  expect(unreadableOf(records)).toEqual([]);
  expect(contractErrors(records)).toEqual([]);
  const receipts = valuesOf(records, 'receipts');
  const amounts = receipts.map((receipt) => parseDecimal(receipt.lines![0]!.amount!) as Decimal);
  expect(receipts).toHaveLength(75_000);
  expect(toMinor(addDecimals(amounts), 2)).toBe(23_393_524);
  expect(new Set(receipts.map((receipt) => receipt.receipt_id)).size).toBe(47_243);
  expect(new Set(receipts.map((receipt) => receipt.loyalty_id)).size).toBe(2_377);
  expect(valuesOf(records, 'stores')).toHaveLength(293);
  expect(valuesOf(records, 'products')).toHaveLength(92_331);
  const touches = valuesOf(records, 'touches');
  expect(touches.filter((touch) => touch.touch_type === 'direct_mail')).toHaveLength(6_589);
  expect(touches.filter((touch) => touch.touch_type === 'coupon')).toHaveLength(2_102);
  expect(new Set(touches.map((touch) => touch.touch_id)).size).toBe(8_691);
});

test('the real folder: no two lines of a basket are alike, so none is lost as a repeat', async ({ skip }) => {
  const files = realFiles('complete-journey', /transactions/) ?? skip(NO_DATA);
  const receipts = valuesOf(await allOf(completeJourney.read(files)), 'receipts');
  expect(new Set(receipts.map((receipt) => JSON.stringify(receipt))).size).toBe(75_000);
});
