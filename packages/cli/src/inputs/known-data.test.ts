// The record of named data survives other versions of the program, which share it.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataSpec } from '@bitnetmcu/trainer/internal';
import { afterAll, afterEach, expect, it, vi } from 'vitest';
import { knownDataSet, rememberDataSet } from './known-data.js';

const folder = mkdtempSync(join(tmpdir(), 'bitnetmcu-known-'));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.unstubAllEnvs());

it('an entry that is not understood is kept, and takes none of the others with it', () => {
  vi.stubEnv('BITNETMCU_CACHE', folder);
  const file = join(folder, 'known-data.json');
  const own = { kind: 'csv', train: '/data/own.csv' } as DataSpec;
  rememberDataSet('a', own);
  const record = JSON.parse(readFileSync(file, 'utf8'));
  const later = {
    sha256: 'b',
    data: { kind: 'csv', train: '/data/later.csv', splitBy: 'of a later version' },
    since: 2,
  };
  writeFileSync(file, JSON.stringify({ ...record, dataSets: [later, ...record.dataSets] }));
  expect(knownDataSet('a')).toMatchObject(own);
  expect(knownDataSet('b')).toBeUndefined();
  rememberDataSet('c', { kind: 'csv', train: '/data/third.csv' } as DataSpec);
  expect(knownDataSet('a')).toMatchObject(own);
  expect(JSON.parse(readFileSync(file, 'utf8')).dataSets).toContainEqual(later);
});
