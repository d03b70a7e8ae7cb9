import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { handWorkedLinear } from '../testing/small-models.js';
import { writeFileAtomic } from './atomic-write.js';
import { readFileBounded, readModelFile, readNetworkSpecFile, writeModelFile } from './model-files.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bitnetmcu-models-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('files on disk', () => {
  it('writes and reads a model, making folders', () => {
    const path = join(folder, 'deep', 'er', 'm.bnm');
    writeModelFile(path, handWorkedLinear());
    expect(readModelFile(path)).toEqual(handWorkedLinear());
    expect(readdirSync(join(folder, 'deep', 'er'))).toEqual(['m.bnm']);
  });

  it('keeps the old content and leaves nothing behind when it cannot write', () => {
    const path = join(folder, 'a.txt');
    writeFileAtomic(path, 'old');
    writeFileAtomic(path, 'new');
    expect(readFileSync(path, 'utf8')).toBe('new');
    // A folder in the file's place: the rename fails after the temporary file was written.
    const blocked = join(folder, 'blocked');
    writeFileAtomic(join(blocked, 'inside'), 'x');
    expect(() => writeFileAtomic(blocked, 'y')).toThrow(expect.objectContaining({ code: 'file-error' }));
    expect(readdirSync(folder).sort()).toEqual(['a.txt', 'blocked']);
  });

  it('names the path in every error', () => {
    const path = join(folder, 'bad.bnm');
    expect(() => readModelFile(path)).toThrow(
      expect.objectContaining({ code: 'file-error', message: expect.stringContaining(path) }),
    );
    writeFileSync(path, 'something else entirely');
    expect(() => readModelFile(path)).toThrow(
      expect.objectContaining({ code: 'wrong-magic', message: expect.stringContaining(path) }),
    );
    expect(() => readFileBounded(path, 5)).toThrow(/at most 5/);
    const json = join(folder, 'net.json');
    writeFileSync(json, '{"name": "a"');
    expect(() => readNetworkSpecFile(json)).toThrow(/no network as JSON: Expected/);
    writeFileSync(json, '{"$schema": "x", "name": "a", "input": {"shape": [4]}, "layers": []}');
    expect(() => readNetworkSpecFile(json)).toThrow(/layers: an array of 0 found, at least 1 entries wanted/);
  });

  it('refuses a folder without write permission with the reason', () => {
    if (process.platform === 'win32' || process.getuid?.() === 0) return;
    chmodSync(folder, 0o500);
    expect(() => writeFileAtomic(join(folder, 'x'), 'y')).toThrow(/EACCES/);
    chmodSync(folder, 0o700);
  });
});
