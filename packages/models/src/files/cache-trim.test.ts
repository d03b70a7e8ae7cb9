import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { touchCacheEntry, trimCache } from './cache-trim.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bitnetmcu-cache-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const HOUR = 3_600_000;
/** An entry of so many bytes, used so many hours ago. */
function entry(name: string, bytes: number, hours: number, isFolder = false) {
  const path = join(folder, name);
  if (isFolder) mkdirSync(path);
  writeFileSync(isFolder ? join(path, 'content') : path, new Uint8Array(bytes));
  const then = (Date.now() - hours * HOUR) / 1000;
  utimesSync(path, then, then);
}

it('removes what was not used for longest, until the rest is small enough', () => {
  entry('oldest', 100, 9);
  entry('middle', 100, 7, true);
  entry('young', 100, 5);
  entry('foreign', 1000, 20);
  trimCache(folder, { maxBytes: 210, inUse: HOUR, isEntry: (name) => name !== 'foreign' });
  expect(readdirSync(folder).sort()).toEqual(['foreign', 'middle', 'young']);
  expect(touchCacheEntry(join(folder, 'middle'))).toBe(true);
  trimCache(folder, { maxBytes: 150, inUse: HOUR, isEntry: (name) => name !== 'foreign' });
  expect(readdirSync(folder).sort()).toEqual(['foreign', 'middle']);
});

it('leaves what may be in use, whatever the size, and bears a folder that is not there', () => {
  entry('used', 1000, 0.5);
  trimCache(folder, { maxBytes: 10, inUse: HOUR });
  expect(readdirSync(folder)).toEqual(['used']);
  trimCache(join(folder, 'nowhere'), { maxBytes: 0, inUse: 0 });
  expect(touchCacheEntry(join(folder, 'nowhere'))).toBe(false);
});

it('removes the rest of what a killed process was removing', () => {
  entry('.removed-00ff', 1000, 2, true);
  trimCache(folder, { maxBytes: 10, inUse: HOUR, isEntry: () => false });
  expect(readdirSync(folder)).toEqual([]);
});
