// `bitnetmcu export`: a checkpoint or model becomes C source, a .bnm file or a BitNetMCU header.
import { basename, join } from 'node:path';
import { writeBitnetmcuHeader } from '@bitnetmcu/exporter';
import { writeExport } from '@bitnetmcu/exporter/node';
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
}

interface ExportFormat {
  readonly description: string;
  /** Writes the files and gives their paths. */
  readonly write: (model: QuantizedModel, folder: string, name: string) => readonly string[];
}

/** What a model can be written as; a new form is one more entry. */
const FORMATS: Readonly<Record<string, ExportFormat>> = {
  c: {
    description: 'C99: the model as a .c and .h file, with the runtime files that it needs',
    write: (model, folder, name) => writeExport(model, folder, { name }).written.map((file) => join(folder, file)),
  },
  bnm: {
    description: 'the integer network as a .bnm file',
    write: (model, folder, name) => {
      const path = join(folder, `${name}.bnm`);
      writeModelFile(path, model);
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
    .option('--name <identifier>', 'name of the files and prefix of the C functions (default: that of the network)');
  command.addHelpText(
    'after',
    `\nFormats\n${Object.entries(FORMATS)
      .map(([name, { description }]) => `  ${name.padEnd(10)} ${description}`)
      .join('\n')}`,
  );
  return command.action(async (path: string, given: ExportFlags) => {
    const formats = given.format.split(',').map((name) => ({ name, ...knownFormat(name) }));
    const model = await readQuantizedModel(path);
    const name = given.name ?? identifier(model.name);
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
      throw new CliError(
        'invalid-value',
        `--name ${name}: a C identifier is wanted, letters, digits and "_", not starting with a digit.`,
      );
    }
    const folder = given.output ?? `${basename(name)}-export`;
    const files = formats.flatMap(({ write }) => write(model, folder, name));
    const { total } = summarizeModel(model);
    terminal.printJson({
      model: model.name,
      formats: formats.map((format) => format.name),
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

function knownFormat(name: string): ExportFormat {
  if (Object.hasOwn(FORMATS, name)) return FORMATS[name]!;
  const known = Object.keys(FORMATS);
  throw new CliError(
    'usage',
    `There is no format "${name}"; did you mean "${nearestName(name, known)}"? Formats: ${known.join(', ')}.`,
  );
}

/** A name of a network as C identifier: fc-12k becomes fc_12k. */
function identifier(name: string): string {
  const safe = name.replace(/[^A-Za-z0-9_]/g, '_');
  return /^[0-9]/.test(safe) ? `_${safe}` : safe;
}
