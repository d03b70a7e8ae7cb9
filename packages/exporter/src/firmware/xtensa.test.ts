// Xtensa: the exported C of the library forms, compiled for the core of the ESP8266 (LX106) by Debian's compiler, and run in QEMU.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { QuantizedModel } from '@bitnetmcu/models';
import { conformanceInputs, conformanceModel } from '@bitnetmcu/models/conformance';
import { writeFileAtomic } from '@bitnetmcu/models/internal/node';
import { describe, expect, it } from 'vitest';
import { isMissing, smallInputs, smallModel, temporaryFolders } from './__fixtures__/projects.js';
import { firmwareProject } from './firmware-project.js';

const COMPILER = 'xtensa-lx106-elf-gcc';
const EMULATOR = 'qemu-system-xtensa';
const fixture = join(dirname(fileURLToPath(import.meta.url)), '__fixtures__', 'xtensa');
const newFolder = temporaryFolders();
const missing = [COMPILER, EMULATOR].filter((tool) => isMissing(tool));

const convolutional = conformanceModel(5, 3, {});
const inputsOf = ({ input }: QuantizedModel) =>
  conformanceInputs(
    5,
    3,
    input.shape.reduce((product, size) => product * size, 1),
    3,
  );
const MODELS = [
  ['linear layers', smallModel(), smallInputs],
  ['convolutions', convolutional, inputsOf(convolutional)],
] as const;

describe.skipIf(missing.length > 0).each(['arduino', 'platformio', 'esp-idf'] as const)('%s', (kind) => {
  it.each(MODELS)('computes the logits of the reference: %s', (_, model, inputs) => {
    const { files, expectedOutput } = firmwareProject(model, kind, inputs, { kernels: 'plain' });
    const folder = newFolder();
    for (const { path, content } of files) writeFileAtomic(join(folder, path), content);
    const paths = files.map(({ path }) => path);
    const selfTest = paths.find((path) => path.endsWith('/self_test.c'))!;
    const sources = [...paths.filter((path) => /^src\/.*\.c$/.test(path)), selfTest];
    expect(paths.filter((path) => /^src\/.*\.S$/.test(path))).toEqual([]);
    // Debian's library of the compiler has no division, which is in the ESP8266's ROM: what is not called is dropped.
    const compiled = spawnSync(
      COMPILER,
      [
        ...[
          '-std=c99',
          '-O2',
          '-Wall',
          '-Wextra',
          '-ffreestanding',
          '-mlongcalls',
          '-ffunction-sections',
          '-Isrc',
          `-I${dirname(selfTest)}`,
        ],
        ...[...sources, ...['board.c', 'start.S'].map((name) => join(fixture, name))],
        ...['-nostdlib', '-Wl,--gc-sections', `-T${join(fixture, 'sim.ld')}`, '-lgcc', '-o', 'program.elf'],
      ],
      { cwd: folder, encoding: 'utf8' },
    );
    expect([compiled.stderr, compiled.status]).toEqual(['', 0]);
    const run = spawnSync(
      EMULATOR,
      [
        ...['-M', 'sim', '-cpu', 'lx106', '-semihosting', '-nographic', '-monitor', 'none', '-serial', 'none'],
        ...['-kernel', 'program.elf'],
      ],
      { cwd: folder, encoding: 'utf8', timeout: 60_000 },
    );
    expect(`${run.stdout}${run.stderr}`).toBe(expectedOutput);
    expect(expectedOutput).toContain('self-test passed');
    expect(run.status).toBe(0);
  });
});
