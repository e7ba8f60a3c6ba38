/** So many letters make a clause that says something by itself. */
const LEAST_LETTERS = 25;

/** As many clauses from the beginning of a text as it takes to say something. */
export function firstClauses(text: string): string {
  const clauses = text.split(/(?<=[.;:]) /);
  let taken = clauses[0]!;
  for (let at = 1; at < clauses.length && taken.length < LEAST_LETTERS; at += 1) taken += ` ${clauses[at]}`;
  return taken;
}
