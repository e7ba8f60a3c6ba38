import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A folder for the shop that all tests of the page look at: the first that needs it makes it. One that ROPO_PAGE_SHOP
 * names stays, so that the next run need not build it again.
 */
export default function setup(): () => void {
  if (process.env.ROPO_PAGE_SHOP !== undefined) return () => {};
  const folder = mkdtempSync(join(tmpdir(), 'ropo-page-shop-'));
  process.env.ROPO_PAGE_SHOP = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
