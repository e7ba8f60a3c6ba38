import { basename } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ImportResult } from '../../lib/pipeline/import-files.ts';
import { type TemporaryShop, temporaryShop } from '../temporary-shop.ts';
import { type DemoFiles, importDemo, linesOf, writeDemoFiles } from './demo-shop.ts';

/** Imports the demo shop once, and once more; every record must be accounted for both times. */
let demo: DemoFiles;
let shop: TemporaryShop;
let first: ImportResult[];
let second: ImportResult[];

beforeAll(async () => {
  demo = await writeDemoFiles(150, 3);
  shop = await temporaryShop();
  first = await importDemo(shop, demo.files);
  second = await importDemo(shop, demo.files);
});
afterAll(() => {
  shop?.remove();
  demo?.remove();
});

const rejectedOf = ({ rejected }: ImportResult) => Object.values(rejected).reduce((a, b) => a + b, 0);

describe('a demo shop, imported', () => {
  test('received = stored + duplicates + rejected + waiting, for every file', () => {
    for (const result of [...first, ...second]) {
      expect(result.received, result.source).toBe(
        result.stored + result.duplicates + rejectedOf(result) + result.waiting,
      );
    }
  });

  test('every line of every file is received', () => {
    for (const [at, file] of demo.files.entries()) {
      const header = file.file.endsWith('.csv') ? 1 : 0;
      expect(first[at]!.received, file.file).toBe(linesOf(file).length - header);
      expect(first[at]!.source).toBe(basename(file.file, '.gz'));
    }
  });

  test('a second import of all files stores nothing', () => {
    for (const [at, result] of second.entries()) {
      expect(result, result.source).toMatchObject({ stored: 0, released: 0, waiting: first[at]!.waiting });
      expect(result.rejected).toEqual(first[at]!.rejected);
    }
  });

  test('a line that repeats another, but for when it was sent, is a duplicate', () => {
    const texts = demo.files.flatMap((file) =>
      linesOf(file)
        .slice(file.file.endsWith('.csv') ? 1 : 0)
        .map((line) => `${file.format} ${line.replace(/"sentAt":"[^"]*",/, '')}`),
    );
    const stored = first.reduce((sum, result) => sum + result.stored, 0);
    const duplicates = first.reduce((sum, result) => sum + result.duplicates, 0);
    expect(duplicates).toBeGreaterThan(0);
    expect(stored).toBe(new Set(texts).size - demo.faults.length);
  });

  test('exactly the known faults are set aside, with reason, place and original', async () => {
    const rejections = await shop.shop.importer.lake.rejections();
    const place = ({ file, reason, original }: { file: string; reason: string; original: string }) =>
      `${file} ${reason} ${original}`;
    expect(rejections.map(place).sort()).toEqual(
      demo.faults
        .map(({ file, reason, line }) => place({ file: file.replace(/\.gz$/, ''), reason, original: line }))
        .sort(),
    );
    for (const { file, line, original } of rejections) {
      const path = demo.files.find((one) => basename(one.file, '.gz') === file)!;
      expect(linesOf(path)[line - 1]).toBe(original);
    }
  });

  test('a rejection says what is wrong without the personal data of the record', async () => {
    for (const { detail } of await shop.shop.importer.lake.rejections()) {
      expect(detail.length).toBeGreaterThan(10);
      expect(detail).not.toMatch(/@|fault-browser|fault-app|fault-fax/);
    }
  });
});
