import { csvText } from '../report/csv.ts';
import type { League } from './show-league.ts';

/** A row per world and model, or per world, model and channel. */
export function leagueCsv({ worlds }: League, by: 'model' | 'channel'): string {
  const number = (value: number | null) => (value === null ? null : Number(value.toFixed(6)));
  if (by === 'channel')
    return csvText(
      ['world', 'model', 'kind', 'channel', 'true_share', 'credited_share', 'bias_points'],
      worlds.flatMap(({ world, truth, standings }) =>
        standings.flatMap(({ name, kind, bias }) =>
          truth.channels.map(({ channel, expectedRevenue }, place) => {
            const whole = truth.incremental.expectedRevenue;
            const share = whole > 0 ? expectedRevenue / whole : null;
            const off = bias?.[place] ?? null;
            const credited = share === null || off === null ? null : share + off;
            return [
              world.name,
              name,
              kind,
              channel,
              number(share),
              number(credited),
              number(off === null ? null : off * 100),
            ];
          }),
        ),
      ),
    );
  return csvText(
    [
      'world',
      'model',
      'kind',
      'error',
      'error_by_loss',
      'rank_correlation',
      'overstatement',
      'credited_part',
    ],
    worlds.flatMap(({ world, standings }) =>
      standings.map((row) => [
        world.name,
        row.name,
        row.kind,
        number(row.error),
        number(row.lossError),
        number(row.rankCorrelation),
        row.overstatement === Number.POSITIVE_INFINITY ? 'all of it' : number(row.overstatement),
        number(row.creditedPart),
      ]),
    ),
  );
}

export function leagueJson({ persons, seed, worlds, overall }: League): string {
  return JSON.stringify(
    {
      synthetic: true,
      persons,
      seed,
      overall,
      worlds: worlds.map(({ world: { name, works, harvests, trap }, truth, standings }) => ({
        world: name,
        works,
        harvests,
        trap,
        truth,
        standings,
      })),
    },
    // JSON has no infinity: credit where none was due.
    (_, value) => (value === Number.POSITIVE_INFINITY ? 'all of it' : value),
    2,
  );
}
