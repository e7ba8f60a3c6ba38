import { go, useAddress } from '../../address.ts';
import { KpiTable } from '../../parts/kpi-table.tsx';
import { Panel } from '../../parts/panel.tsx';
import { useKpi } from '../../use-kpi.ts';
import { term } from '../../words/api-terms.ts';
import { useLanguage, useWords } from '../../words/language.ts';
import { qualityWords, termOf } from '../../words/quality.ts';

const GROUPINGS = ['key', 'identifiers_of_person', 'shared_identifiers', 'refused_links'];

/** The identity graph by what it linked and what it refused to. */
export function IdentityPanel() {
  const words = useWords(qualityWords);
  const language = useLanguage();
  const { identity } = useAddress();
  const by = GROUPINGS.find((one) => one === identity) ?? 'key';
  const asked = useKpi('identity-quality', { by });
  return (
    <Panel id="identity" title={words.identity} lead={words.identityLead} asked={asked} height={280}>
      {(answer, rows) => (
        <>
          <label class="field inline">
            <span class="field-title">{words.choose}</span>
            <select
              value={by}
              onChange={({ currentTarget: { value } }) => go({ identity: value === 'key' ? null : value })}
            >
              {GROUPINGS.map((one) => (
                <option key={one} value={one}>
                  {termOf(words.identityBy, one)}
                </option>
              ))}
            </select>
          </label>
          <KpiTable
            answer={answer}
            rows={rows}
            caption={`${words.identity}: ${termOf(words.identityBy, by)}`}
            columns={[
              'label',
              'records',
              ...['with_person', 'linked', 'match_rate'].filter((name) =>
                rows.some((row) => row[name] != null),
              ),
            ]}
            titles={{ label: termOf(words.identityBy, by) }}
            cells={{
              // "loyalty: household_card": what was shared, and the rule that saw it.
              label: (row) =>
                String(row.label)
                  .split(': ')
                  .map((part) => term(part.replaceAll('_', ' '), language))
                  .join(': '),
            }}
          />
        </>
      )}
    </Panel>
  );
}
