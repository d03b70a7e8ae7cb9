import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { handWorkedLinear } from '../testing/small-models.js';
import { encodeBnm } from './bnm.js';
import { checkWritableFiles, isOwnFile, writeFiles, writeOwnFile } from './written-files.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bitnetmcu-written-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const files = (text: string) => [
  { path: 'main.c', content: `int main(void) { return ${text}; }\n` },
  { path: 'src/model.c', content: `/* ${text} */\n` },
];
const read = (path: string) => readFileSync(join(folder, path), 'utf8');
const names = () => readdirSync(folder).sort();

describe('writeFiles', () => {
  it('replaces what it wrote as often as wanted', () => {
    expect(writeFiles(folder, files('1'))).toEqual({
      written: ['main.c', 'src/model.c'],
      kept: [],
      omitted: [],
      removed: [],
    });
    writeFiles(folder, files('2'));
    expect([read('main.c'), read('src/model.c')]).toEqual(files('2').map(({ content }) => content));
    expect(isOwnFile(folder, 'main.c')).toBe(true);
    expect(names()).toEqual(['.bitnetmcu.json', 'main.c', 'src']);
  });

  it("writes nothing at all where a file is somebody else's, and lists it", () => {
    writeFileSync(join(folder, 'main.c'), 'mine');
    expect(() => writeFiles(folder, files('1'))).toThrow(
      expect.objectContaining({ code: 'file-exists', message: expect.stringMatching(/main\.c: not written by/) }),
    );
    expect(names()).toEqual(['main.c']);
    expect(read('main.c')).toBe('mine');
  });

  it('does not touch what a user changed; keep writes the others, overwrite everything', () => {
    writeFiles(folder, files('1'));
    writeFileSync(join(folder, 'main.c'), 'edited');
    expect(() => writeFiles(folder, files('2'))).toThrow(/main\.c: changed since.*\n.*--overwrite.*--keep/);
    expect(read('src/model.c')).toBe('/* 1 */\n');
    expect(writeFiles(folder, files('3'), { existing: 'keep' })).toMatchObject({
      written: ['src/model.c'],
      kept: ['main.c'],
    });
    expect([read('main.c'), read('src/model.c')]).toEqual(['edited', '/* 3 */\n']);
    // Kept is not taken: it stays the user's.
    expect(() => writeFiles(folder, files('4'))).toThrow(/changed since/);
    writeFiles(folder, files('5'), { existing: 'overwrite' });
    expect(read('main.c')).toBe(files('5')[0]!.content);
    writeFiles(folder, files('6'));
  });

  it('takes what has the wanted content already, and never a folder', () => {
    writeFileSync(join(folder, 'main.c'), files('1')[0]!.content);
    writeFiles(folder, files('1'));
    rmSync(join(folder, 'main.c'));
    mkdirSync(join(folder, 'main.c'));
    expect(() => writeFiles(folder, files('2'), { existing: 'overwrite' })).toThrow(/main\.c: a folder/);
    expect(read('src/model.c')).toBe('/* 1 */\n');
  });

  it('replaces a link, not the file that it leads to', () => {
    if (process.platform === 'win32') return;
    const other = join(folder, 'precious');
    writeFileSync(other, 'precious');
    symlinkSync(other, join(folder, 'main.c'));
    expect(() => writeFiles(folder, files('1'))).toThrow(/not written by/);
    writeFiles(folder, files('1'), { existing: 'overwrite' });
    expect(readFileSync(other, 'utf8')).toBe('precious');
  });

  it('does not wait for a pipe', () => {
    if (process.platform === 'win32') return;
    spawnSync('mkfifo', [join(folder, 'main.c')]);
    expect(() => writeFiles(folder, files('1'))).toThrow(/not written by/);
  });

  it('knows nothing by a damaged manifest, and refuses paths that leave the folder', () => {
    writeFiles(folder, files('1'));
    writeFileSync(join(folder, '.bitnetmcu.json'), '{"version": 1, "files": {"main.c"');
    expect(() => writeFiles(folder, files('2'))).toThrow(/not written by/);
    for (const path of ['../x', 'a/../../x', '']) {
      expect(() => writeFiles(folder, [{ path, content: 'x' }])).toThrow(/no path within/);
    }
  });

  it('goes on after a process that was killed between two files', () => {
    writeFiles(folder, files('1'));
    const manifest = JSON.parse(read('.bitnetmcu.json'));
    // What a manifest holds while files are replaced: both hashes. The first file is new, the second one still old.
    const [first] = files('2');
    const sum = (text: string) => createHash('sha256').update(text).digest('hex');
    manifest.files['main.c'].push(sum(first!.content));
    writeFileSync(join(folder, '.bitnetmcu.json'), JSON.stringify(manifest));
    writeFileSync(join(folder, 'main.c'), first!.content);
    writeFiles(folder, files('3'));
    expect(read('main.c')).toBe(files('3')[0]!.content);
  });

  it('takes what a build makes as its own, but not what was there before', () => {
    writeFileSync(join(folder, 'firmware.elf'), "a user's");
    const built = ['firmware.elf'];
    expect(() => writeFiles(folder, files('1'), { built })).toThrow(/firmware\.elf: not written by/);
    rmSync(join(folder, 'firmware.elf'));
    writeFiles(folder, files('1'), { built });
    writeFileSync(join(folder, 'firmware.elf'), 'of make');
    writeFiles(folder, files('2'), { built });
  });

  it('can be asked before the work', () => {
    writeFileSync(join(folder, 'main.c'), 'mine');
    expect(() => checkWritableFiles(folder, [{ path: 'main.c' }, { path: 'other.c' }])).toThrow(/main\.c/);
    checkWritableFiles(folder, [{ path: 'other.c' }]);
    checkWritableFiles(join(folder, 'nowhere'), [{ path: 'main.c' }]);
  });
});

describe('writeOwnFile', () => {
  it('replaces what proves that it is ours: checksum or stamp', () => {
    const [model, svg] = [join(folder, 'm.bnm'), join(folder, 'f.svg')];
    const bytes = encodeBnm(handWorkedLinear());
    writeOwnFile(model, bytes);
    writeOwnFile(model, bytes);
    writeOwnFile(svg, '<svg>1</svg>\n');
    writeOwnFile(svg, '<svg>2</svg>\n');
    expect(read('f.svg')).toMatch(/^<svg>2<\/svg>\n<!-- bitnetmcu sha256:[0-9a-f]{64} -->\n$/);
    expect(names()).toEqual(['f.svg', 'm.bnm']);
    bytes[20]! ^= 1;
    writeFileSync(model, bytes);
    writeFileSync(svg, read('f.svg').replace('2', '3'));
    for (const [path, content] of [
      [model, 'x'],
      [svg, '<svg/>'],
      [join(folder, 'f.svg'), bytes],
    ] as const) {
      expect(() => writeOwnFile(path, content)).toThrow(expect.objectContaining({ code: 'file-exists' }));
    }
    writeOwnFile(svg, '<svg>4</svg>\n', 'overwrite');
    expect(read('f.svg')).toContain('4');
  });
});
