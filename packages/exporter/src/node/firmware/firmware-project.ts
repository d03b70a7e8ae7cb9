// A firmware project: the exported model with test samples, board support and a Makefile, as files and as the commands that build them.
import { firmwareTemplates } from '@bitnetmcu/mcu-runtime/node';
import type { QuantizedModel } from '@bitnetmcu/models';
import { type ExportCOptions, type ExportedFile, exportC } from '../../c/export-c.js';
import { exportFolder } from '../write-export.js';
import { FIRMWARE_KINDS, type FirmwareKind, type FirmwareKindName } from './firmware-kinds.js';
import { expectedOutput, type FirmwareSamples, firmwareSamples, samplesHeader } from './samples-header.js';

export interface FirmwareProject {
  readonly kind: FirmwareKindName;
  readonly files: readonly ExportedFile[];
  /** Command lines that build the project in its folder, in order; the first word is the program. */
  readonly commands: readonly (readonly [string, ...string[]])[];
  /** File to put on the board. */
  readonly product: 'firmware.bin' | 'firmware.uf2';
  /** What the firmware prints where every logit is that of the reference. */
  readonly expectedOutput: string;
  readonly samples: FirmwareSamples;
}

/** Flash that start-up, board, main program and kernels may take besides weights, when samples are chosen. */
const CODE_RESERVE = 3 * 1024;
const MAX_SAMPLES = 10;

/** How many samples of `features` values fit beside the weights, 1 to 10. */
export function firmwareSampleCount(kind: FirmwareKindName, weightBytes: number, features: number): number {
  const room = FIRMWARE_KINDS[kind].flashBytes - weightBytes - CODE_RESERVE;
  return Math.max(1, Math.min(MAX_SAMPLES, Math.floor(room / features)));
}

/**
 * Makes the project; nothing is written or compiled.
 * @param inputs int8 samples one after another, at least one; they end in flash
 * @throws ExporterError `invalid-samples`; what `exportC` throws
 */
export function firmwareProject(
  model: QuantizedModel,
  kind: FirmwareKindName,
  inputs: Int8Array,
  options: ExportCOptions = {},
): FirmwareProject {
  const description = FIRMWARE_KINDS[kind];
  const exported = exportC(model, options);
  const samples = firmwareSamples(model, inputs);
  const sources = [
    ...exportFolder([exported], false),
    ...firmwareTemplates(description.board),
    { path: 'samples.h', content: samplesHeader(model, exported.name, inputs, samples) },
  ];
  const commands = buildCommands(description, sources);
  const files = [
    ...sources,
    { path: 'Makefile', content: makefile(description, commands) },
    { path: 'README.md', content: readme(model, description, samples) },
  ];
  return {
    kind,
    files,
    commands,
    product: productOf(description),
    expectedOutput: expectedOutput(model, samples),
    samples,
  };
}

function productOf({ uf2 }: FirmwareKind): FirmwareProject['product'] {
  return uf2 ? 'firmware.uf2' : 'firmware.bin';
}

function buildCommands(
  { toolchain, compilerFlags, linkerFlags, uf2 }: FirmwareKind,
  files: readonly ExportedFile[],
): FirmwareProject['commands'] {
  const units = files.map(({ path }) => path).filter((path) => /\.[cS]$/.test(path));
  const compile: readonly [string, ...string[]] = [
    `${toolchain}-gcc`,
    ...compilerFlags,
    ...['-std=c99', '-ffreestanding', '-ffunction-sections', '-fdata-sections', '-Wall', '-I.'],
    ...['-nostdlib', '-nostartfiles', ...linkerFlags, '-Wl,--gc-sections', ...units, '-lgcc', '-o', 'firmware.elf'],
  ];
  const flat = [`${toolchain}-objcopy`, '-O', 'binary', 'firmware.elf', 'firmware.bin'] as const;
  const convert = ['node', 'uf2.mjs', 'firmware.bin', 'firmware.uf2'] as const;
  return uf2 ? [compile, flat, convert] : [compile, flat];
}

function makefile(kind: FirmwareKind, commands: FirmwareProject['commands']): string {
  const product = productOf(kind);
  return `# ${kind.description}. Needs ${kind.toolchain}-gcc: ${kind.install.join(' && ')}
${product}: $(wildcard *.c *.h *.S *.ld)
${commands.map((command) => `\t${command.join(' ')}`).join('\n')}

clean:
\trm -f firmware.elf firmware.bin firmware.uf2

.PHONY: clean
`;
}

function readme(model: QuantizedModel, kind: FirmwareKind, { count, classes }: FirmwareSamples): string {
  return `# ${model.name} on ${kind.description}

\`\`\`sh
${kind.install.join('\n')}
make
\`\`\`

${kind.flashing}.

It classifies ${count} test sample${count === 1 ? '' : 's'} (${classes.join(', ')}) and prints the classes on ${kind.serial}. The last line compares a checksum of
all logits with that of the reference inference: \`self-test passed\` means that the board computes what was verified, bit for bit.

Your own program replaces \`main.c\`; \`board.c\` sets up clock and serial port, \`start.S\` and the linker script start it.
`;
}
