import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { francOrder, tillOrder, tillRefund, webOrder } from '../../formats/shopify-fixtures.ts';

/** What mutations start from: messages and files as real senders write them. Ids are made up. */
export interface Seed {
  format: string;
  file: string;
  /** Lines of JSON are mutated one by one and stand together in one file; other texts are files of their own. */
  shape: 'json lines' | 'csv' | 'xml' | 'json';
  text: string;
}

/** Card numbers and addresses that stand in seeds: none may stand in what is kept. */
export const SECRETS = ['4111111111111111', 'anna.rossi@example.org'];

const T = '2025-06-01T10:00:00.000Z';
const context = {
  userAgent:
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36',
  page: {
    url: 'https://www.shop.example/shoes/boots?utm_source=News&utm_medium=email&gclid=Cj0K&mail=anna.rossi%40example.org#top',
    path: '/shoes/boots',
    search: '?utm_source=News',
    referrer: 'https://www.google.com/search?q=boots',
    title: 'Boots | Shop',
  },
  campaign: { source: 'News', medium: 'email', name: 'spring', content: 'hero', term: 'boots' },
  library: { name: 'analytics.js', version: 'npm:next-1.84.3' },
  consent: { categoryPreferences: { analytics: true, advertising: false } },
  traits: { email: 'anna.rossi@example.org', phone: '+39 333 123 4567' },
};
const products = [
  { product_id: 'p1', sku: 'SKU-1', category: 'Shoes', name: 'Boot', price: 59.9, quantity: 2, position: 1 },
  { product_id: 'p2', sku: 'SKU-2', category: 'Socks', price: '9.95', quantity: '1' },
];
const line = (format: string, value: unknown): Seed => ({
  format,
  file: `${format}.jsonl`,
  shape: 'json lines',
  text: JSON.stringify(value),
});
const identity = {
  anonymous_id: 'a-7f3c',
  customer_id: 'C-1001',
  loyalty_id: '2000123456',
  email: 'anna.rossi@example.org',
  phone: '+393331234567',
  consent: 'granted',
};

const MESSAGES = [
  {
    type: 'page',
    messageId: 'ajs-next-1',
    anonymousId: 'a-7f3c',
    timestamp: T,
    sentAt: T,
    receivedAt: T,
    context,
  },
  {
    type: 'track',
    event: 'Order Completed',
    messageId: 'node-next-2',
    userId: 'C-1001',
    timestamp: T,
    context: { library: { name: '@segment/analytics-node', version: '3.1.0' } },
    properties: { order_id: 'O-1', total: 129.75, revenue: 120, currency: 'EUR', products, coupon: 'MAY' },
  },
  {
    type: 'identify',
    messageId: 'r-3',
    channel: 'web',
    originalTimestamp: T,
    sentAt: '2025-06-01T12:30:00.000+02:00',
    receivedAt: '2025-06-01T14:00:00.000Z',
    userId: 'C-1001',
    anonymousId: 'a-7f3c',
    context: { ...context, consentManagement: { allowedConsentIds: ['C0002'], deniedConsentIds: ['C0004'] } },
    traits: { loyalty_id: 2000123456 },
  },
  {
    batch: [
      {
        type: 'track',
        event: 'Product Viewed',
        messageId: 'b-1',
        userId: 'C-1',
        timestamp: T,
        properties: products[0],
      },
      { type: 'alias', messageId: 'b-2', previousId: 'a-7f3c', userId: 'C-1', timestamp: T },
      {
        type: 'track',
        event: 'Segment Consent Preference Updated',
        messageId: 'b-3',
        anonymousId: 'a',
        timestamp: T,
      },
    ],
    sentAt: T,
    context,
    writeKey: 'wk',
  },
];

const EVENT = {
  event_id: 'e1',
  event: 'view_item',
  occurred_at: T,
  sent_at: T,
  received_at: T,
  url: context.page.url,
  referrer: context.page.referrer,
  user_agent: context.userAgent,
  utm_source: 'News',
  products,
  query: 'boots for anna.rossi@example.org 4111 1111 1111 1111',
  order_id: 'O-1',
  value: '12.50',
  currency: 'EUR',
  store_id: 's1',
  ...identity,
};

const RECEIPT = {
  receipt_id: '118',
  store_id: 's1',
  till_id: '2',
  business_date: '2025-06-01',
  occurred_at: '2025-06-01T12:00:00',
  tender: 'card 4111 1111 1111 1111',
  total: '71.00',
  tax_included: true,
  lines: [
    { line_no: 1, sku: 'SKU-1', quantity: 1, amount: '59.90', tax: '10.80' },
    { line_no: 2, sku: 'SKU-2', quantity: '2', amount: '21.10' },
    { line_no: 3, line_kind: 'discount', amount: '-10' },
  ],
  revision: 1,
  payment_token: 'tok_1NqJ2eLkdIwHu7ix',
  ...identity,
};

const csv = (format: string, text: string): Seed => ({ format, file: `${format}.csv`, shape: 'csv', text });

const POSLOG = `<?xml version="1.0" encoding="UTF-8"?>
<POSLog xmlns="http://www.nrf-arts.org/IXRetail/namespace/">
<Transaction><RetailStoreID>s1</RetailStoreID><WorkstationID>2</WorkstationID><SequenceNumber>118</SequenceNumber>
<BusinessDayDate>2025-06-01</BusinessDayDate><CurrencyCode>EUR</CurrencyCode>
<RetailTransaction><ReceiptDateTime>2025-06-01T12:00:00</ReceiptDateTime>
<LineItem><SequenceNumber>1</SequenceNumber><Sale ItemType="Stock"><POSIdentity><POSItemID>04006381333931</POSItemID></POSIdentity><MerchandiseHierarchy DepartmentDescription="Shoes &amp; more">12</MerchandiseHierarchy><ExtendedAmount>59.90</ExtendedAmount><Quantity>1</Quantity><Itemizers Tax1="true"/></Sale></LineItem>
<LineItem VoidFlag="true"><SequenceNumber>2</SequenceNumber><Sale><ItemID>x</ItemID><ExtendedAmount>-5</ExtendedAmount><Quantity>-1</Quantity></Sale></LineItem>
<LineItem><SequenceNumber>3</SequenceNumber><Return><ItemID>x</ItemID><ExtendedAmount>5</ExtendedAmount><Quantity>1</Quantity></Return></LineItem>
<LineItem><LoyaltyReward><RewardCategory>Monetary</RewardCategory><ExtendedRewardAmount>-1.00</ExtendedRewardAmount><PromotionID>7</PromotionID></LoyaltyReward></LineItem>
<LineItem><Tax TaxID="1"><Amount>1.20</Amount></Tax></LineItem>
<LineItem><Tender TenderType="CreditDebit"><Amount>55.10</Amount><CreditDebit><PrimaryAccountNumber>4111111111111111</PrimaryAccountNumber><Token>tok_1</Token></CreditDebit></Tender></LineItem>
<LineItem><LoyaltyMembership><MembershipID>000200012345</MembershipID></LoyaltyMembership></LineItem>
<Total TotalType="TransactionGrandAmount">55.10</Total>
</RetailTransaction></Transaction>
</POSLog>`;

/** Part of a real file, where the folder with the real data is there. */
function realPoslog(): Seed[] {
  const path = join(process.cwd(), '..', 'shared', 'data', 'poslog', 'SMALL.xml');
  if (!existsSync(path)) return [];
  return [
    { format: 'poslog', file: 'small.xml', shape: 'xml', text: readFileSync(path, 'utf8').slice(0, 12_000) },
  ];
}

export const SEEDS: readonly Seed[] = [
  ...MESSAGES.map((message) => line('segment', message)),
  line('web_events', EVENT),
  line('touches', {
    touch_id: 't1',
    occurred_at: T,
    touch_type: 'email_open',
    utm_campaign: 'spring',
    ...identity,
  }),
  line('receipts', RECEIPT),
  line('receipts', { ...RECEIPT, partial: true, currency: 'JPY', total: null }),
  line('orders', {
    order_id: 'O-1',
    occurred_at: T,
    currency: 'EUR',
    lines: RECEIPT.lines,
    fulfilment: 'click_and_collect',
    ...identity,
  }),
  line('refunds', { refund_id: 'F-1', order_id: 'O-1', occurred_at: T, currency: 'EUR', amount: 10 }),
  line('store_visits', {
    visit_id: 'v1',
    store_id: 's1',
    entered_at: T,
    left_at: T,
    method: 'app',
    ...identity,
  }),
  line('consents', { consent_id: 'c1', occurred_at: T, ...identity, consent: 'denied' }),
  line('feedback', {
    feedback_id: 'f1',
    kind: 'rating',
    occurred_at: T,
    place: 'online',
    score: 4,
    score_max: 5,
    reason: 'late',
    ...identity,
  }),
  line('footfall', { store_id: 's1', interval_start: T, interval_minutes: 60, entries: 12, exits: 10 }),
  line('spend', {
    date: '2025-06-01',
    utm_source: 'google',
    utm_campaign: 'x',
    cost: '5.00',
    currency: 'EUR',
    clicks: 3,
  }),
  line('products', { sku: 'SKU-1', name: 'Boot', category: 'Shoes', unit_cost: 20, currency: 'EUR' }),
  line('stores', { store_id: 's2', time_zone: 'Europe/Berlin', currency: 'EUR', country: 'DE' }),
  csv(
    'receipts',
    `receipt_id,store_id,till_id,occurred_at,total,loyalty_id,email,sku,quantity,amount
1,s1,1,2025-06-01T10:00:00,3.00,L1,anna.rossi@example.org,a,1,1.00
1,s1,1,2025-06-01T10:00:00,3.00,,,"b ""x"", y",2,2.00
2,s1,1,2025-06-01T11:00:00,-1,,,c,-1,-1
`,
  ),
  csv('spend', 'date;channel;cost;currency\n2025-06-01;Paid Search;1,5;EUR\n2025-06-02;"TV\nspot";2.5;EUR\n'),
  csv(
    'orders',
    'order_id\toccurred_at\tcurrency\tlines\nO1\t2025-06-01T10:00:00Z\tEUR\t"[{""amount"":1,""sku"":""a""}]"\n',
  ),
  csv(
    'online-retail',
    `InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
536365,85123A,WHITE HEART,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom
C536379,D,Discount,-1,2010-12-01 09:41:00,27.5,14527.0,United Kingdom
`,
  ),
  ...[webOrder, tillOrder, tillRefund, francOrder].map((order) => line('shopify-orders', order)),
  {
    format: 'shopify-orders',
    file: 'list.json',
    shape: 'json',
    text: JSON.stringify({ orders: [webOrder, tillOrder] }, null, 1),
  },
  line('square-orders', {
    id: 'sq-1',
    location_id: 's1',
    state: 'COMPLETED',
    closed_at: T,
    customer_id: 'C-1',
    line_items: [
      { uid: '1', catalog_object_id: 'SKU-1', quantity: '2', total_money: { amount: 1999, currency: 'EUR' } },
    ],
    tenders: [{ type: 'CARD', card_details: { card: { last_4: '1111', fingerprint: 'sq-1-x' } } }],
    total_money: { amount: 1999, currency: 'EUR' },
  }),
  { format: 'poslog', file: 'poslog.xml', shape: 'xml', text: POSLOG },
  ...realPoslog(),
];
