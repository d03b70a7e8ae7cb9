// A project with a Makefile that needs nothing but a cross compiler: start-up code, linker script, board support.
import { firmwareTemplates } from '@bitnetmcu/mcu-runtime/node';
import type { ExportedFile } from '../../c/export-c.js';
import type { BareMetalKind } from './firmware-kinds.js';
import type { ProjectFiles, ProjectParts } from './firmware-project.js';
import { projectReadme } from './project-readme.js';

const LINKED = 'firmware.elf';
const FLASH_CONTENTS = 'firmware.bin';

const HANDLERS =
  'A fault of the core, or an interrupt without a handler, prints `FAULT <cause> <address>` and ends the program: `fault.c`, which a `fault()` of your own replaces. Interrupt handlers have the names in the vector table (`vectors.S` or `start.S`).';

export function bareMetalProject(kind: BareMetalKind, parts: ProjectParts): ProjectFiles {
  const sources = [...parts.library, ...firmwareTemplates(kind.board, kind.machine), parts.samplesHeader];
  const commands = buildCommands(kind, parts, sources);
  const product = kind.product?.path ?? FLASH_CONTENTS;
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
            ...(kind.machine === 'avr' ? [] : [HANDLERS]),
          ],
        ),
      },
    ],
    commands,
    product,
    linked: { path: LINKED, machine: kind.machine },
    simulation: { path: FLASH_CONTENTS, target: kind.simulation },
  };
}

function buildCommands(
  { toolchain, compilerFlags, linkerFlags, product }: BareMetalKind,
  { kernels }: ProjectParts,
  files: readonly ExportedFile[],
): ProjectFiles['commands'] {
  const units = files.map(({ path }) => path).filter((path) => /\.[cS]$/.test(path));
  const placement = kernels.inRam === undefined ? [] : [`-DBNM_KERNELS_IN_RAM=${kernels.inRam}`];
  const compile = [
    `${toolchain}-gcc`,
    ...compilerFlags,
    ...placement,
    ...['-std=c99', '-ffunction-sections', '-fdata-sections', '-Wall', '-I.'],
  ] as const;
  // Link-time optimization drops memcpy and memset before it finds that it calls them.
  const isApart = (path: string) => path === 'memory.c' && compilerFlags.includes('-flto');
  const apart = units.filter(isApart);
  const objects = apart.map((path) => path.replace(/c$/, 'o'));
  return [
    ...apart.map((path, i) => [...compile, '-fno-lto', '-ffreestanding', '-c', path, '-o', objects[i]!] as const),
    [
      ...compile,
      ...linkerFlags,
      ...['-Wl,--gc-sections', '-Wl,-Map=firmware.map', ...units.filter((path) => !isApart(path)), ...objects],
      ...['-lgcc', '-o', LINKED],
    ],
    [`${toolchain}-objcopy`, '-O', 'binary', LINKED, FLASH_CONTENTS],
    ...(product === undefined ? [] : [product.command]),
  ];
}

function makefile(kind: BareMetalKind, product: string, commands: ProjectFiles['commands']): string {
  return `# ${kind.description}. Needs ${kind.toolchain}-gcc: ${kind.install.join(' && ')}
${product}: $(wildcard *.c *.h *.S *.ld)
${commands.map((command) => `\t${command.join(' ')}`).join('\n')}

clean:
\trm -f *.o firmware.elf firmware.map firmware.bin ${product}

.PHONY: clean
`;
}
