import { pairedPoints } from '../../charts/paired-points.ts';
import { useFigures } from '../../figures.ts';
import { Chart } from '../../parts/chart.tsx';
import { KpiTable } from '../../parts/kpi-table.tsx';
import { Panel } from '../../parts/panel.tsx';
import { useKpi } from '../../use-kpi.ts';
import { customersWords } from '../../words/customers.ts';
import { useWords } from '../../words/language.ts';
import { numberIn, textIn } from '../cells.ts';

/** What the model predicted for months that it had not seen, beside what came. */
export function CalibrationPanel() {
  const words = useWords(customersWords);
  const figures = useFigures();
  const asked = useKpi('customer-value-calibration', { by: 'decile' });
  const whole = useKpi('customer-value-calibration', { by: 'all' });
  return (
    <Panel
      id="customer-value-calibration"
      title={words.calibrationTitle}
      lead={words.calibrationHint}
      asked={asked}
      also={[whole]}
      height={280}
    >
      {(answer, rows) => {
        const points = rows.flatMap((row) => {
          const [ring, square] = [numberIn(row, 'predicted'), numberIn(row, 'actual')];
          if (ring === null || square === null) return [];
          const name = textIn(row, 'label');
          const tip = words.calibrationTip(
            name,
            figures.count(ring),
            figures.count(square),
            figures.count(numberIn(row, 'customers') ?? 0),
          );
          return [{ name, ring, square, tip }];
        });
        const scores = ['brier', 'brier_past_rate', 'brier_same_chance'].map((name) =>
          numberIn(whole.rows[0], name),
        );
        const [brier, past, same] = scores.map((score) => (score === null ? null : figures.ratio(score)));
        return (
          <>
            <Chart
              title={words.calibrationTitle}
              description={points.map(({ tip }) => tip).join('; ')}
              height={280}
              reads={[rows, figures]}
              draw={(look) =>
                pairedPoints(
                  look,
                  points,
                  { ring: words.predicted, square: words.actual, label: words.calibrationAxis },
                  figures.count,
                )
              }
              table={<KpiTable answer={answer} rows={rows} caption={words.calibrationTitle} />}
            />
            {brier && past && same && <p class="note">{words.brier(brier, past, same)}</p>}
          </>
        );
      }}
    </Panel>
  );
}

export function FitPanel() {
  const words = useWords(customersWords);
  const asked = useKpi('customer-value-fit');
  return (
    <Panel id="customer-value-fit" title={words.fitTitle} lead={words.fitHint} asked={asked} height={280}>
      {(answer, rows) => (
        <KpiTable
          answer={answer}
          rows={rows}
          caption={words.fitTitle}
          columns={['label', 'value', 'value_low', 'value_high', 'note']}
          cells={{ label: (row) => words.parameter[textIn(row, 'label')] ?? textIn(row, 'label') }}
          reason={() => words.noInterval}
        />
      )}
    </Panel>
  );
}
