// Models named as something that C, its libraries or the files around a model have already.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { runProgram } from '@bitnetmcu/mcu-runtime/internal/node';
import { hostCompiler } from '@bitnetmcu/mcu-runtime/node';
import { ReferenceModel } from '@bitnetmcu/models/internal';
import { describe, expect, it } from 'vitest';
import { exportC } from '../c/export-c.js';
import { exportName } from '../c/export-name.js';
import { reservedWord } from '../c/reserved-words.js';
import { withDistinctPaths } from '../distinct-paths.js';
import { ExporterError } from '../errors.js';
import { isMissing, smallInputs, smallModel, temporaryFolders } from '../firmware/__fixtures__/projects.js';
import { FIRMWARE_KIND_NAMES, firmwareKind } from '../firmware/firmware-kinds.js';
import { firmwareProject } from '../firmware/firmware-project.js';
import { writeExport } from './write-export.js';

const newFolder = temporaryFolders();

const TAKEN = [
  ...[
    'main',
    'Main',
    'bnm',
    'BNM_argmax',
    'stdint',
    'stdio',
    'String',
    'float',
    'board',
    'samples',
    'self_test',
    'Makefile',
  ],
  ...[
    'CMakeLists',
    'README',
    'test',
    'all',
    'firmware',
    'NULL',
    'EOF',
    'errno',
    'int',
    'class',
    'aux',
    'Arduino',
    'model',
  ],
];

/** A name in the form of an identifier, as a file's stem. */
const stem = (path: string) =>
  basename(path)
    .replace(/\.[^.]*$/, '')
    .replace(/[^A-Za-z0-9]/g, '_');

describe('taken names', () => {
  it.skipIf(hostCompiler().kind === 'missing').each(TAKEN)(
    '%s: the folder has its C, builds and computes',
    async (name) => {
      const reference = new ReferenceModel(smallModel());
      // By the model's own name, and asked for.
      for (const options of [{}, { name }]) {
        const folder = newFolder();
        const written = writeExport({ ...smallModel(), name }, folder, options);
        // The manifest lists the others.
        expect(
          readdirSync(folder, { recursive: true, encoding: 'utf8' })
            .filter((path) => path !== '.bitnetmcu.json' && path !== 'model')
            .sort(),
        ).toEqual([...written.written].sort());
        expect(new Set(written.written.map((path) => path.toLowerCase())).size).toBe(written.written.length);
        expect(readFileSync(join(folder, 'model', `${written.name}.c`), 'utf8')).toContain('fc1_weights');
        // It differs in case at most.
        if ('name' in options) continue;
        const sources = written.written.filter((path) => path.endsWith('.c'));
        const { status, stderr } = spawnSync(
          'cc',
          ['-std=c99', '-O0', '-Wall', '-Werror', '-Imodel', ...sources, '-o', 'program'],
          { cwd: folder, encoding: 'utf8' },
        );
        expect([stderr, status]).toEqual(['', 0]);
        const reply = await runProgram(join(folder, 'program'), new Uint8Array(smallInputs.buffer), ['--binary']);
        expect([...new Int32Array(Uint8Array.from(reply).buffer)]).toEqual([...reference.infer(smallInputs, 3)]);
      }
    },
    60_000,
  );

  it.skipIf(isMissing('cmake'))(
    'CMake builds them too',
    () => {
      for (const name of ['stdint', 'test', 'Makefile']) {
        const folder = newFolder();
        const { name: target } = writeExport({ ...smallModel(), name }, folder);
        for (const args of [
          ['-S', '.', '-B', 'build'],
          ['--build', 'build'],
        ]) {
          const { status, stderr } = spawnSync('cmake', args, { cwd: folder, encoding: 'utf8' });
          expect([stderr, status]).toEqual(['', 0]);
        }
        expect(readdirSync(join(folder, 'build'))).toContain(`${target}_host`);
      }
    },
    60_000,
  );

  it('are all that any project is made of', () => {
    const own = 'zz_own';
    const model = { ...smallModel(), name: own };
    const paths = FIRMWARE_KIND_NAMES.flatMap((kind) =>
      firmwareKind(kind).kernels.flatMap(({ name }) =>
        firmwareProject(model, kind, smallInputs, { kernels: name }).files.map(({ path }) => path),
      ),
    );
    paths.push(...writeExport(model, newFolder()).written);
    const free = [...new Set(paths.map(stem))].filter(
      (name) => ![own, `bitnetmcu_${own}`].includes(name) && !reservedWord(name),
    );
    expect(free).toEqual([]);
  });

  it.each(['cc', 'arm-none-eabi-gcc', 'avr-gcc', 'riscv64-unknown-elf-gcc'])(
    'are all headers that %s finds by name for these projects',
    (compiler) => {
      if (isMissing(compiler)) return;
      const folder = newFolder();
      const { written } = writeExport({ ...smallModel(), name: 'zz_own' }, folder, { hostProgram: compiler === 'cc' });
      const machine =
        compiler === 'avr-gcc' ? ['-mmcu=atmega328p'] : compiler.startsWith('riscv') ? ['-ffreestanding'] : [];
      const sources = written.filter((path) => path.endsWith('.c'));
      // Each line of `-H` is a header as deep in the others as it has dots.
      const { stderr, status } = spawnSync(
        compiler,
        [...machine, '-H', '-fsyntax-only', '-I.', '-Imodel', ...sources],
        {
          cwd: folder,
          encoding: 'utf8',
        },
      );
      expect(status, stderr).toBe(0);
      const found = [...stderr.matchAll(/^\.+ (\/.*)$/gm)].map(([, path]) => path!);
      const direct = found
        .filter((path) => /include(?:-fixed)?\/[^/]+$/.test(path))
        .map((path) => basename(path, '.h'));
      expect(found.length).toBeGreaterThan(0);
      // A model's file is an identifier: no file of ours is called stdint-gcc.h.
      expect([...new Set(direct)].filter((name) => /^\w+$/.test(name) && !reservedWord(name))).toEqual([]);
    },
  );

  it('are told from those that nobody has', () => {
    expect(exportName({ name: 'fc-12k' }, undefined)).toBe('fc_12k');
    expect(exportName({ name: 'main' }, undefined)).toBe('m_main');
    expect(exportName({ name: 'x' }, 'Digits2')).toBe('Digits2');
    expect(['Main', 'bnm_x', '_x', 'STDIN', 'int8_t'].map((name) => exportName({ name: 'x' }, name))).toEqual([
      ...['m_Main', 'm_bnm_x', 'm_x', 'm_STDIN', 'm_int8_t'],
    ]);
    const { files } = exportC(smallModel(), { name: 'model' });
    expect(files.map(({ path }) => path)).toEqual(['model.c', 'model.h']);
  });

  it('two files of one path are refused, also where only the case differs', () => {
    const paths = (...names: string[]) => names.map((path) => ({ path }));
    expect(withDistinctPaths(paths('a.c', 'b.c', 'src/a.c'))).toHaveLength(3);
    for (const [a, b] of [
      ['a.c', 'a.c'],
      ['Main.c', 'main.c'],
      ['src/A.h', 'src/a.h'],
      ['\u00e4.c', 'a\u0308.c'],
    ])
      expect(() => withDistinctPaths(paths(a!, 'x', b!))).toThrow(ExporterError);
  });
});
