// `bitnetmcu export`: a checkpoint or model becomes C source, a .bnm file, an ONNX file or a BitNetMCU header.
import { basename, join } from 'node:path';
import {
  type CKernels,
  EXPORT_TARGET_NAMES,
  EXPORT_TARGETS,
  type ExportOnnxOptions,
  type ExportTargetName,
  exportOnnx,
  writeBitnetmcuHeader,
} from '@bitnetmcu/exporter';
import { firmwareFacts, writeExport } from '@bitnetmcu/exporter/node';
import type { LayoutName } from '@bitnetmcu/mcu-runtime';
import { chooseVariant, SIMULATION_TARGET_NAMES } from '@bitnetmcu/mcu-runtime/targets';
import { type QuantizedModel, summarizeModel } from '@bitnetmcu/models';
import { writeFileAtomic, writeModelFile } from '@bitnetmcu/models/node';
import { nearestName } from '@bitnetmcu/quant';
import { type CommandContext, newCommand } from '../command.js';
import { CliError } from '../errors.js';
import { MODEL_ARGUMENT, readQuantizedModel } from '../inputs/model.js';
import { bytes } from '../render/quantities.js';

interface ExportFlags {
  readonly format: string;
  readonly output?: string;
  readonly name?: string;
  readonly onnxForm?: string;
  readonly onnxInput?: string;
  readonly target?: string;
  readonly kernels?: string;
}

/** What C is exported for. */
interface Kernels {
  readonly layout?: LayoutName;
  readonly target?: ExportTargetName;
  readonly kernels?: CKernels;
}

/** Choices of single formats. */
interface FormatOptions {
  readonly c: Kernels;
  readonly onnx: ExportOnnxOptions;
}

interface ExportFormat {
  readonly description: string;
  /** Writes the files and gives their paths. */
  readonly write: (model: QuantizedModel, folder: string, name: string, options: FormatOptions) => readonly string[];
}

const ONNX_FORMS = ['integer', 'qdq'] as const;
const ONNX_INPUTS = ['int8', 'raw'] as const;

/** What a model can be written as; a new form is one more entry. */
const FORMATS: Readonly<Record<string, ExportFormat>> = {
  c: {
    description: 'C99: the model as a .c and .h file, with the runtime files that it needs',
    write: (model, folder, name, { c }) =>
      writeExport(model, folder, { name, ...c }).written.map((file) => join(folder, file)),
  },
  bnm: {
    description: 'the integer network as a .bnm file',
    write: (model, folder, name) => {
      const path = join(folder, `${name}.bnm`);
      writeModelFile(path, model);
      return [path];
    },
  },
  onnx: {
    description: 'an ONNX graph of the integer network; --onnx-form and --onnx-input say which',
    write: (model, folder, name, { onnx }) => {
      const path = join(folder, `${name}.onnx`);
      writeFileAtomic(path, exportOnnx(model, onnx).bytes);
      return [path];
    },
  },
  bitnetmcu: {
    description: 'a header for the C code of the original BitNetMCU project, where it has the layers',
    write: (model, folder, name) => {
      const path = join(folder, `${name}.h`);
      writeFileAtomic(path, writeBitnetmcuHeader(model));
      return [path];
    },
  },
};

export function exportCommand({ terminal }: CommandContext) {
  const command = newCommand('export', 'Turns a checkpoint or model into C source for a microcontroller.')
    .argument('<model>', MODEL_ARGUMENT)
    .option('--format <a,b,…>', `one or more of ${Object.keys(FORMATS).join(', ')}`, 'c')
    .option('-o, --output <folder>', 'where the files go (default: a folder named for the model)')
    .option('--name <identifier>', 'name of the files and prefix of the C functions (default: that of the network)')
    .option(
      '--target <name>',
      'C: lay weights out for the fast kernels of a target (default: plain kernels, for any part)',
    )
    .option('--kernels <name>', 'C: fast or plain (default: fast with --target)')
    .option(
      '--onnx-form <form>',
      'ONNX: `integer` (default), logits as the C code gives them, or `qdq` for other tools',
    )
    .option('--onnx-input <type>', 'ONNX: `int8` (default) as the C code takes it, or `raw` uint8 samples');
  command.addHelpText(
    'after',
    `\nFormats\n${Object.entries(FORMATS)
      .map(([name, { description }]) => `  ${name.padEnd(10)} ${description}`)
      .join(
        '\n',
      )}\n\nTargets\n${EXPORT_TARGET_NAMES.map((name) => `  ${name.padEnd(10)} ${EXPORT_TARGETS[name].description}`).join('\n')}`,
  );
  return command.action(async (path: string, given: ExportFlags) => {
    const formats = given.format.split(',').map((name) => ({ name, ...knownFormat(name) }));
    const onnx = onnxOptions(given);
    const kernels = chosenKernels(given);
    const model = await readQuantizedModel(path, terminal);
    const c = formats.some((format) => format.name === 'c') ? await withLayout(kernels, model) : kernels;
    const name = given.name ?? identifier(model.name);
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
      throw new CliError(
        'invalid-value',
        `--name ${name}: a C identifier is wanted, letters, digits and "_", not starting with a digit.`,
      );
    }
    const folder = given.output ?? `${basename(name)}-export`;
    const files = formats.flatMap(({ write }) => write(model, folder, name, { c, onnx }));
    const { total } = summarizeModel(model);
    terminal.printJson({
      model: model.name,
      formats: formats.map((format) => format.name),
      target: c.target ?? null,
      files,
      weightBytes: total.bytes,
      ramBytes: total.ramBytes,
      macs: total.macs,
    });
    const { green, bold } = terminal.colors;
    terminal.print(
      `${green('✓')} ${bold(model.name)}: ${bytes(total.bytes)} of weights, ${bytes(total.ramBytes)} of RAM for activations`,
    );
    for (const file of files) terminal.print(`  ${file}`);
    terminal.print(`\nNext\n  bitnetmcu verify ${path}    does the C give the same logits as the reference?`);
  });
}

function onnxOptions({ format, onnxForm, onnxInput }: ExportFlags): ExportOnnxOptions {
  if ((onnxForm ?? onnxInput) !== undefined && !format.split(',').includes('onnx')) {
    throw new CliError('usage', '--onnx-form and --onnx-input belong to --format onnx; add it.');
  }
  return {
    ...(onnxForm === undefined ? {} : { form: oneOf('--onnx-form', onnxForm, ONNX_FORMS) }),
    ...(onnxInput === undefined ? {} : { input: oneOf('--onnx-input', onnxInput, ONNX_INPUTS) }),
  };
}

function oneOf<T extends string>(flag: string, text: string, known: readonly T[]): T {
  const found = known.find((candidate) => candidate === text);
  if (found !== undefined) return found;
  throw new CliError('usage', `${flag} ${text}: one of ${known.join(', ')} is wanted.`);
}

function knownFormat(name: string): ExportFormat {
  if (Object.hasOwn(FORMATS, name)) return FORMATS[name]!;
  const known = Object.keys(FORMATS);
  throw new CliError(
    'usage',
    `There is no format "${name}"; did you mean "${nearestName(name, known)}"? Formats: ${known.join(', ')}.`,
  );
}

/** @throws CliError `usage` */
function chosenKernels({ target, kernels }: ExportFlags): Kernels {
  const known = EXPORT_TARGET_NAMES.find((name) => name === target);
  if (target !== undefined && known === undefined) {
    throw new CliError(
      'usage',
      `There is no target "${target}"; did you mean "${nearestName(target, EXPORT_TARGET_NAMES)}"? Targets: ${EXPORT_TARGET_NAMES.join(', ')}.`,
    );
  }
  if (kernels !== undefined && kernels !== 'fast' && kernels !== 'plain') {
    throw new CliError('usage', `--kernels ${kernels}: fast or plain is wanted.`);
  }
  if (kernels === 'fast' && known === undefined) {
    throw new CliError(
      'usage',
      `--kernels fast needs --target, which decides how weights are laid out: ${EXPORT_TARGET_NAMES.join(', ')}.`,
    );
  }
  return { ...(known === undefined ? {} : { target: known }), ...(kernels === undefined ? {} : { kernels }) };
}

/** Of a part with a simulator the layout of the kernels that firmware has. */
async function withLayout(chosen: Kernels, model: QuantizedModel): Promise<Kernels> {
  const part = SIMULATION_TARGET_NAMES.find((name) => name === chosen.target);
  if (part === undefined || chosen.kernels === 'plain') return chosen;
  const { variant } = await chooseVariant(model, part, { facts: firmwareFacts(model, part) });
  return { ...chosen, layout: variant.layout };
}

/** A name of a network as C identifier: fc-12k becomes fc_12k. */
function identifier(name: string): string {
  const safe = name.replace(/[^A-Za-z0-9_]/g, '_');
  return /^[0-9]/.test(safe) ? `_${safe}` : safe;
}
