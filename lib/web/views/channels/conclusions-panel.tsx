import type { Row } from '../../figures.ts';
import { Panel } from '../../parts/panel.tsx';
import { useKpi } from '../../use-kpi.ts';
import { type ChannelsWords, channelsWords } from '../../words/channels.ts';
import { useWords } from '../../words/language.ts';

/** Findings first, beliefs after. */
const KINDS = [
  'most_revenue',
  'earns_its_spend',
  'below_its_spend',
  'ahead',
  'depends_on_model',
  'never_distinguishable',
];
const MOST = 8;

/** What all models agree on, and what none can tell. */
export function ConclusionsPanel() {
  const words = useWords(channelsWords);
  const conclusions = useKpi('model-conclusions');
  return (
    <Panel
      id="conclusions"
      title={words.conclusions}
      lead={words.conclusionsLead}
      asked={conclusions}
      width="half"
      height={320}
    >
      {(_answer, rows) => (
        <dl class="conclusions">
          {KINDS.map((kind) => {
            const own = rows.filter((row) => row.kind === kind);
            if (own.length === 0 && kind !== 'ahead' && kind !== 'never_distinguishable') return null;
            return (
              <div key={kind} class={kind}>
                <dt>{words.kinds[kind]}</dt>
                <dd>
                  {own.length === 0 && <span class="faint">{words.nothing}</span>}
                  <ul>
                    {own.slice(0, MOST).map((row) => (
                      <li key={`${row.channel}|${row.other_channel}`}>{nameOf(row, kind, words)}</li>
                    ))}
                    {own.length > MOST && <li class="faint">{words.andMore(own.length - MOST)}</li>}
                  </ul>
                </dd>
              </div>
            );
          })}
        </dl>
      )}
    </Panel>
  );
}

function nameOf({ channel, other_channel: other }: Row, kind: string, words: ChannelsWords): string {
  if (other == null || other === '') return String(channel);
  return kind === 'ahead'
    ? words.aheadOf(String(channel), String(other))
    : words.pair(String(channel), String(other));
}
