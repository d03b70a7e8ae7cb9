// A project with a Makefile that needs nothing but a cross compiler: start-up code, linker script, board support.
import { firmwareTemplates, isFastSource } from '@bitnetmcu/mcu-runtime/internal/node';
import { boardOf, findPart, type Part, placementFlags } from '@bitnetmcu/mcu-runtime/internal/targets';
import { isSource, MAKEFILE_PART, MODEL_FOLDER, within, yours } from '../node/build-files.js';
import { type Build, makefile, makefilePart } from './bare-metal-makefile.js';
import type { BareMetalKind } from './firmware-kinds.js';
import type { ProjectFiles, ProjectParts } from './firmware-project.js';
import { projectReadme } from './project-readme.js';

const LINKED = 'firmware.elf';
const FLASH_CONTENTS = 'firmware.bin';

const HANDLERS =
  'A fault of the core, or an interrupt without a handler, prints `FAULT <cause> <address>` and ends the program: `fault.c`, which a `fault()` of your own replaces. Interrupt handlers have the names in the vector table (`vectors.S` or `start.S`).';

export function bareMetalProject(kind: BareMetalKind, parts: ProjectParts): ProjectFiles {
  const part = findPart(kind.part);
  const board = boardOf(part);
  const { machine } = part.compiler;
  const generated = within(MODEL_FOLDER, [...parts.library, parts.samplesHeader]);
  const templates = yours(firmwareTemplates(board.files, machine));
  const units = [...generated, ...templates].map(({ path }) => path).filter(isSource);
  const build = buildOf(part, parts, units);
  const product = board.product?.path ?? FLASH_CONTENTS;
  return {
    files: [
      ...generated,
      { path: `${MODEL_FOLDER}/${MAKEFILE_PART}`, content: makefilePart(kind, build, parts) },
      ...templates,
      ...yours([
        { path: 'Makefile', content: makefile(kind, build, product) },
        {
          path: 'README.md',
          content: projectReadme(
            kind,
            parts,
            ['make'],
            [
              'Your own program replaces `main.c` and `self_test.c`; `board.c` sets up clock and serial port. `make` compiles all `.c` and `.S` files of this folder and of `model/`.',
              ...(machine === 'avr' ? [] : [HANDLERS]),
            ],
          ),
        },
      ]),
    ],
    commands: commandsOf(build, units),
    commandsFor: (sources) => commandsOf(build, sources),
    buildFile: 'Makefile',
    product,
    linked: { path: LINKED, machine },
    simulation: { path: FLASH_CONTENTS, target: kind.part },
  };
}

/** @param units all sources, in the order in which they are linked */
function buildOf(part: Part, { kernels, serial }: ProjectParts, units: readonly string[]): Build {
  const { hot, lto } = kernels;
  const { toolchain, instructionSet, flags, size, speed } = part.compiler;
  const { definitions, product } = boardOf(part);
  return {
    compile: [
      `${toolchain}-gcc`,
      ...instructionSet,
      ...flags,
      ...definitions,
      ...(serial ? ['-DBNM_SERIAL'] : []),
      ...placementFlags(kernels),
      ...['-std=c99', '-ffreestanding', '-ffunction-sections', '-fdata-sections', '-Wall', '-I.', `-I${MODEL_FOLDER}`],
    ],
    size,
    speed,
    units,
    hot: hot === 'fast' ? units.filter((path) => isFastSource(path.replace(`${MODEL_FOLDER}/`, ''))) : [],
    // Link-time optimization drops memcpy and memset before it finds that it calls them.
    apart: lto ? units.filter((path) => path === 'memory.c') : [],
    link: [...(lto ? ['-flto'] : []), ...linkerFlags(part), '-Wl,--gc-sections', '-Wl,-Map=firmware.map'],
    after: [
      [`${toolchain}-objcopy`, '-O', 'binary', LINKED, FLASH_CONTENTS],
      ...(product === undefined ? [] : [product.command]),
    ],
    linked: LINKED,
  };
}

/** What the Makefile does, for these sources. */
function commandsOf(
  { compile, size, speed, units, hot, apart, link, after, linked }: Build,
  sources: readonly string[],
): ProjectFiles['commands'] {
  const ordered = [
    ...units.filter((path) => sources.includes(path)),
    ...sources.filter((path) => !units.includes(path)),
  ];
  const [hotUnits, apartUnits] = [hot, apart].map((some) => ordered.filter((path) => some.includes(path)));
  const together = ordered.filter((path) => !hot.includes(path) && !apart.includes(path));
  const objects = [...hotUnits!, ...apartUnits!].map((path) => path.replace(/^.*\//, '').replace(/[cS]$/, 'o'));
  return [
    ...(hotUnits!.length > 0 ? [[...compile, ...speed, '-c', ...hotUnits!] as const] : []),
    ...(apartUnits!.length > 0 ? [[...compile, ...size, '-c', ...apartUnits!] as const] : []),
    [...compile, ...size, ...link, ...together, ...objects, '-lgcc', '-o', linked],
    ...after,
  ];
}

/** Where start-up code is the project's own, its linker script wants the memories of the part, else only where RAM ends. */
export function linkerFlags(part: Part): readonly string[] {
  const { flash, ram } = part;
  const { linkerScript, startUp, stackRoom } = boardOf(part);
  const memory = { flash_base: flash.base, flash_size: flash.size, ram_base: ram.base, ram_size: ram.size };
  const symbols = {
    ...(startUp === 'libc' ? { ram_end: ram.base + ram.size } : memory),
    ...(stackRoom === undefined ? {} : { stack_size: stackRoom }),
  };
  return [
    ...(startUp === 'libc' ? [] : ['-ffreestanding', '-nostdlib', '-nostartfiles']),
    `-Wl,-T,${linkerScript}`,
    ...Object.entries(symbols).map(([name, value]) => `-Wl,--defsym=__${name}=0x${value.toString(16)}`),
  ];
}
