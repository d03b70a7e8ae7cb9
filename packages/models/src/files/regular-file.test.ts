import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readRegularFile } from './regular-file.js';

const folder = mkdtempSync(join(tmpdir(), 'regular-file-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('readRegularFile', () => {
  it('gives the bytes of a file', () => {
    writeFileSync(join(folder, 'a'), 'abc');
    expect([...readRegularFile(join(folder, 'a'), 3)]).toEqual([97, 98, 99]);
  });

  it('refuses a larger file, a folder and a missing one', () => {
    expect(() => readRegularFile(join(folder, 'a'), 2)).toThrow(/has 3 bytes; at most 2 are read/);
    expect(() => readRegularFile(folder, 100)).toThrow(/folder|EISDIR/);
    expect(() => readRegularFile(join(folder, 'b'), 100)).toThrow(/ENOENT/);
  });

  it.runIf(process.platform !== 'win32')('refuses a named pipe and a device at once', () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    expect(() => readRegularFile(pipe, 100)).toThrow(/named pipe; a regular file is wanted/);
    expect(() => readRegularFile('/dev/zero', 100)).toThrow(/device; a regular file is wanted/);
  });
});
