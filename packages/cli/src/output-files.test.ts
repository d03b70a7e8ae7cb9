// What commands do with files that are there already: theirs are replaced, a user's are not.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runWarm } from './__fixtures__/run-cli.js';
import { writeSyntheticIdx } from './__fixtures__/synthetic-idx.js';
import { tinyModel } from './__fixtures__/tiny-model.js';
import { expectWritten } from './__fixtures__/written-project.js';
import { EXIT_CODES } from './exit-codes.js';

let cwd = '';
let data: string[] = [];
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'bitnetmcu-output-'));
  data = writeSyntheticIdx(join(cwd, 'data'), 60, 20);
  writeFileSync(join(cwd, 'one.bnm'), tinyModel());
  writeFileSync(join(cwd, 'two.bnm'), tinyModel({ tool: 'a retrain' }));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));
const run = (...args: string[]) => runWarm(args, { cwd });
const at = (...path: string[]) => join(cwd, ...path);
const content = (...path: string[]) => readFileSync(at(...path), 'utf8');

describe.each([
  ['export', [], ['main.c', 'Makefile', 'CMakeLists.txt']],
  ['firmware', ['--target', 'cmake-arm'], ['main.c', 'CMakeLists.txt', 'README.md', 'board.h']],
] as const)('%s %j', (command, flags, expected) => {
  const folder = `${command}-${flags.join('')}`;
  const write = (model: string, ...more: string[]) => {
    const samples = command === 'firmware' ? data : [];
    return run(command, model, ...flags, '-o', folder, ...samples, '--json', ...more);
  };

  it('writes model/ anew after a retrain, and no file that the user changed', async () => {
    const first = await write('one.bnm');
    expectWritten(first);
    for (const file of expected) expect(existsSync(at(folder, file)), file).toBe(true);
    const again = await write('two.bnm');
    expectWritten(again);
    const [edited] = [...expected, 'README.md', 'library.properties'].filter((file) => existsSync(at(folder, file)));
    const mine = `${content(folder, edited!)}\n`;
    writeFileSync(at(folder, edited!), mine);
    const kept = await write('one.bnm');
    expectWritten(kept);
    expect(JSON.parse(kept.stdout).kept).toEqual([edited]);
    expect(content(folder, edited!)).toBe(mine);
    expectWritten(await write('one.bnm', '--overwrite'));
    expect(content(folder, edited!)).not.toBe(mine);
    // What is generated is refused where it was changed, and nothing is written.
    writeFileSync(at(folder, 'model/bnm.h'), 'mine');
    const before = content(folder, '.bitnetmcu.json');
    const refused = await write('two.bnm');
    expect(refused.exitCode).toBe(EXIT_CODES.usage);
    const { error } = JSON.parse(refused.stdout);
    expect([error.code, content(folder, '.bitnetmcu.json')]).toEqual(['file-exists', before]);
    expect(error.message).toContain('model/bnm.h: changed since');
  }, 120_000);
});

describe('single files', () => {
  it('import replaces a model that it wrote, and nothing else', async () => {
    const onnx = fileURLToPath(new URL('../../exporter/src/onnx/__fixtures__/bitlinear-dynamo.onnx', import.meta.url));
    const args = ['import', onnx, '-o', 'imported.bnm', ...data, '--json'];
    for (let time = 0; time < 2; time++) expect((await run(...args)).exitCode).toBe(EXIT_CODES.ok);
    writeFileSync(at('imported.bnm'), 'a letter');
    const refused = await run(...args);
    expect([refused.exitCode, JSON.parse(refused.stdout).error.code]).toEqual([EXIT_CODES.usage, 'file-exists']);
    expect(content('imported.bnm')).toBe('a letter');
    expect((await run(...args, '--overwrite')).exitCode).toBe(EXIT_CODES.ok);
  });

  it('sim --profile replaces a flame graph that it wrote, and nothing else', async () => {
    const args = ['sim', 'one.bnm', '--images', '2', ...data, '--profile', 'flame.svg'];
    for (let time = 0; time < 2; time++) expect((await run(...args)).exitCode).toBe(EXIT_CODES.ok);
    writeFileSync(at('flame.svg'), content('flame.svg').replace('<svg', '<!-- edited --><svg'));
    const refused = await run(...args);
    expect(refused.exitCode).toBe(EXIT_CODES.usage);
    expect(refused.stderr).toContain('flame.svg');
    expect(content('flame.svg')).toContain('edited');
  });
});
