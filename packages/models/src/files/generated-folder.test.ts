// What is the user's in a generated project is written once; what is generated has a folder of its own, in which nothing stale stays.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeFiles } from './written-files.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bitnetmcu-generated-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const project = (text: string, name = 'digits') => [
  { path: `model/${name}.c`, content: `/* ${text} */\n` },
  { path: 'model/bnm.h', content: `/* runtime ${text} */\n` },
  { path: 'main.c', content: `int main(void) { return ${text}; }\n`, yours: true as const },
  { path: 'Makefile', content: `# ${text}\n`, yours: true as const },
];
const write = (text: string, existing?: 'overwrite' | 'keep', name?: string) =>
  writeFiles(folder, project(text, name), { existing, generatedFolder: 'model' });
const read = (path: string) => readFileSync(join(folder, path), 'utf8');

it("a changed file is the user's, an unchanged one follows the model", () => {
  write('1');
  writeFileSync(join(folder, 'main.c'), 'mine');
  expect(write('2')).toEqual({
    written: ['model/digits.c', 'model/bnm.h', 'Makefile'],
    kept: ['main.c'],
    omitted: [],
    removed: [],
  });
  expect([read('main.c'), read('Makefile'), read('model/digits.c')]).toEqual(['mine', '# 2\n', '/* 2 */\n']);
  // Also the next time, and until it is asked for.
  expect(write('3').kept).toEqual(['main.c']);
  expect(write('4', 'overwrite').kept).toEqual([]);
  expect(read('main.c')).toBe('int main(void) { return 4; }\n');
});

it('a file of somebody else is left where a start would go, and refused where a generated one would', () => {
  writeFileSync(join(folder, 'Makefile'), 'all:\n');
  expect(write('1').kept).toEqual(['Makefile']);
  expect(read('Makefile')).toBe('all:\n');
  writeFileSync(join(folder, 'model/digits.c'), 'changed');
  expect(() => write('2')).toThrow(/model\/digits\.c: changed since/);
  expect(read('model/digits.c')).toBe('changed');
});

it('a file that the user removed stays away, one that a crash kept from being written does not', () => {
  write('1');
  rmSync(join(folder, 'main.c'));
  expect(write('2').omitted).toEqual(['main.c']);
  expect(write('3').omitted).toEqual(['main.c']);
  expect(existsSync(join(folder, 'main.c'))).toBe(false);
  expect(write('4', 'overwrite').written).toContain('main.c');
  // A manifest as it is while a file is written for the first time.
  const manifest = JSON.parse(read('.bitnetmcu.json'));
  manifest.files['main.c'].push('pending');
  writeFileSync(join(folder, '.bitnetmcu.json'), JSON.stringify(manifest));
  rmSync(join(folder, 'main.c'));
  expect(write('5')).toMatchObject({ omitted: [], written: expect.arrayContaining(['main.c']) });
});

it('nothing stale stays in the folder of generated files, and nothing else is removed', () => {
  write('1');
  writeFileSync(join(folder, 'model/notes.txt'), 'mine');
  writeFileSync(join(folder, 'sensor.c'), 'mine');
  expect(write('2', undefined, 'letters').removed).toEqual(['model/digits.c']);
  expect([existsSync(join(folder, 'model/digits.c')), read('model/notes.txt'), read('sensor.c')]).toEqual([
    ...[false, 'mine', 'mine'],
  ]);
});

it('a project of before, with everything at the top, becomes one of today; what was changed there is refused', () => {
  const before = ['digits.c', 'bnm.h', 'bnm_old.c', 'main.c', 'Makefile'].map((path) => ({ path, content: path }));
  writeFiles(folder, [...before, { path: 'digits.onnx', content: 'graph' }]);
  writeFileSync(join(folder, 'main.c'), 'mine');
  writeFileSync(join(folder, 'digits.c'), 'mine too');
  expect(() => write('1')).toThrow(/digits\.c: of a project of before/);
  expect(existsSync(join(folder, 'model'))).toBe(false);
  writeFileSync(join(folder, 'digits.c'), 'digits.c');
  const { kept, removed } = write('1');
  expect([kept, [...removed].sort()]).toEqual([['main.c'], ['bnm.h', 'bnm_old.c', 'digits.c']]);
  expect([read('main.c'), read('Makefile'), read('digits.onnx')]).toEqual(['mine', '# 1\n', 'graph']);
});

it('sources of before that no manifest lists are named, not removed', () => {
  writeFileSync(join(folder, 'bnm.h'), 'x');
  mkdirSync(join(folder, 'model'));
  expect(() => write('1')).toThrow(/bnm\.h: of a project of before/);
  expect(write('1', 'overwrite').removed).toEqual(['bnm.h']);
});
