// CMake projects and libraries: built with the tools that are here, and run.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runFirmware } from '@bitnetmcu/mcu-runtime/targets';
import { classOf, type QuantizedModel, quantizeRaw } from '@bitnetmcu/models';
import { conformanceInputs, conformanceModel } from '@bitnetmcu/models/conformance';
import { ReferenceModel } from '@bitnetmcu/models/internal';
import { writeFileAtomic } from '@bitnetmcu/models/internal/node';
import { describe, expect, it } from 'vitest';
import { expectedInput, MODELS, randomSamples } from '../../conformance/raw-values/cases.mjs';
import { isMissing, smallInputs, smallModel, temporaryFolders } from './__fixtures__/projects.js';
import { FIRMWARE_KINDS, type FirmwareKindName } from './firmware-kinds.js';
import { type FirmwareProject, firmwareProject } from './firmware-project.js';
import { writeFirmware } from './write-firmware.js';

const newFolder = temporaryFolders();
const model = conformanceModel(5, 3, {});
const inputs = conformanceInputs(
  5,
  3,
  model.input.shape.reduce((product, size) => product * size, 1),
  3,
);

/** A machine of QEMU whose core starts where the real one does, and its memories as CMake's options; both end by semihosting. */
const MACHINES = {
  // Cortex-M0: flash at 0, the vector table's two words are all that the core knows.
  'cmake-arm': { emulator: 'qemu-system-arm', machine: 'microbit', memory: [] },
  // RV32IMAC: reset at 0x1004, from there to flash at 0x20400000.
  'cmake-riscv': {
    emulator: 'qemu-system-riscv32',
    machine: 'sifive_e',
    memory: ['-DFLASH_BASE=0x20400000', '-DRAM_BASE=0x80000000'],
  },
} as const;

describe.each(['cmake-arm', 'cmake-riscv'] as const)('%s', (kind) => {
  const { emulator, machine, memory } = MACHINES[kind];
  const missing = [...FIRMWARE_KINDS[kind].programs, emulator].some((tool) => isMissing(tool));
  const kernels = FIRMWARE_KINDS[kind].kernels.map(({ name }) => name);
  const run = (folder: string, project: FirmwareProject) => {
    const { files, commands } = project;
    for (const { path, content } of files) writeFileAtomic(join(folder, path), content);
    for (const [program, ...args] of commands) {
      const { status, stderr } = spawnSync(program, args.includes('-S') ? [...args, ...memory] : args, {
        cwd: folder,
        encoding: 'utf8',
      });
      expect(status, stderr).toBe(0);
    }
    const semihosting = ['-M', machine, '-nographic', '-monitor', 'none', '-serial', 'none'];
    const { status, stderr, stdout } = spawnSync(
      emulator,
      [...semihosting, '-semihosting-config', 'enable=on,target=native', '-kernel', 'build/firmware.elf'],
      { cwd: folder, encoding: 'utf8', timeout: 20_000 },
    );
    return { status, output: `${stdout}${stderr}` };
  };
  it.skipIf(missing).each(kernels)(
    '%s kernels: builds, starts at the reset address and prints the classes of the reference by semihosting',
    (name) => {
      const project = firmwareProject(model, kind, inputs, { kernels: name });
      expect(run(newFolder(), project)).toEqual({ status: 0, output: project.expectedOutput });
    },
  );

  it.skipIf(missing)('reports a fault', () => {
    const project = firmwareProject(smallModel(), kind, smallInputs);
    const files = project.files.map((file) =>
      file.path === 'main.c'
        ? {
            ...file,
            content: '#include <stdint.h>\nint main(void) { *(volatile uint32_t *)0x70000000 = 1; return 0; }\n',
          }
        : file,
    );
    const { output } = run(newFolder(), { ...project, files });
    // RISC-V: store access fault; Cortex-M: HardFault.
    expect(output).toMatch(
      kind === 'cmake-riscv' ? /^\r\nFAULT 00000007 2040[0-9a-f]{4}$/ : /^\r\nFAULT 00000003 0000[0-9a-f]{4}$/,
    );
  });
});

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

  it.skipIf(isMissing('avr-gcc') || isMissing('avr-g++'))(
    'answers rows of numbers where the model has raw values',
    async () => {
      const raw = MODELS['table-i16']!;
      const samples = expectedInput(raw, randomSamples(raw, 2, 9));
      const project = firmwareProject(raw, kind, samples);
      const avr = ['-mmcu=atmega328p'];
      const folder = compileLibrary(kind, 'avr', [...avr, '-Os'], project.files, avr);
      spawnSync('avr-objcopy', ['-O', 'binary', 'firmware.elf', 'firmware.bin'], { cwd: folder });
      const input = new TextEncoder().encode('1,2\n9.3,4000,350,-3,1\n');
      const { output } = await runFirmware('atmega328p', readFileSync(join(folder, 'firmware.bin')), { input });
      const { shape, raw: described } = raw.input;
      const values = quantizeRaw(described!, shape, [93, 4000, 350, -300, 1]);
      const logits = new ReferenceModel(raw).infer(values, 1);
      expect(output).toBe(
        `${project.expectedOutput}\r\nwanted: 5 numbers\r\nclass ${classOf(logits, 0, logits.length)}`,
      );
    },
  );

  it.skipIf(isMissing('avr-gcc') || isMissing('avr-g++'))(
    'answers rows of numbers by values, whatever these are called',
    async () => {
      const table = MODELS['table-i16']!;
      const values = ['type', 'decimals', 'value'].map((name, i) => ({
        ...{ name, decimals: i, low: -(2 ** 20), high: 2 ** 20, bias: 0, offset: 1000 * (i - 1) },
        ...{ multiplier: 1, preShift: 6, shift: 6 },
      }));
      const regression: QuantizedModel = { ...table, labels: [], output: { task: 'regression', values } };
      const samples = expectedInput(regression, randomSamples(regression, 2, 9));
      const project = firmwareProject(regression, kind, samples);
      const avr = ['-mmcu=atmega328p'];
      const folder = compileLibrary(kind, 'avr', [...avr, '-Os'], project.files, avr);
      spawnSync('avr-objcopy', ['-O', 'binary', 'firmware.elf', 'firmware.bin'], { cwd: folder });
      const input = new TextEncoder().encode('9.3,4000,350,-3,1\n');
      const { output } = await runFirmware('atmega328p', readFileSync(join(folder, 'firmware.bin')), { input });
      const { shape, raw } = table.input;
      const logits = new ReferenceModel(table).infer(quantizeRaw(raw!, shape, [93, 4000, 350, -300, 1]), 1);
      // 2^20 above the logit, in steps of 2^12, from the offset on.
      const found = [...logits].map((logit, i) => 1000 * (i - 1) + Math.floor((logit + 2 ** 20) / 2 ** 12));
      expect(output).toBe(`${project.expectedOutput}\r\nvalues ${found.join(' ')}`);
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
