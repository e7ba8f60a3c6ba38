import type { MessagePort } from 'node:worker_threads';
import { transferable } from './local-rows.ts';
import type { Share } from './part-reader.ts';
import { BadPaths } from './problems.ts';
import type { ShareAnswer, ShareQuestion } from './shared-work.ts';

/** In a thread: does its share of the work, says what came of it, and answers the one question that follows. */
export function answerShare(port: MessagePort, work: () => Share): void {
  let share: Share | undefined;
  port.once('message', (question: ShareQuestion) => {
    const answer = answered(() =>
      question === 'rows' ? { rows: share!.rows() } : { sums: share!.sums(question) },
    );
    port.postMessage(answer, 'rows' in answer ? transferable(answer.rows) : []);
  });
  port.postMessage(
    answered(() => {
      share = work();
      return { head: share.head };
    }),
  );
}

function answered(work: () => ShareAnswer): ShareAnswer {
  try {
    return work();
  } catch (error) {
    return { failed: (error as Error).message, isBadPaths: error instanceof BadPaths };
  }
}
