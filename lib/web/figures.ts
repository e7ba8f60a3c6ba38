import { useMemo } from 'preact/hooks';
import type { Unit } from '../domain/kpi.ts';
import { type Language, useLanguage } from './words/language.ts';

/** One row of an answer. */
export type Row = Readonly<Record<string, string | number | null>>;

/** How a figure is written: `signed` with + or -, `short` with thousands as k and millions as M. */
export interface Manner {
  signed?: boolean;
  short?: boolean;
}

/** Figures in the way of one locale; null is null, so that the one who shows it says why there is none. */
export interface Figures {
  locale: string;
  /** In major units. Without a currency the bare number. */
  money(value: number, currency: string | null | undefined, manner?: Manner): string;
  /** 0.123 as 12.3%. */
  share(value: number, manner?: Manner): string;
  count(value: number, manner?: Manner): string;
  ratio(value: number, manner?: Manner): string;
  days(value: number): string;
  /** A difference of two shares in percentage points, without their name: 0.021 as +2.1. */
  points(value: number): string;
  /** A day such as 2025-03-31. */
  day(day: string): string;
  /** The label of a row that is a day, week, month, quarter or year, short enough for an axis. */
  moment(label: string): string;
  instant(iso: string): string;
  /** By a column's unit; a row names its own where the unit is by_row. */
  of(value: string | number | null | undefined, unit: Unit, row?: Row, manner?: Manner): string | null;
}

/** The reader's own variety of English where there is one; day before month otherwise. */
export const localeOf = (language: Language): string =>
  navigator.languages.find((one) => one.startsWith(`${language}-`)) ?? { en: 'en-GB', it: 'it-IT' }[language];

export function figuresFor(locale: string): Figures {
  const formats = new Map<string, Intl.NumberFormat>();
  const write = (value: number, options: Intl.NumberFormatOptions, { signed, short }: Manner = {}) => {
    const all: Intl.NumberFormatOptions = {
      ...options,
      // Four digits are grouped as five are, also where a locale would not.
      useGrouping: 'always' as unknown as boolean,
      ...(signed ? { signDisplay: 'exceptZero' } : {}),
      ...(short && Math.abs(value) >= (options.style === 'currency' ? 10_000 : 1_000_000)
        ? { notation: 'compact', minimumFractionDigits: 0, maximumSignificantDigits: 3 }
        : {}),
    };
    const key = JSON.stringify(all);
    if (!formats.has(key)) formats.set(key, new Intl.NumberFormat(locale, all));
    return formats.get(key)!.format(value);
  };
  const dated = (options: Intl.DateTimeFormatOptions) => {
    const format = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', ...options });
    return (text: string) => {
      const date = new Date(text);
      return Number.isNaN(date.getTime()) ? text : format.format(date);
    };
  };
  const longDay = dated({ day: 'numeric', month: 'short', year: 'numeric' });
  const shortDay = dated({ day: 'numeric', month: 'short' });
  const month = dated({ month: 'short', year: 'numeric' });
  const instant = dated({ dateStyle: 'medium', timeStyle: 'short', timeZone: undefined });
  const days = new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: 'day',
    unitDisplay: 'long',
    maximumFractionDigits: 1,
  });

  const figures: Figures = {
    locale,
    money: (value, currency, manner = {}) =>
      currency == null
        ? write(value, { minimumFractionDigits: 2, maximumFractionDigits: 2 }, manner)
        : write(
            value,
            {
              style: 'currency',
              currency,
              ...(manner.short && Math.abs(value) >= 100 ? { maximumFractionDigits: 0 } : {}),
            },
            manner,
          ),
    share: (value, manner) =>
      write(value, { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 }, manner),
    count: (value, manner) =>
      write(value, { maximumFractionDigits: Number.isInteger(value) ? 0 : 1 }, manner),
    ratio: (value, manner) => write(value, { minimumFractionDigits: 2, maximumFractionDigits: 2 }, manner),
    days: (value) => days.format(value),
    points: (value) => write(value * 100, { maximumFractionDigits: 1 }, { signed: true }),
    day: longDay,
    moment: (label) =>
      /^\d{4}-\d{2}-\d{2}$/.test(label)
        ? shortDay(label)
        : /^\d{4}-\d{2}$/.test(label)
          ? month(label)
          : label,
    instant,
    of(value, unit, row, manner) {
      if (value === null || value === undefined) return null;
      if (typeof value === 'string') return value;
      const own = unit === 'by_row' ? String(row?.unit) : unit;
      if (own === 'money') return figures.money(value, row?.currency as string | undefined, manner);
      if (own === 'share') return figures.share(value, manner);
      if (own === 'ratio') return figures.ratio(value, manner);
      if (own === 'days') return figures.days(value);
      return figures.count(value, manner);
    },
  };
  return figures;
}

export function useFigures(): Figures {
  const language = useLanguage();
  return useMemo(() => figuresFor(localeOf(language)), [language]);
}
