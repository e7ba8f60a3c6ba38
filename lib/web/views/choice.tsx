import { useId } from 'preact/hooks';
import { go, useAddress } from '../address.ts';

export interface Option {
  value: string;
  title: string;
}

/** What is chosen in the page's address under a name; the first option where it names none. */
export function useChoice(name: string, options: readonly Option[]): string {
  const chosen = useAddress()[name];
  return options.find(({ value }) => value === chosen)?.value ?? options[0]?.value ?? '';
}

const choose = (name: string, value: string, options: readonly Option[]) =>
  go({ [name]: value === options[0]?.value ? null : value });

/** A choice among a few, all of them in sight. */
export function Tabs({ name, label, options }: { name: string; label: string; options: readonly Option[] }) {
  const chosen = useChoice(name, options);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset's legend cannot stand in one line with its buttons
    <div class="choice-tabs" role="group" aria-label={label}>
      {options.map(({ value, title }) => (
        <button
          key={value}
          type="button"
          aria-pressed={value === chosen}
          onClick={() => choose(name, value, options)}
        >
          {title}
        </button>
      ))}
    </div>
  );
}

/** A choice among many. */
export function Select({
  name,
  label,
  options,
}: {
  name: string;
  label: string;
  options: readonly Option[];
}) {
  const chosen = useChoice(name, options);
  const id = useId();
  return (
    <div class="choice-select">
      <label for={id}>{label}</label>
      <select id={id} value={chosen} onChange={(event) => choose(name, event.currentTarget.value, options)}>
        {options.map(({ value, title }) => (
          <option key={value} value={value}>
            {title}
          </option>
        ))}
      </select>
    </div>
  );
}
