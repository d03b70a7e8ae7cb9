import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  appendToFile,
  probeFolder,
  removeOrphanedTemporaries,
  writeFileAtomic,
  writeFilesAtomic,
} from './atomic-write.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bitnetmcu-atomic-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('writeFilesAtomic', () => {
  it('replaces none where one cannot be written, and says which without its temporary name', () => {
    writeFileSync(join(folder, 'a'), 'old');
    writeFileSync(join(folder, 'file'), '');
    const write = () =>
      writeFilesAtomic([
        { path: join(folder, 'a'), content: 'new' },
        { path: join(folder, 'file', 'b'), content: 'new' },
      ]);
    expect(write).toThrow(expect.objectContaining({ code: 'file-error' }));
    expect(write).toThrow(`Cannot write ${join(folder, 'file', 'b')}: ${join(folder, 'file')} is a file`);
    expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('old');
    expect(readdirSync(folder).sort()).toEqual(['a', 'file']);
  });

  it('says in words what is wrong, never with the name of a temporary file', () => {
    mkdirSync(join(folder, 'sub', 'x'), { recursive: true });
    writeFileSync(join(folder, 'file'), '');
    for (const [path, message] of [
      [join(folder, 'sub'), /is a folder/],
      [join(folder, 'file', 'deep', 'x'), /a part of its path is a file|is a file; a folder is wanted/],
      [join(folder, 'n'.repeat(300)), /too long/],
    ] as const) {
      expect(() => writeFileAtomic(path, 'x')).toThrow(message);
      try {
        writeFileAtomic(path, 'x');
      } catch (error) {
        expect((error as Error).message).not.toContain('.tmp');
      }
    }
    expect(() => appendToFile(join(folder, 'nowhere', 'x'), 'x')).toThrow(
      expect.objectContaining({ code: 'file-error', message: expect.stringContaining('no such file or folder') }),
    );
    expect(() => probeFolder(join(folder, 'file'), 10)).toThrow(/is a file; a folder is wanted/);
  });
});

describe('removeOrphanedTemporaries', () => {
  it('removes what processes left that ended, nothing else', () => {
    const ended = spawnSync(process.execPath, ['-e', '']).pid;
    const [orphan, young] = [`.m.bnm.${ended}.0123abcd.tmp`, `.n.bnm.${ended}.0123abcd.tmp`];
    const others = [`.m.bnm.${process.pid}.0123abcd.tmp`, `m.bnm.${ended}.0123abcd.tmp`, '.x.tmp', 'm.bnm'];
    for (const name of [orphan, young, ...others]) writeFileSync(join(folder, name), '');
    const hourAgo = Date.now() / 1000 - 3600;
    utimesSync(join(folder, orphan), hourAgo, hourAgo);
    removeOrphanedTemporaries(folder, 60_000);
    expect(readdirSync(folder).sort()).toEqual([young, ...others].sort());
    removeOrphanedTemporaries(folder, 0);
    expect(readdirSync(folder).sort()).toEqual([...others].sort());
  });
});
