/**
 * JSON objects that stand one after another in a text, with blanks between them or without.
 * @throws SyntaxError where the text is no such
 */
export function jsonDocuments(text: string): Record<string, unknown>[] {
  const documents: Record<string, unknown>[] = [];
  const marks = /["{}]/g;
  let depth = 0;
  let from = 0;
  for (let mark = marks.exec(text); mark; mark = marks.exec(text)) {
    if (mark[0] === '"') {
      const string = /"(?:[^"\\]|\\.)*"/sy;
      string.lastIndex = mark.index;
      if (!string.exec(text)) throw new SyntaxError('A string has no end');
      marks.lastIndex = string.lastIndex;
      continue;
    }
    depth += mark[0] === '{' ? 1 : -1;
    if (depth > 0) continue;
    documents.push(JSON.parse(text.slice(from, mark.index + 1)) as Record<string, unknown>);
    from = mark.index + 1;
  }
  if (text.slice(from).trim() !== '') throw new SyntaxError('The last document has no end');
  return documents;
}
