import type { Random } from '../demo/random.ts';

export const STORES = 40;
const SKUS = 5_000;
const SKUS_PER_PRODUCT = 4;
const CATEGORIES = 60;
/** Articles that one person looks at and buys among. */
const FAVOURITES = 12;

const number = (value: number, digits: number) => String(value).padStart(digits, '0');

export const storeId = (store: number) => `store-${number(store, 3)}`;
export const skuOf = (article: number) => `sku-${number(article, 16)}`;
const productOf = (article: number) => `product-${number(Math.floor(article / SKUS_PER_PRODUCT), 12)}`;
const categoryOf = (article: number) => `category ${Math.floor((article / SKUS) * CATEGORIES)}`;

/** Price in minor units. */
export const priceOf = (article: number) => 199 + ((article * 7919) % 200) * 50;

/** An article that the person may look at or buy: mostly their own few, so that research and purchase can meet. */
export const articleFor = (person: number, random: Random) =>
  (person * 31 + random.int(FAVOURITES) * 97) % SKUS;

export function* storeLines(): Generator<string> {
  for (let store = 0; store < STORES; store++) {
    const [zone, country] = store % 2 === 0 ? ['Europe/Rome', 'IT'] : ['Europe/Lisbon', 'PT'];
    yield `{"store_id":"${storeId(store)}","name":"Store ${store}","region":"Region ${store % 5}","time_zone":"${zone}","currency":"EUR","country":"${country}"}`;
  }
}

export function* productLines(): Generator<string> {
  for (let article = 0; article < SKUS; article++) {
    yield `{"sku":"${skuOf(article)}","product_id":"${productOf(article)}","category":"${categoryOf(article)}","name":"Article ${article}","unit_cost":"${(priceOf(article) / 200).toFixed(2)}","currency":"EUR"}`;
  }
}
