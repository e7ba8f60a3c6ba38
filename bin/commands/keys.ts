import { existsSync, readFileSync } from 'node:fs';
import { type Command, InvalidArgumentError, Option } from 'commander';
import {
  type KeptKey,
  type KeyFile,
  KeyProblem,
  newSecret,
  newToken,
  openKeyFile,
} from '../../lib/adapters/embedded/key-file.ts';
import { openShopDirectory, type ShopDirectory } from '../../lib/adapters/embedded/shop-directory.ts';
import { tokenHash } from '../../lib/api/access/token-access.ts';
import { ROLE_NAMES } from '../../lib/api/roles.ts';
import type { KeyKind } from '../../lib/domain/source-keys.ts';
import { printable, textTable } from '../../lib/report/text-table.ts';
import { type GlobalOptions, say } from './context.ts';
import { noOtherWord } from './other-word.ts';

/** What `ropo keys` can do. The folder of the shop is given before or after each of its words. */
export function defineKeys(
  keys: Command,
  shopIn: (options: Partial<GlobalOptions>) => ShopDirectory,
): Command {
  const shopOf = (options: Partial<GlobalOptions>) =>
    shopIn({ ...keys.opts<Partial<GlobalOptions>>(), ...options });
  const open = (options: Partial<GlobalOptions>): KeyFile => openKeyFile(shopOf(options));
  /** A shop may begin with a key. */
  const begin = (options: Partial<GlobalOptions>): KeyFile =>
    openKeyFile(openShopDirectory(shopOf(options).root));
  const word = (parent: Command, name: string, description: string) =>
    parent
      .command(name)
      .description(description)
      .option('--data <dir>', 'folder that holds the shop')
      .argument('<name>', 'what the key is called', keyName);

  noOtherWord(keys).action((options: Partial<GlobalOptions>) => showKeys(open(options).list()));

  const add = keys.command('add').description('make a key; its secret is shown this once');
  word(add, 'web', "a site's public write key for trackers and the snippet")
    .option('--origin <url...>', 'the only pages that may use it, as https://shop.example', origins, [])
    .action((name: string, options: Partial<GlobalOptions> & { origin: string[] }) =>
      addKey(begin(options), 'web', name, { origins: options.origin }),
    );
  word(add, 'till', "a store's key for signed uploads")
    .requiredOption('--store <id>', 'the only store that it speaks for')
    .action((name: string, options: Partial<GlobalOptions> & { store: string }) =>
      addKey(begin(options), 'till', name, { store_id: options.store }),
    );
  word(add, 'office', 'a key of the back office: all stores, uploads and server-side tracking')
    .option('--secret-file <file>', 'holds the secret where the sender gives it, as Shopify and Square do')
    .action((name: string, options: Partial<GlobalOptions> & { secretFile?: string }) =>
      addKey(begin(options), 'office', name, givenSecret(options.secretFile)),
    );
  word(add, 'reader', 'a token for reading figures over HTTP; what it may see depends on its role')
    .addOption(
      new Option(
        '--role <role>',
        'manager sees everything; marketer no margins and cost rates; partner what may leave the company',
      )
        .choices(ROLE_NAMES)
        .makeOptionMandatory(),
    )
    .action((name: string, options: Partial<GlobalOptions> & { role: string }) =>
      addReader(begin(options), name, options.role),
    );

  word(keys, 'rotate', 'add a new secret; the older ones stay good until they are retired')
    .option('--secret-file <file>', 'holds the secret where the sender gives it')
    .action((name: string, options: Partial<GlobalOptions> & { secretFile?: string }) =>
      rotate(open(options), name, givenSecret(options.secretFile).secrets?.[0]),
    );
  word(keys, 'retire', 'drop all secrets but the newest').action(
    (name: string, options: Partial<GlobalOptions>) => {
      open(options).change(name, ({ secrets }) => ({ secrets: secrets.slice(0, 1) }));
      say(`The newest secret of ${name} is the only one now.`);
    },
  );
  word(keys, 'revoke', 'end a key for good').action((name: string, options: Partial<GlobalOptions>) => {
    open(options).change(name, () => ({ revoked_at: new Date().toISOString(), secrets: [] }));
    say(`${name} is revoked: what comes with it is refused from now on.`);
  });
  return keys;
}

function keyName(text: string): string {
  if (/^[a-z0-9][a-z0-9._-]{0,63}$/.test(text)) return text;
  throw new InvalidArgumentError('It must be 1 to 64 of a-z, 0-9, dot, dash and underscore.');
}

/** Origins as browsers send them: a scheme and a host, lower case, without a path. */
function origins(text: string, before: string[] = []): string[] {
  if (URL.canParse(text) && new URL(text).origin === text) return [...before, text];
  throw new InvalidArgumentError(
    'It must be an origin as browsers send it, as https://shop.example, without a path.',
  );
}

function addKey(file: KeyFile, kind: KeyKind, name: string, more: Partial<KeptKey>): void {
  const key = file.add({ kind, name, created_at: new Date().toISOString(), ...more });
  say(`${kind === 'web' ? 'Write key' : 'Key'}: ${key.id}`);
  if (key.secrets[0] && !more.secrets) showSecret(key.secrets[0]);
}

/** The key file has only the hash of the token: nobody who reads the file can use it. */
function addReader(file: KeyFile, name: string, role: string): void {
  const token = newToken();
  file.add({ kind: 'reader', name, role, secrets: [tokenHash(token)], created_at: new Date().toISOString() });
  say(`Token: ${token}\nIt is not shown again. Readers send it as "Authorization: Bearer TOKEN".`);
}

/** A secret that another service made: the text of a file, so that it stands in no history of commands. */
function givenSecret(path: string | undefined): { secrets?: string[] } {
  if (path === undefined) return {};
  const secret = existsSync(path) ? readFileSync(path, 'utf8').trim() : '';
  if (secret.length >= LEAST_SECRET) return { secrets: [secret] };
  throw new KeyProblem(`${path} must hold a secret of ${LEAST_SECRET} characters or more, and nothing else`);
}

/** Shopify's and Square's are longer; a shorter one can be guessed. */
const LEAST_SECRET = 16;

function rotate(file: KeyFile, name: string, given?: string): void {
  const secret = given ?? newSecret();
  file.change(name, ({ kind, secrets }) => {
    if (kind === 'reader')
      throw new KeyProblem(`${name} is a reader's: make another token for them and revoke this`);
    if (kind !== 'web') return { secrets: [secret, ...secrets] };
    throw new KeyProblem(
      `${name} is a web key: it is public and has no secret. Make another one and revoke this`,
    );
  });
  if (given === undefined) showSecret(secret);
  say(`The older secrets of ${name} stay good until: ropo keys retire ${name}`);
}

const showSecret = (secret: string) => say(`Secret: ${secret}\nIt is not shown again.`);

function showKeys(keys: readonly KeptKey[]): void {
  if (keys.length === 0) {
    say('There are no keys. Make one with: ropo keys add web NAME');
    return;
  }
  const left = (title: string) => ({ title, align: 'left' as const });
  say(
    textTable(
      [
        left('Name'),
        left('Kind'),
        left('Key'),
        { title: 'Secrets', align: 'right' },
        left('May be used by'),
        left('Made'),
        left('Revoked'),
      ],
      keys.map(({ name, kind, id, secrets, origins, store_id, role, created_at, revoked_at }) => [
        printable(name),
        kind,
        id,
        String(secrets.length),
        printable(usedBy({ kind, origins, store_id, role })),
        created_at.slice(0, 10),
        revoked_at?.slice(0, 10) ?? '',
      ]),
    ),
  );
}

function usedBy({
  kind,
  origins,
  store_id,
  role,
}: Pick<KeptKey, 'kind' | 'origins' | 'store_id'> & { role?: string | undefined }): string {
  if (kind === 'web') return origins.join(' ') || 'pages of any origin';
  if (kind === 'reader') return `readers, as ${role}`;
  return store_id === null ? 'all stores' : `store ${store_id}`;
}
