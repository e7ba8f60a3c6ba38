import { ASSORTMENT } from './assortment.ts';
import { createRandom, type Random } from './random.ts';

/** Money in the generator is whole euro cents. */
export type Cents = number;

export interface Sku {
  id: string;
  name: string;
  variant: string;
  price: Cents;
  cost: Cents;
  product: DemoProduct;
}

export interface DemoProduct {
  id: string;
  name: string;
  brand: string;
  slug: string;
  category: DemoCategory;
  skus: Sku[];
}

export interface DemoCategory {
  index: number;
  name: string;
  slug: string;
  area: 'sport' | 'home';
  products: DemoProduct[];
  /** Weights of the products, in their order. */
  popularity: number[];
}

export interface Catalogue {
  categories: DemoCategory[];
  skus: Sku[];
}

/** Own labels of the demo shop, by area and by price: a basic and a better line. */
const LABELS = { sport: ['Passo', 'Altura'], home: ['Casale', 'Nido'] } as const;

const slugOf = (name: string) =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

/** The catalogue for a seed: costs and popularity differ from seed to seed, ids, names and prices do not. */
export function createCatalogue(seed: number): Catalogue {
  const random = createRandom(seed, 'catalogue');
  const categories = ASSORTMENT.map((assortment, index): DemoCategory => {
    const category: DemoCategory = {
      index,
      name: assortment.category,
      slug: slugOf(assortment.category),
      area: assortment.area,
      products: [],
      popularity: assortment.products.map(() => 1 / (1 + random.int(10))),
    };
    category.products = assortment.products.map(([name, price], place): DemoProduct => {
      const number = (index + 1) * 100 + place + 1;
      const product: DemoProduct = {
        id: `P${number}`,
        name,
        brand: LABELS[assortment.area][price > 45 ? 1 : 0],
        slug: `${slugOf(name)}-${number}`,
        category,
        skus: [],
      };
      const margin = assortment.cost + random.between(-0.06, 0.06);
      product.skus = assortment.variants.map((variant, at) => ({
        id: `${number}-${at + 1}`,
        name: variant === 'Standard' ? name : `${name}, ${variant}`,
        variant,
        price: Math.round(price * 100),
        cost: Math.round(price * 100 * margin),
        product,
      }));
      return product;
    });
    return category;
  });
  const skus = categories.flatMap((category) => category.products.flatMap((product) => product.skus));
  return { categories, skus };
}

/** A SKU of the category, its product by popularity; `except` keeps a product out. */
export function drawSku(random: Random, category: DemoCategory, except?: DemoProduct): Sku {
  for (;;) {
    const product = category.products[random.weighted(category.popularity)]!;
    if (product !== except) return random.pick(product.skus);
  }
}

/** "19.90". */
export function euros(cents: Cents): string {
  const digits = String(Math.abs(cents)).padStart(3, '0');
  return `${cents < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
