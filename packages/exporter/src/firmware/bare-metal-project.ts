// A project with a Makefile that needs nothing but a cross compiler: start-up code, linker script, board support.
import { firmwareTemplates, isFastSource } from '@bitnetmcu/mcu-runtime/internal/node';
import { findPart, type Part } from '@bitnetmcu/mcu-runtime/internal/targets';
import type { ExportedFile } from '../c/export-c.js';
import type { BareMetalKind } from './firmware-kinds.js';
import type { ProjectFiles, ProjectParts } from './firmware-project.js';
import { projectReadme } from './project-readme.js';

const LINKED = 'firmware.elf';
const FLASH_CONTENTS = 'firmware.bin';

const HANDLERS =
  'A fault of the core, or an interrupt without a handler, prints `FAULT <cause> <address>` and ends the program: `fault.c`, which a `fault()` of your own replaces. Interrupt handlers have the names in the vector table (`vectors.S` or `start.S`).';

export function bareMetalProject(kind: BareMetalKind, parts: ProjectParts): ProjectFiles {
  const part = findPart(kind.part);
  const { machine } = part.compiler;
  const sources = [...parts.library, ...firmwareTemplates(part.firmware.files, machine), parts.samplesHeader];
  const commands = buildCommands(part, parts, sources);
  const product = part.firmware.product?.path ?? FLASH_CONTENTS;
  return {
    files: [
      ...sources,
      { path: 'Makefile', content: makefile(kind, product, commands) },
      {
        path: 'README.md',
        content: projectReadme(
          kind,
          parts,
          ['make'],
          [
            'Your own program replaces `main.c` and `self_test.c`; `board.c` sets up clock and serial port. `make` compiles all files of this folder.',
            ...(machine === 'avr' ? [] : [HANDLERS]),
          ],
        ),
      },
    ],
    commands,
    product,
    linked: { path: LINKED, machine },
    simulation: { path: FLASH_CONTENTS, target: kind.part },
  };
}

function buildCommands(
  part: Part,
  { kernels: { hot, inRam, lto } }: ProjectParts,
  files: readonly ExportedFile[],
): ProjectFiles['commands'] {
  const { toolchain, instructionSet, flags, size, speed } = part.compiler;
  const { definitions, product } = part.firmware;
  const units = files.map(({ path }) => path).filter((path) => /\.[cS]$/.test(path));
  const compile = [
    `${toolchain}-gcc`,
    ...instructionSet,
    ...flags,
    ...definitions,
    ...(inRam === undefined ? [] : [`-DBNM_KERNELS_IN_RAM=${inRam}`]),
    ...['-std=c99', '-ffreestanding', '-ffunction-sections', '-fdata-sections', '-Wall', '-I.'],
  ] as const;
  const hotUnits = units.filter((path) => hot === 'fast' && isFastSource(path));
  // Link-time optimization drops memcpy and memset before it finds that it calls them.
  const apart: readonly string[] = lto ? units.filter((path) => path === 'memory.c') : [];
  const together = units.filter((path) => !hotUnits.includes(path) && !apart.includes(path));
  const objects = [...hotUnits, ...apart].map((path) => path.replace(/[cS]$/, 'o'));
  return [
    ...(hotUnits.length > 0 ? [[...compile, ...speed, '-c', ...hotUnits] as const] : []),
    ...(apart.length > 0 ? [[...compile, ...size, '-c', ...apart] as const] : []),
    [
      ...compile,
      ...size,
      ...(lto ? ['-flto'] : []),
      ...linkerFlags(part),
      ...['-Wl,--gc-sections', '-Wl,-Map=firmware.map', ...together, ...objects, '-lgcc', '-o', LINKED],
    ],
    [`${toolchain}-objcopy`, '-O', 'binary', LINKED, FLASH_CONTENTS],
    ...(product === undefined ? [] : [product.command]),
  ];
}

/** Where start-up code is the project's own, its linker script wants the memories of the part, else only where RAM ends. */
function linkerFlags({ flash, ram, firmware: { linkerScript, startUp, stackRoom } }: Part): readonly string[] {
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

function makefile(kind: BareMetalKind, product: string, commands: ProjectFiles['commands']): string {
  return `# ${kind.description}. Needs ${kind.programs[0]}: ${kind.install.join(' && ')}
${product}: $(wildcard *.c *.h *.S *.ld)
${commands.map((command) => `\t${command.join(' ')}`).join('\n')}

clean:
\trm -f *.o firmware.elf firmware.map firmware.bin ${product}

.PHONY: clean
`;
}
