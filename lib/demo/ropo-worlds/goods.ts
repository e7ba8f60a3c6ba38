import type { Random } from '../random.ts';

/** 15 categories of 8 products of 3 SKUs each. SKUs are numbered so that those of a product stand together. */
export const ROPO_CATEGORIES = 15;
export const PRODUCTS_OF_CATEGORY = 8;
export const SKUS_OF_PRODUCT = 3;
export const ROPO_SKUS = ROPO_CATEGORIES * PRODUCTS_OF_CATEGORY * SKUS_OF_PRODUCT;

export const productOf = (sku: number) => Math.floor(sku / SKUS_OF_PRODUCT);
export const categoryOf = (sku: number) => Math.floor(sku / (SKUS_OF_PRODUCT * PRODUCTS_OF_CATEGORY));

/** Price in cents: 5 to 200 euros, the same for the SKUs of a product. */
export const centsOf = (sku: number) => 500 + ((productOf(sku) * 7919) % 196) * 100;

/** Popularity of a category's products: the second half as much as the first, and so on (Zipf). */
const POPULARITY = Array.from({ length: PRODUCTS_OF_CATEGORY }, (_, rank) => 1 / (rank + 1));

/** Concentration of the Dirichlet law of tastes: most persons have two or three favourites among the categories. */
const TASTE_CONCENTRATION = 0.4;

/** A person's weights of the categories, not scaled to a sum. */
export const drawTastes = (random: Random): number[] =>
  Array.from({ length: ROPO_CATEGORIES }, () => random.gamma(TASTE_CONCENTRATION));

export function drawSku(tastes: readonly number[], random: Random): number {
  return skuIn(random.weighted(tastes), random);
}

function skuIn(category: number, random: Random): number {
  const product = category * PRODUCTS_OF_CATEGORY + random.weighted(POPULARITY);
  return product * SKUS_OF_PRODUCT + random.int(SKUS_OF_PRODUCT);
}

/** Part of research that looks at the very SKU, and at another of the same product; the rest at the category. */
export const RESEARCHES_SKU = 0.5;
export const RESEARCHES_PRODUCT = 0.2;

/** What somebody looks at who thinks of this SKU: itself, its product or its category. */
export function drawRelated(sku: number, random: Random): number {
  const share = random.float();
  if (share < RESEARCHES_SKU) return sku;
  if (share < RESEARCHES_SKU + RESEARCHES_PRODUCT)
    return productOf(sku) * SKUS_OF_PRODUCT + random.int(SKUS_OF_PRODUCT);
  return skuIn(categoryOf(sku), random);
}
