import { whyPlaceExcluded } from '../domain/exclusion-reasons.ts';
import { MATCH_LEVELS, type MatchLevel } from '../domain/research-steps.ts';
import type { Row } from '../ports.ts';
import type { MatchRow } from './explain-lines.ts';
import type { Exclusion, ExplainedLine, Happening, Timeline } from './explanation.ts';

/** Places of happenings that may have led to the purchase. */
const IN_REACH = ['path', 'reach', 'in_store', 'this_visit'];

/** What the person did or met before a document, and how much of it is not listed. */
export function explainTimeline(
  happened: readonly Row[],
  matches: readonly MatchRow[],
  lines: readonly Row[],
  showsAll: boolean,
): Timeline {
  const nameOf = new Map(lines.map((row) => [row.line_no, String(row.stated_no ?? '')]));
  const found = new Map<number, Map<number, MatchLevel>>();
  for (const { view_no, line_no, level, comparison } of matches) {
    if (comparison !== 'research' && comparison !== 'in_aisle') continue;
    const ofView = found.get(view_no) ?? new Map<number, MatchLevel>();
    found.set(view_no, ofView);
    const before = ofView.get(line_no);
    if (before === undefined || MATCH_LEVELS.indexOf(level) > MATCH_LEVELS.indexOf(before))
      ofView.set(line_no, level);
  }
  const listed = happened.filter((row) => showsAll || IN_REACH.includes(String(row.place)));
  const left_out: Record<string, number> = {};
  const shown = new Map<string, number>();
  for (const row of listed) {
    const key = `${row.kind}|${row.place}`;
    shown.set(key, (shown.get(key) ?? 0) + 1);
  }
  const counted = new Map(listed.map((row) => [`${row.kind}|${row.place}`, row]));
  for (const [key, { kind, happenings }] of counted) {
    const more = Number(happenings) - shown.get(key)!;
    if (more > 0) left_out[String(kind)] = (left_out[String(kind)] ?? 0) + more;
  }
  return {
    happenings: listed.map(({ happening_id, product_id, happenings, view_no, ...row }) => ({
      ...(row as unknown as Happening),
      matches:
        view_no === null
          ? []
          : Array.from(found.get(Number(view_no)) ?? [], ([line_no, level]) => ({
              line: nameOf.get(line_no)!,
              level,
            })),
    })),
    left_out,
  };
}

const NAMES: Record<string, string> = {
  touchpoint: 'touchpoints',
  product_view: 'product views',
  store_visit: 'store visits',
  purchase: 'other purchases',
};

/** What counts for nothing here, and why: lines, and what the person did out of reach. */
export function exclusionsOf(
  happened: readonly Row[],
  document: Row,
  lines: readonly ExplainedLine[],
): Exclusion[] {
  const limits = {
    lookback_days: Number(document.lookback_days ?? 30),
    lookback_steps: Number(document.lookback_steps ?? 50),
    window_days: Number(document.window_days),
  };
  const places = new Map(happened.map((one) => [`${one.kind}|${one.place}`, one]));
  const ofPerson = [...places.values()].flatMap((one) => {
    const why = whyPlaceExcluded(String(one.kind), String(one.place), limits);
    return why === null ? [] : [{ what: NAMES[String(one.kind)]!, count: Number(one.happenings), why }];
  });
  const excluded = new Map<string, number>();
  for (const { why_excluded } of lines)
    if (why_excluded !== null) excluded.set(why_excluded, (excluded.get(why_excluded) ?? 0) + 1);
  return [
    ...[...excluded].map(([why, count]) => ({ what: 'lines', count, why })),
    ...ofPerson.sort((a, b) => (a.what < b.what ? -1 : a.what > b.what ? 1 : a.why < b.why ? -1 : 1)),
  ];
}
