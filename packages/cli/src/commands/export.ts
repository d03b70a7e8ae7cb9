// `bitnetmcu export`: a checkpoint or model becomes C source, a .bnm file, an ONNX file or a BitNetMCU header.
import { basename, join } from 'node:path';
import {
  EXPORT_TARGETS,
  type ExportOnnxOptions,
  type ExportTargetName,
  exportC,
  exportOnnx,
  findExportTarget,
  writeBitnetmcuHeader,
} from '@bitnetmcu/exporter';
import {
  EXPORT_TARGET_NAMES,
  exportName,
  leftOutText,
  memoryText,
  withDistinctPaths,
} from '@bitnetmcu/exporter/internal';
import { exportFolder, MODEL_FOLDER } from '@bitnetmcu/exporter/internal/node';
import { type QuantizedModel, summarizeModel } from '@bitnetmcu/models';
import { visibleText } from '@bitnetmcu/models/internal';
import { type FileToWrite, writeFiles } from '@bitnetmcu/models/internal/node';
import { unknownName } from '@bitnetmcu/quant/internal';
import { type CommandContext, newCommand } from '../command.js';
import { CliError } from '../errors.js';
import { type ChosenKernels, withLayout } from '../inputs/c-layout.js';
import { addExistingFlags, type ExistingFlags, existingFiles, noteLeft } from '../inputs/existing-files.js';
import { MODEL_ARGUMENT, readQuantizedModel } from '../inputs/model.js';
import { addTrustFlag, type DataTrust } from '../inputs/model-data.js';
import { encodeModelFor } from '../inputs/written-model.js';
import { bytes } from '../render/quantities.js';
import { shellPath } from '../render/shell-word.js';

interface ExportFlags extends DataTrust, ExistingFlags {
  readonly format: string;
  readonly output?: string;
  readonly name?: string;
  readonly onnxForm?: string;
  readonly onnxInput?: string;
  readonly target?: string;
  readonly kernels?: string;
  readonly softFloat?: boolean;
}

/** Choices of single formats. */
interface FormatOptions {
  readonly c: ChosenKernels;
  readonly onnx: ExportOnnxOptions;
}

interface Written {
  /** By their paths in the folder. */
  readonly files: readonly FileToWrite[];
  /** What the user is told of it besides. */
  readonly note?: string | undefined;
}

interface ExportFormat {
  readonly description: string;
  /** The options that choose something of this format alone. */
  readonly flags: Readonly<Partial<Record<keyof ExportFlags, string>>>;
  readonly write: (model: QuantizedModel, name: string, options: FormatOptions, folder: string) => Written;
}

const ONNX_FORMS = ['integer', 'qdq'] as const;
const ONNX_INPUTS = ['int8', 'raw'] as const;

/** What a model can be written as; a new form is one more entry. */
const FORMATS: Readonly<Record<string, ExportFormat>> = {
  c: {
    description: 'C99: the model as a .c and .h file, with the runtime files that it needs',
    flags: { target: '--target', kernels: '--kernels', softFloat: '--soft-float' },
    write: (model, name, { c }) => {
      const exported = exportC(model, { name, ...c });
      return { files: exportFolder([exported], true), note: `The C has ${memoryText(exported.sizes.staticBytes)}.` };
    },
  },
  bnm: {
    description: 'the integer network as a .bnm file',
    flags: {},
    write: (model, name, _, folder) => ({
      files: [{ path: `${name}.bnm`, content: encodeModelFor(join(folder, `${name}.bnm`), model) }],
    }),
  },
  onnx: {
    description: 'an ONNX graph of the integer network; --onnx-form and --onnx-input say which',
    flags: { onnxForm: '--onnx-form', onnxInput: '--onnx-input' },
    write: (model, name, { onnx }) => ({
      files: [{ path: `${name}.onnx`, content: exportOnnx(model, onnx).bytes }],
      note: leftOutText(model),
    }),
  },
  bitnetmcu: {
    description: 'a header for the C code of the original BitNetMCU project, where it has the layers',
    flags: {},
    write: (model, name) => ({ files: [{ path: `${name}.h`, content: writeBitnetmcuHeader(model) }] }),
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
    .option('--soft-float', 'C: allow raw values of type f32 on a target without a floating-point unit')
    .option(
      '--onnx-form <form>',
      'ONNX: `integer` (default), logits as the C code gives them, or `qdq` for other tools',
    )
    .option('--onnx-input <type>', 'ONNX: `int8` (default) as the C code takes it, or `raw` uint8 samples');
  addExistingFlags(command, 'several');
  addTrustFlag(command);
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
    requireUsedFlags(given, new Set(formats.map(({ name }) => name)));
    const onnx = onnxOptions(given);
    const kernels = chosenKernels(given);
    const existing = existingFiles(given);
    const model = await readQuantizedModel(path, terminal, given);
    const c = await withLayout(kernels, model);
    const name = exportName(model, given.name);
    const folder = given.output ?? `${name}-export`;
    const writings = formats.map((format) => ({ ...format, ...format.write(model, name, { c, onnx }, folder) }));
    const all = allFiles(writings);
    const generatedFolder = all.some((file) => file.path.startsWith(`${MODEL_FOLDER}/`)) ? MODEL_FOLDER : undefined;
    const left = writeFiles(folder, all, { existing, generatedFolder });
    const { written, kept } = left;
    const files = written.map((file) => join(folder, file));
    const { total } = summarizeModel(model);
    terminal.printJson({
      model: model.name,
      formats: formats.map((format) => format.name),
      target: c.target ?? null,
      files,
      kept,
      omitted: left.omitted,
      removed: left.removed,
      weightBytes: total.bytes,
      ramBytes: total.ramBytes,
      macs: total.macs,
    });
    const { green, bold } = terminal.colors;
    terminal.print(
      `${green('✓')} ${bold(model.name)}: ${bytes(total.bytes)} of weights, ${bytes(total.ramBytes)} of RAM for activations`,
    );
    for (const file of files) terminal.print(`  ${visibleText(file)}`);
    noteLeft(left, terminal);
    for (const { note } of writings) if (note !== undefined) terminal.note(note);
    if (given.name !== undefined && given.name !== name)
      terminal.note(
        `${given.name} means something in C or in the project already; files and functions are called ${name}.`,
      );
    const steps = [
      [`bitnetmcu verify ${shellPath(path)}`, 'does the C give the same logits as the reference?'],
      ...(model.input.raw !== undefined && generatedFolder !== undefined
        ? [
            [
              `make -C ${shellPath(folder)} && ${shellPath(`${folder}/${name}_host`)} < rows.csv`,
              'answers rows of numbers on this machine',
            ],
          ]
        : []),
    ] as const;
    const width = Math.max(...steps.map(([command]) => command!.length)) + 4;
    terminal.print(`\nNext\n${steps.map(([command, what]) => `  ${command!.padEnd(width)}${what}`).join('\n')}`);
  });
}

/** The files of all formats. Where an earlier format has a path already (the header of the C), the later one's name says its format. */
function allFiles(formats: readonly (Written & { readonly name: string })[]): readonly FileToWrite[] {
  const all: FileToWrite[] = [];
  for (const format of formats) {
    // Of two headers with one name, main.c would include the one beside it.
    const nameOf = (path: string): string => basename(path).toLowerCase();
    const taken = new Set(all.map(({ path }) => nameOf(path)));
    for (const file of format.files) {
      const path = taken.has(nameOf(file.path)) ? file.path.replace(/(?=\.[^.]*$)/, `_${format.name}`) : file.path;
      all.push({ ...file, path });
    }
  }
  return withDistinctPaths(all);
}

/** @throws CliError `usage` for options of a format that is not written */
function requireUsedFlags(given: ExportFlags, written: ReadonlySet<string>): void {
  for (const [name, { flags }] of Object.entries(FORMATS)) {
    const unused = Object.entries(flags).filter(([key]) => given[key as keyof ExportFlags] !== undefined);
    if (unused.length === 0 || written.has(name)) continue;
    const called = unused.map(([, flag]) => flag).join(' and ');
    throw new CliError(
      'usage',
      `${called} ${unused.length === 1 ? 'belongs' : 'belong'} to --format ${name}, and --format ${given.format} was given; add ${name} to it, or leave ${called} out.`,
    );
  }
}

function onnxOptions({ onnxForm, onnxInput }: ExportFlags): ExportOnnxOptions {
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
  throw new CliError('usage', unknownName('export format', name, Object.keys(FORMATS)));
}

/** @throws CliError `usage`; ExporterError `unknown-target` */
function chosenKernels({ target, kernels, softFloat }: ExportFlags): ChosenKernels {
  if (target !== undefined) findExportTarget(target);
  const known = target as ExportTargetName | undefined;
  if (kernels !== undefined && kernels !== 'fast' && kernels !== 'plain') {
    throw new CliError('usage', `--kernels ${kernels}: fast or plain is wanted.`);
  }
  if (kernels === 'fast' && known === undefined) {
    throw new CliError(
      'usage',
      `--kernels fast needs --target, which decides how weights are laid out: ${EXPORT_TARGET_NAMES.join(', ')}.`,
    );
  }
  return {
    ...(known === undefined ? {} : { target: known }),
    ...(kernels === undefined ? {} : { kernels }),
    ...(softFloat === undefined ? {} : { softFloat }),
  };
}
