import { completeJourney } from './complete-journey.ts';
import { CONTRACT_FORMATS } from './contract-formats.ts';
import type { ImportFormat } from './format.ts';
import { onlineRetail } from './online-retail.ts';
import { poslog } from './poslog.ts';
import { segment } from './segment.ts';
import { shopifyOrders } from './shopify-orders.ts';
import { squareOrders } from './square-orders.ts';

/** Every way that a file can be written, by the name that `ropo import` knows it by. To add one, add it here. */
export const FORMATS: Record<string, ImportFormat> = Object.fromEntries(
  [...CONTRACT_FORMATS, segment, completeJourney, onlineRetail, poslog, shopifyOrders, squareOrders].map(
    (format) => [format.name, format],
  ),
);
