import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CALL = /environmentOf\(\s*\[([^\]]*)\]/g;
const IMPORT = /import \{([^}]*)\} from '(\.[^']+)'/g;

const namesIn = (text: string): string[] =>
  Array.from(text.matchAll(CALL), ([, list]) =>
    Array.from(list!.matchAll(/'(\w+)'/g), ([, name]) => name!),
  ).flat();

/** What an exported function of a file says, from its name to the next export. */
function functionText(file: string, name: string): string {
  const text = readFileSync(file, 'utf8');
  const from = text.search(new RegExp(`^export (async )?(function|const) ${name}\\b`, 'm'));
  if (from < 0) return '';
  const length = text.slice(from + 1).search(/^export /m);
  return length < 0 ? text.slice(from) : text.slice(from, from + 1 + length);
}

/**
 * What each function of functions/ reads from its environment by its source: in its own file, and in the functions of
 * lib/adapters/aws that it imports.
 */
export function whatFunctionsRead(): Record<string, string[]> {
  const files = readdirSync(join(ROOT, 'functions')).filter((file) => file.endsWith('.ts'));
  return Object.fromEntries(
    files.map((file) => {
      const path = join(ROOT, 'functions', file);
      const text = readFileSync(path, 'utf8');
      const imported = Array.from(text.matchAll(IMPORT)).flatMap(([, names, from]) =>
        names!
          .split(',')
          .map((name) => name.trim())
          .filter((name) => name !== '' && name !== 'environmentOf' && !name.startsWith('type '))
          .map((name) => functionText(join(dirname(path), from!), name)),
      );
      return [basename(file, '.ts'), [...new Set([text, ...imported].flatMap(namesIn))].sort()];
    }),
  );
}
