import { customersWords } from '../words/customers.ts';
import { useWords } from '../words/language.ts';
import { type Option, Tabs, useChoice } from './choice.tsx';
import { CalibrationPanel, FitPanel } from './customers/calibration.tsx';
import { AlivePanel, ValuePanel, WhoPanel } from './customers/groups.tsx';

/** Who the customers are, what they are expected to bring, and whether such forecasts hold. */
export default function Customers() {
  const words = useWords(customersWords);
  const options: Option[] = Object.entries(words.groupings).map(([value, title]) => ({ value, title }));
  const by = useChoice('customers_by', options);
  return (
    <>
      <Tabs name="customers_by" label={words.by} options={options} />
      <div class="grid">
        <ValuePanel by={by} />
        <AlivePanel by={by} />
        <WhoPanel by={by} />
        <CalibrationPanel />
        <FitPanel />
      </div>
    </>
  );
}
