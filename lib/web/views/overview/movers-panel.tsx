import { useAddress } from '../../address.ts';
import { type Row, useFigures } from '../../figures.ts';
import { Panel } from '../../parts/panel.tsx';
import type { Asked } from '../../use-kpi.ts';
import { useWords } from '../../words/language.ts';
import { overviewWords } from '../../words/overview.ts';
import { mayBeChance } from '../channels/beside-intervals.ts';

const MOST = 6;

/** Channels whose credited revenue changed most. */
export function MoversPanel({ channels }: { channels: Asked }) {
  const words = useWords(overviewWords);
  const figures = useFigures();
  const { compare } = useAddress();
  const against = words.moversAgainst[compare === 'previous_year' ? 'previous_year' : 'previous_period'];
  const isCompared = channels.answer?.comparison != null;
  return (
    <Panel
      id="movers"
      title={words.movers}
      {...(isCompared ? { lead: words.moversLead(against) } : {})}
      asked={channels}
      width="half"
      height={220}
    >
      {(_answer, rows) => {
        const movers = moversOf(rows);
        if (!isCompared || movers.length === 0) return <p class="faint">{words.moversNone}</p>;
        const most = Math.max(...movers.map(({ change }) => Math.abs(change)));
        const left = movers.some(({ change }) => change < 0) ? -50 : -1;
        const knowsIntervals = movers.some(({ row }) => typeof row.revenue_change_low === 'number');
        return (
          <>
            <ul class="movers">
              {movers.map(({ row, change, isUnsure }) => (
                <li key={String(row.label)}>
                  <span class="mover-name">{row.label}</span>
                  <svg
                    class="mover-bar"
                    viewBox={`${left} 0 ${50 - left} 10`}
                    preserveAspectRatio="none"
                    aria-hidden="true"
                  >
                    <rect
                      x={Math.min(0, (change / most) * 49)}
                      y="1"
                      width={Math.max(0.5, (Math.abs(change) / most) * 49)}
                      height="8"
                      class={change < 0 ? 'down' : 'up'}
                    />
                    <line x1="0" x2="0" y1="0" y2="10" />
                  </svg>
                  <span class="mover-figure">
                    {figures.money(change, row.currency as string, { short: true, signed: true })}
                    {isUnsure && <small>{words.maybeChance}</small>}
                  </span>
                </li>
              ))}
            </ul>
            {!knowsIntervals && <p class="note">{words.changesUnsure}</p>}
          </>
        );
      }}
    </Panel>
  );
}

interface Mover {
  row: Row;
  change: number;
  /** Whether the interval of the change holds none. */
  isUnsure: boolean;
}

function moversOf(rows: readonly Row[]): Mover[] {
  return rows
    .filter((row) => typeof row.revenue === 'number' && typeof row.revenue_before === 'number')
    .map((row) => ({
      row,
      change: Number(row.revenue) - Number(row.revenue_before),
      isUnsure: mayBeChance(row),
    }))
    .filter(({ change }) => change !== 0)
    .toSorted((a, b) => Math.abs(b.change) - Math.abs(a.change))
    .slice(0, MOST);
}
