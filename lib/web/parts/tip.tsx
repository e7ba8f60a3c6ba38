import type { ComponentChildren } from 'preact';
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { createStore, useStore } from '../store.ts';

const shown = createStore<{ text: string; box: DOMRect } | null>(null);
let leaving: ReturnType<typeof setTimeout> | undefined;
const hide = () => shown.set(null);
/** The pointer may move onto the tip itself without losing it. */
const hideSoon = () => {
  leaving = setTimeout(hide, 120);
};

/** What shows an explanation of an element on hover, focus and touch; Escape takes it away. */
export function tipOf(text: string) {
  const show = (event: Event) => {
    clearTimeout(leaving);
    shown.set({ text, box: (event.currentTarget as HTMLElement).getBoundingClientRect() });
  };
  return { onMouseEnter: show, onMouseLeave: hideSoon, onFocus: show, onBlur: hide };
}

/** A word or figure with an explanation, which screen readers have as its description. */
export function Tip({ text, children }: { text: string; children: ComponentChildren }) {
  const id = useId();
  const { onFocus, ...props } = tipOf(text);
  return (
    <>
      <button type="button" class="tip" aria-describedby={id} {...props} onFocus={onFocus} onClick={onFocus}>
        {children}
      </button>
      <span id={id} hidden>
        {text}
      </span>
    </>
  );
}

/** Draws the tip that is shown, above everything. Once on the page. */
export function TipLayer() {
  const tip = useStore(shown);
  const box = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState({ left: 0, top: 0 });
  useEffect(() => {
    if (tip === null) return;
    const leave = (event: KeyboardEvent) => {
      if (event.key === 'Escape') hide();
    };
    document.addEventListener('keydown', leave);
    document.addEventListener('scroll', hide, true);
    return () => {
      document.removeEventListener('keydown', leave);
      document.removeEventListener('scroll', hide, true);
    };
  }, [tip]);
  useLayoutEffect(() => {
    if (tip === null || box.current === null) return;
    const { width, height } = box.current.getBoundingClientRect();
    const left = Math.max(8, Math.min(tip.box.left, innerWidth - width - 8));
    const below = tip.box.bottom + 6;
    setPlace({ left, top: below + height > innerHeight ? Math.max(8, tip.box.top - height - 6) : below });
  }, [tip]);
  if (tip === null) return null;
  return (
    <div
      ref={box}
      class="tip-layer"
      role="tooltip"
      style={{ left: `${place.left}px`, top: `${place.top}px` }}
      onMouseEnter={() => clearTimeout(leaving)}
      onMouseLeave={hide}
    >
      {tip.text}
    </div>
  );
}
