// Whose files are whose in a firmware project: what its README says, done literally with the real compilers, in every kind of project.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runFirmware } from '@bitnetmcu/mcu-runtime/targets';
import { describe, expect, it } from 'vitest';
import { isMissing, printedClasses, smallInputs, smallModel, temporaryFolders } from './__fixtures__/projects.js';
import { FIRMWARE_KIND_NAMES, FIRMWARE_KINDS, type FirmwareKindName } from './firmware-kinds.js';
import { firmwareProject } from './firmware-project.js';
import { writeFirmware } from './write-firmware.js';

const newFolder = temporaryFolders();
const BOARDS = FIRMWARE_KIND_NAMES.filter((name) => FIRMWARE_KINDS[name].style === 'bare-metal');
const CMAKE = FIRMWARE_KIND_NAMES.filter((name) => FIRMWARE_KINDS[name].style === 'cmake');
const isNotThere = (kind: FirmwareKindName) => FIRMWARE_KINDS[kind].programs.some((program) => isMissing(program));

/** A program of one's own in two files that calls the model. */
const MAIN = `#include "board.h"
#include "sensor.h"

int main(void) {
  board_start();
  board_write((char)('0' + sensor_class()));
  return 0;
}
`;
const SENSOR = `#include "sensor.h"
#include "small.h"

int sensor_class(void) {
  static int8_t input[SMALL_INPUTS];
  input[0] = 100;
  return small_classify(input);
}
`;

/** The first code block of the project's README but for the commands that install. */
function buildCommands(folder: string): string[] {
  const block = /```sh\n([\s\S]*?)```/.exec(readFileSync(join(folder, 'README.md'), 'utf8'))![1]!;
  return block.split('\n').filter((line) => /^(make|cmake|arduino-cli compile|pio)\b/.test(line));
}

function build(folder: string): void {
  const commands = buildCommands(folder);
  expect(commands.length).toBeGreaterThan(0);
  for (const command of commands) {
    const { status, stdout, stderr } = spawnSync('sh', ['-c', command], { cwd: folder, encoding: 'utf8' });
    expect(status, `${command}\n${stdout}${stderr}`).toBe(0);
  }
}

function replaceProgram(folder: string): void {
  // Make compares times, which file systems keep in steps of some milliseconds: nobody writes a program that fast.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
  rmSync(join(folder, 'self_test.c'));
  rmSync(join(folder, 'self_test.h'));
  writeFileSync(join(folder, 'main.c'), MAIN);
  writeFileSync(join(folder, 'sensor.c'), SENSOR);
  writeFileSync(join(folder, 'sensor.h'), 'int sensor_class(void);\n');
}

describe.each(BOARDS)('%s', (kind) => {
  const project = firmwareProject(smallModel(), kind, smallInputs);

  it.skipIf(isNotThere(kind))('make gives the image that the command gives, to the byte', () => {
    const folder = newFolder();
    const written = writeFirmware(project, folder);
    if (written.kind !== 'built') throw new Error(written.compiler);
    expect(written.own).toEqual([]);
    rmSync(written.path);
    build(folder);
    expect(Buffer.compare(readFileSync(join(folder, 'firmware.bin')), written.selfTestImage!)).toBe(0);
  });

  it.skipIf(isNotThere(kind))('a program of the user takes the place of the self-test, and stays', async () => {
    const folder = newFolder();
    writeFirmware(project, folder);
    replaceProgram(folder);
    build(folder);
    const { target, path } = project.simulation!;
    const { output } = await runFirmware(target, readFileSync(join(folder, path)));
    const sample = Int8Array.from({ length: 16 }, (_, i) => (i === 0 ? 100 : 0));
    expect(output).toBe(printedClasses(smallModel(), sample).replace('\r\nclass ', ''));
    const again = writeFirmware(firmwareProject(smallModel(), kind, smallInputs.subarray(16)), folder);
    if (again.kind !== 'built') throw new Error(again.compiler);
    expect(again).toMatchObject({ kept: ['main.c'], omitted: ['self_test.c', 'self_test.h'] });
    expect(again.own).toContain('sensor.c');
    expect([readFileSync(join(folder, 'main.c'), 'utf8'), readFileSync(join(folder, 'sensor.c'), 'utf8')]).toEqual([
      MAIN,
      SENSOR,
    ]);
    expect(existsSync(join(folder, 'self_test.c'))).toBe(false);
    expect((await runFirmware(target, readFileSync(join(folder, path)))).output).toBe(output);
    // The self-test of the new model is to be had all the same.
    expect((await runFirmware(target, again.selfTestImage!)).output).toContain('self-test passed');
  });
});

describe.each(CMAKE)('%s', (kind) => {
  it.skipIf(isNotThere(kind))('builds as its README says, also with a program of the user', () => {
    const folder = newFolder();
    const project = firmwareProject(smallModel(), kind, smallInputs);
    writeFirmware(project, folder);
    replaceProgram(folder);
    build(folder);
    const again = writeFirmware(project, folder);
    expect(again).toMatchObject({ kind: 'built', kept: ['main.c'], omitted: ['self_test.c', 'self_test.h'] });
    expect(readFileSync(join(folder, 'main.c'), 'utf8')).toBe(MAIN);
  });

  it.skipIf(isNotThere(kind))('model/ alone is a library for another project', () => {
    const folder = newFolder();
    writeFirmware(firmwareProject(smallModel(), kind, smallInputs), folder);
    const parent = newFolder();
    writeFileSync(
      join(parent, 'CMakeLists.txt'),
      `cmake_minimum_required(VERSION 3.13)\nproject(parent C ASM)\nadd_compile_options(-ffreestanding)\nadd_subdirectory(${join(folder, 'model')} model)\nadd_library(sensor STATIC sensor.c)\ntarget_link_libraries(sensor small)\n`,
    );
    writeFileSync(join(parent, 'sensor.c'), SENSOR.replace('"sensor.h"', '<stddef.h>'));
    const toolchain = `-DCMAKE_TOOLCHAIN_FILE=${join(folder, `toolchain-${kind.replace('cmake-', '')}.cmake`)}`;
    for (const args of [
      ['-S', '.', '-B', 'build', toolchain],
      ['--build', 'build'],
    ]) {
      const { status, stderr } = spawnSync('cmake', args, { cwd: parent, encoding: 'utf8' });
      expect(status, stderr).toBe(0);
    }
  });
});

describe.each(['arduino', 'platformio'] as const)('%s', (kind) => {
  it('generated files are in src/ and samples.h; the example, its metadata and the README stay', () => {
    const folder = newFolder();
    const { files } = firmwareProject(smallModel(), kind, smallInputs);
    writeFirmware(firmwareProject(smallModel(), kind, smallInputs), folder);
    const mine = files.filter(({ yours }) => yours).map(({ path }) => path);
    expect(mine).toContain('README.md');
    for (const path of mine) writeFileSync(join(folder, path), 'mine');
    const { kept } = writeFirmware(firmwareProject(smallModel(), kind, smallInputs.subarray(16)), folder);
    expect([...kept].sort()).toEqual([...mine].sort());
    for (const path of mine) expect(readFileSync(join(folder, path), 'utf8')).toBe('mine');
    const generated = files.filter(({ yours }) => !yours).map(({ path }) => path);
    expect(generated.filter((path) => !/^src\/|\/samples\.h$|^keywords\.txt$/.test(path))).toEqual([]);
  });
});

describe('what does not build', () => {
  const isMissingHere = isNotThere('ch32v003');
  const project = firmwareProject(smallModel(), 'ch32v003', smallInputs);

  it.skipIf(isMissingHere)("because of the user's files is no bug, and names them", () => {
    const folder = newFolder();
    writeFirmware(project, folder);
    writeFileSync(join(folder, 'sensor.c'), 'int sensor(void) { return nowhere(); }\nint x[] = y;\n');
    expect(() => writeFirmware(project, folder)).toThrow(
      expect.objectContaining({ code: 'build', message: expect.stringMatching(/sensor\.c/) }),
    );
  });

  it.skipIf(isMissingHere)('a Makefile of before, changed by the user, is named', () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'Makefile'), 'firmware.bin: main.c digits.c\n\tfalse\n');
    expect(() => writeFirmware(project, folder)).toThrow(
      expect.objectContaining({
        code: 'build',
        message: expect.stringMatching(/Makefile is yours.*model\/.*--overwrite/),
      }),
    );
    expect(readFileSync(join(folder, 'Makefile'), 'utf8')).toContain('digits.c');
  });
});
