// CMake projects and libraries: built with the tools that are here, and run.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readElf } from '@bitnetmcu/mcu-runtime/sim';
import { runFirmware } from '@bitnetmcu/mcu-runtime/targets';
import { conformanceInputs, conformanceModel } from '@bitnetmcu/models/conformance';
import { writeFileAtomic } from '@bitnetmcu/models/node';
import { RP2040 } from 'rp2040js';
import { describe, expect, it } from 'vitest';
import { isMissing, smallInputs, smallModel, temporaryFolders } from './__fixtures__/projects.js';
import { FIRMWARE_KINDS, type FirmwareKindName } from './firmware-kinds.js';
import { firmwareProject } from './firmware-project.js';
import { writeFirmware } from './write-firmware.js';

const newFolder = temporaryFolders();
const model = conformanceModel(5, 3, {});
const inputs = conformanceInputs(
  5,
  3,
  model.input.shape.reduce((product, size) => product * size, 1),
  3,
);

describe.each([
  ['cmake-arm', semihostedArm],
  // QEMU's semihosting console is standard error.
  ['cmake-riscv', (path: string) => spawnSync('qemu-riscv32', [path], { encoding: 'utf8', timeout: 20_000 }).stderr],
] as const)('%s', (kind, run) => {
  const tools = [...FIRMWARE_KINDS[kind].programs, ...(kind === 'cmake-riscv' ? ['qemu-riscv32'] : [])];
  const kernels = FIRMWARE_KINDS[kind].kernels.map(({ name }) => name);
  it.skipIf(tools.some((tool) => isMissing(tool))).each(kernels)(
    '%s kernels: builds and prints the classes of the reference by semihosting',
    (name) => {
      const folder = newFolder();
      const project = firmwareProject(model, kind, inputs, { kernels: name });
      const written = writeFirmware(project, folder);
      if (written.kind !== 'built') throw new Error(written.compiler);
      expect(run(written.path)).toBe(project.expectedOutput);
    },
  );
});

/** Runs from RAM what is linked for flash at 0, where the RP2040 has its boot ROM: BKPT 0xAB writes characters, then ends the run. */
function semihostedArm(path: string): string {
  const program = readElf(readFileSync(path), 'arm');
  const chip = new RP2040();
  const rom = new Uint8Array(chip.bootrom.buffer);
  for (const { loadAddress, bytes } of program.segments) rom.set(bytes, loadAddress);
  const { core } = chip;
  const vectors = new DataView(rom.buffer);
  let output = '';
  let ended = false;
  chip.onBreak = () => {
    if (core.registers[0] === 3) output += String.fromCharCode(chip.readUint8(core.registers[1]!));
    else ended = true;
  };
  core.SP = vectors.getUint32(0, true);
  core.PC = vectors.getUint32(4, true) & ~1;
  for (let i = 0; i < 50e6 && !ended; i++) core.executeInstruction();
  return output;
}

const mock = join(dirname(fileURLToPath(import.meta.url)), '__fixtures__', 'arduino');

describe.each(['arduino', 'platformio'] as const)('%s', (kind) => {
  it('says the two commands that install its tool where that is missing', () => {
    const tool = FIRMWARE_KINDS[kind].programs[0]!;
    if (!isMissing(tool, false)) return;
    const written = writeFirmware(firmwareProject(smallModel(), kind, smallInputs), newFolder());
    expect(written).toMatchObject({ kind: 'compiler-missing', compiler: tool });
    if (written.kind === 'compiler-missing') expect(written.install).toHaveLength(2);
  });

  // With a mock of the Arduino core: the tools themselves need the network.
  it.skipIf(isMissing('avr-gcc') || isMissing('avr-g++'))(
    'compiles for AVR as the tool does, and its example passes on an ATmega328P',
    async () => {
      const project = firmwareProject(smallModel(), kind, smallInputs);
      const folder = compileLibrary(kind, 'avr', ['-mmcu=atmega328p', '-Os'], smallProjectFiles(kind), [
        '-mmcu=atmega328p',
      ]);
      spawnSync('avr-objcopy', ['-O', 'binary', 'firmware.elf', 'firmware.bin'], { cwd: folder });
      const { output } = await runFirmware('atmega328p', readFileSync(join(folder, 'firmware.bin')));
      expect(output).toBe(project.expectedOutput);
    },
  );

  it.skipIf(isMissing('arm-none-eabi-gcc'))('compiles for Arm with fast kernels', () => {
    const { files } = firmwareProject(model, kind, inputs, { kernels: 'fast' });
    compileLibrary(kind, 'arm-none-eabi', ['-mcpu=cortex-m0plus', '-mthumb', '-O2'], files, undefined);
  });

  it('has metadata of the tool', () => {
    const files = new Map(smallProjectFiles(kind).map(({ path, content }) => [path, content]));
    if (kind === 'platformio') {
      expect(JSON.parse(files.get('library.json')!)).toMatchObject({
        name: 'small',
        version: '1.0.0',
        headers: 'small.h',
      });
      expect(files.get('examples/self-test/platformio.ini')).toContain('[env:uno]');
    } else {
      const properties = Object.fromEntries(
        files
          .get('library.properties')!
          .trim()
          .split('\n')
          .map((line) => line.split('=')),
      );
      expect(properties).toMatchObject({ name: 'small', version: '1.0.0', architectures: '*', includes: 'small.h' });
      // Required by the specification.
      for (const key of ['author', 'maintainer', 'sentence', 'paragraph', 'category', 'url'])
        expect(properties[key], key).toBeTruthy();
    }
  });
});

function smallProjectFiles(kind: FirmwareKindName) {
  return firmwareProject(smallModel(), kind, smallInputs).files;
}

/** Compiles a library and its example as the Arduino builder does: C as C11, sketches as C++11, assembly as it is; then links them. */
function compileLibrary(
  kind: FirmwareKindName,
  toolchain: string,
  flags: readonly string[],
  files: readonly { readonly path: string; readonly content: string }[],
  link: readonly string[] | undefined,
): string {
  const folder = newFolder();
  for (const { path, content } of files) writeFileAtomic(join(folder, path), content);
  const example = kind === 'arduino' ? 'examples/SelfTest' : 'examples/self-test/src';
  const common = [...flags, '-ffunction-sections', '-Wall', '-Wextra', '-Werror', '-c', '-Isrc', `-I${mock}`];
  const compile = (compiler: string, ...args: readonly string[]) => {
    const { status, stderr } = spawnSync(`${toolchain}-${compiler}`, [...common, ...args], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(status).toBe(0);
  };
  const paths = files.map(({ path }) => path);
  compile('gcc', '-std=gnu11', ...paths.filter((path) => path.endsWith('.c')));
  const assembly = paths.filter((path) => path.endsWith('.S'));
  if (assembly.length > 0) compile('gcc', ...assembly);
  // Without a C++ compiler's headers for Arm only the library itself is compiled there.
  if (link === undefined) return folder;
  const sketch = paths.find((path) => path.startsWith(example) && /\.(ino|cpp)$/.test(path))!;
  compile('g++', '-std=gnu++11', '-fno-exceptions', '-x', 'c++', sketch, join(mock, 'core.cpp'));
  const { status, stderr } = spawnSync(
    `${toolchain}-gcc`,
    [
      ...link,
      '-Wl,--gc-sections',
      ...spawnSync('ls', { cwd: folder, encoding: 'utf8' })
        .stdout.split('\n')
        .filter((name) => name.endsWith('.o')),
      '-o',
      'firmware.elf',
    ],
    { cwd: folder, encoding: 'utf8' },
  );
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return folder;
}
