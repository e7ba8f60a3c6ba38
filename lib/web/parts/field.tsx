import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { useWords } from '../words/language.ts';
import { shellWords } from '../words/shell.ts';

/** What ties a control to the title of its field. */
export interface FieldProps {
  id: string;
  disabled: boolean;
  'aria-describedby'?: string;
}

/** A control with its title; where it does not apply it cannot be set, and says why. */
export function Field({
  title,
  applies,
  reason,
  more,
  children,
}: {
  title: string;
  applies: boolean;
  reason?: string;
  /** What follows from the choice, beside its title. */
  more?: string;
  children: (field: FieldProps) => ComponentChildren;
}) {
  const words = useWords(shellWords);
  const id = useId();
  const why = reason ?? words.doesNotApply;
  return (
    <div class={applies ? 'field' : 'field off'} {...(applies ? {} : { title: why })}>
      <span class="field-title">
        <label for={id}>{title}</label>
        {more && <span class="span"> {more}</span>}
      </span>
      {children({ id, disabled: !applies, ...(applies ? {} : { 'aria-describedby': `${id}-why` }) })}
      {!applies && (
        <span id={`${id}-why`} hidden>
          {why}
        </span>
      )}
    </div>
  );
}
