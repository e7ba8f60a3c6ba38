import { FreshnessPanel } from './quality/freshness-panel.tsx';
import { IdentityPanel } from './quality/identity-panel.tsx';
import { MatchPanel } from './quality/match-panel.tsx';
import { ReconciliationPanel } from './quality/reconciliation-panel.tsx';
import { RejectedPanel } from './quality/rejected-panel.tsx';
import { StrengthPanel } from './quality/strength-panel.tsx';

/** What the figures stand on: whether all adds up, what was refused, who is known, how fresh it is. */
export default function Quality() {
  return (
    <div class="grid">
      <ReconciliationPanel />
      <MatchPanel />
      <StrengthPanel />
      <RejectedPanel />
      <FreshnessPanel />
      <IdentityPanel />
    </div>
  );
}
