import type { WritableShop } from '../../lib/adapters/embedded/shop.ts';
import { say } from './context.ts';

/** Closes a period, says what that means from now on, and closes the shop. */
export async function showClosing(shop: WritableShop, through: string): Promise<void> {
  try {
    const { closed_through, build_id, figures } = await shop.closePeriod(through);
    say(
      `Closed through ${closed_through}: ${figures.toLocaleString('en-US')} figures of build ${build_id} are kept.`,
    );
    say(
      'The KPIs attribution and returns report these days so from now on. What becomes known of them later is an adjustment on the first open day; see: npx ropo report restatements',
    );
  } finally {
    shop.close();
  }
}
