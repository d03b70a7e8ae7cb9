import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { fileStamp } from './file-stamp.js';

it('is another one of what was replaced, also in the folder of a class of a part', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bitnetmcu-stamp-'));
  const sample = join(folder, 'train', 'cat', '1.png');
  mkdirSync(join(folder, 'train', 'cat'), { recursive: true });
  writeFileSync(sample, 'a');
  const replace = () => {
    writeFileSync(`${folder}.new`, 'b');
    renameSync(`${folder}.new`, sample);
  };
  for (const path of [folder, sample]) {
    const before = fileStamp(path);
    expect(fileStamp(path)).toBe(before);
    replace();
    expect(fileStamp(path)).not.toBe(before);
  }
  rmSync(folder, { recursive: true });
  expect(fileStamp(folder)).toBe('');
});
