import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ErasureCertificate, Finding } from '../../../pipeline/privacy/certificate.ts';
import type { ShopDirectory } from '../shop-directory.ts';
import type { RowsTaken } from './raw-rewrite.ts';

/** How far an erasure has come: no identifier stands in it, in clear or hashed. */
export interface ErasureState {
  erasure_id: string;
  asked_by: string[];
  asked_at: string;
  status: 'under way' | 'proof failed' | 'done';
  kept: { kind: string; why: string }[];
  rows: RowsTaken;
  builds_removed: number;
  /** Rules about who is who that named the person. */
  rules_removed: number;
  /** SHA-256 of the ids of the documents that are being emptied; gone when they are. */
  documents?: string[];
  findings: Finding[];
}

const folderOf = ({ root }: ShopDirectory) => join(root, 'privacy');

export function readState(directory: ShopDirectory, erasureId: string): ErasureState | null {
  const file = join(folderOf(directory), `${erasureId}.json`);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as ErasureState) : null;
}

export function writeState(directory: ShopDirectory, state: ErasureState): void {
  writeWhole(folderOf(directory), `${state.erasure_id}.json`, state);
}

/** Returns the path of the certificate. */
export function writeCertificate(directory: ShopDirectory, certificate: ErasureCertificate): string {
  return writeWhole(join(folderOf(directory), 'certificates'), `${certificate.erasure_id}.json`, certificate);
}

function writeWhole(folder: string, name: string, value: object): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, name);
  writeFileSync(`${file}.tmp`, `${JSON.stringify(value, null, 2)}\n`);
  renameSync(`${file}.tmp`, file);
  return file;
}
