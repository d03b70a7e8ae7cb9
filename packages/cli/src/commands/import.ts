// `bitnetmcu import`: an ONNX file or a header of the original BitNetMCU project becomes a .bnm file.
import { basename, dirname, join } from 'node:path';
import type { QuantizationReport } from '@bitnetmcu/exporter';
import { type QuantizedModel, summarizeModel } from '@bitnetmcu/models';
import { nameSchema, namesFromFile, visibleText } from '@bitnetmcu/models/internal';
import { checkOwnFile, writeOwnFile } from '@bitnetmcu/models/internal/node';
import { type CommandContext, newCommand } from '../command.js';
import { addFineTuningFlags } from '../config/fine-tuning-config.js';
import { CliError } from '../errors.js';
import { EXIT_CODES } from '../exit-codes.js';
import { addDataFlags, givenDataFlags } from '../inputs/dataset.js';
import { addExistingFlags, type ExistingFlags, existingFiles } from '../inputs/existing-files.js';
import { readModelFile } from '../inputs/model.js';
import { addTrustFlag } from '../inputs/model-data.js';
import { encodeModelFor } from '../inputs/written-model.js';
import type { Assumed } from '../onnx/assumed.js';
import type { FineTuned } from '../onnx/fine-tune.js';
import {
  CALIBRATION_SAMPLES,
  DEFAULT_QUANTIZER,
  type GraphFlags,
  givenGraphFlags,
  importGraph,
} from '../onnx/import-graph.js';
import type { Look } from '../onnx/look.js';
import { layerTable } from '../render/imported-layers.js';
import { lookJson, printAssumed, printLook, printNoLook, printTrainedLook } from '../render/look.js';
import { bytes, duration, percent } from '../render/quantities.js';
import { shellPath } from '../render/shell-word.js';

interface ImportFlags extends GraphFlags, ExistingFlags {
  readonly output?: string;
  readonly strict?: boolean;
}

interface Imported {
  readonly model: QuantizedModel;
  readonly report?: QuantizationReport;
  readonly fineTuned?: FineTuned;
  readonly assumed?: Assumed;
  readonly look?: Look;
  readonly unlooked?: string;
}

export function importCommand({ terminal, setExitCode }: CommandContext) {
  const command = newCommand('import', 'Turns an ONNX file or a BitNetMCU header into a .bnm file.')
    .argument('<file>', 'an .onnx file, or a .h file as the original project writes them')
    .option('-o, --output <file.bnm>', 'where the model goes (default: beside the file)')
    .option('--name <name>', 'name of the model (default: that of the file)')
    .option(
      '--calibrate <data>',
      'ONNX: data set that sets the scales (default: --finetune, --data, else mnist for graphs that read 28×28 values)',
    )
    .option(
      '--calibration-samples <number>',
      `ONNX: how many of its training samples, drawn from every class (default: ${CALIBRATION_SAMPLES})`,
    )
    .option(
      '--preprocessing <divisor,mean,deviation>',
      'ONNX: what stands in front of the graph, (x/divisor − mean)/deviation, or standardized: of each column its own mean and deviation (default: 255,0.1307,0.3081 for mnist, nothing for other data and graphs that normalize; corrected where another one clearly scores better on labelled samples)',
    )
    .option('--input-scale <number>', 'ONNX: int8 value of a graph input of 1 (default: from calibration)')
    .option(
      '--quantizer <format>',
      `ONNX: format of float weights (default: ${DEFAULT_QUANTIZER.quantized}; with --finetune ${DEFAULT_QUANTIZER.fineTuned})`,
    )
    .option('--mixed <layer=format,…>', 'ONNX: formats of single layers')
    .option('--strict', 'exit with 1 where the look at the result warns: over a point lost, a class never predicted, …')
    .option('--finetune <data>', 'ONNX: train on this data set from the weights of the graph, then quantize')
    .option('--run <folder>', 'fine-tuning: folder of checkpoint and metrics (default: a fresh one below runs/)')
    .option('--resume <checkpoint>', 'fine-tuning: go on where it was interrupted');
  addExistingFlags(command, 'one');
  addTrustFlag(command);
  addFineTuningFlags(command);
  addDataFlags(command);
  command.addHelpText(
    'after',
    `
Float networks get static power-of-two scales from training samples of a data set; --finetune trains them with the low-bit
weights first. Networks trained with low-bit weights (BitLinear, Brevitas, QDQ) keep their weight codes. The options for
single files of a data set (--data-path …) count for --calibrate and --finetune alike.

What the graph does not say is assumed, and printed in two lines. Then the integer network is looked at beside the float graph, on
samples that calibrated nothing. The model is written either way.

Examples
  bitnetmcu import lenet.onnx --calibrate mnist
  bitnetmcu import pipeline.onnx --data iris.csv --data-label-column species
  bitnetmcu import lenet.onnx --quantizer 4bitsym --mixed conv1=8bit
  bitnetmcu import lenet.onnx --finetune mnist --epochs 10 --quantizer 4bitsym
  bitnetmcu import BitNetMCU_model.h -o model.bnm`,
  );
  return command.action(async (path: string, given: ImportFlags) => {
    if (given.name !== undefined && !nameSchema.safeParse(given.name).success) {
      throw new CliError(
        'invalid-value',
        `--name ${visibleText(given.name)}: a letter, then up to 62 letters, digits, "_", "." or "-" are wanted, such as ${namesFromFile(given.name).name}.`,
      );
    }
    const output = given.output ?? join(dirname(path), `${basename(path).replace(/\.[^.]*$/, '')}.bnm`);
    const existing = existingFiles(given);
    checkOwnFile(output, existing);
    const imported = /\.onnx$/i.test(path) ? await importGraph(path, given, terminal) : await importHeader(path, given);
    if (imported === undefined) {
      setExitCode(EXIT_CODES.interrupted);
      return;
    }
    const { model, report, fineTuned, assumed, look, unlooked } = imported;
    writeOwnFile(output, encodeModelFor(output, model), existing);
    const { total } = summarizeModel(model);
    terminal.printJson({
      model: output,
      name: model.name,
      weightBytes: total.bytes,
      macs: total.macs,
      report,
      ...(fineTuned && { fineTuning: fineTuningJson(fineTuned) }),
      assumed,
      ...(look && { look: lookJson(look) }),
      unlooked,
      ...(fineTuned && { look: fineTuned.look }),
    });
    const { green, bold } = terminal.colors;
    const table = layerTable(model, report, fineTuned !== undefined);
    if (table !== undefined) terminal.print(`${table}\n`);
    for (const warning of report?.warnings ?? []) terminal.note(visibleText(warning));
    if (fineTuned) terminal.print(fineTuningLine(fineTuned));
    if (assumed) printAssumed(terminal, assumed.lines);
    if (look) printLook(terminal, look);
    else if (unlooked !== undefined) printNoLook(terminal, unlooked);
    if (fineTuned) printTrainedLook(terminal, fineTuned.look);
    terminal.print(
      `${green('✓')} ${bold(model.name)}: ${bytes(total.bytes)} of weights, written to ${visibleText(output)}`,
    );
    const against = /\.onnx$/i.test(path) ? ` --against ${shellPath(path)}` : '';
    // A model that says which data it was calibrated on needs no other word for them.
    const flags = model.provenance.data
      ? []
      : givenDataFlags({ ...given, data: given.data ?? given.calibrate ?? given.finetune });
    const data = flags.map((word) => ` ${word}`).join('');
    terminal.print(
      `\nNext\n  bitnetmcu verify ${shellPath(output)}${against}${data}    ${against ? 'beside the float network' : 'accuracy, and every implementation bit for bit'}\n` +
        `  bitnetmcu sim ${shellPath(output)}${data}       cycles, flash and RAM on a microcontroller`,
    );
    // A header has nothing to be compared with.
    const looked = look?.assessment ?? fineTuned?.look;
    const isDoubtful = assumed !== undefined && (looked === undefined || looked.warnings.length > 0);
    setExitCode(given.strict === true && isDoubtful ? EXIT_CODES.checkFailed : EXIT_CODES.ok);
  });

  function fineTuningLine({ result, seconds }: FineTuned): string {
    const { bold, dim } = terminal.colors;
    const validation = result.history.at(-1)?.validation?.accuracy;
    return (
      `  ${result.history.length} epochs of fine-tuning in ${duration(seconds)}: ${bold(percent(result.test.accuracy))} of the test samples` +
      `${validation === undefined ? '' : dim(` (validation ${percent(validation)})`)}`
    );
  }

  async function importHeader(path: string, given: ImportFlags): Promise<Imported> {
    const file = await readModelFile(path);
    if (file.kind !== 'quantized') {
      throw new CliError(
        'bad-file',
        `${visibleText(path)} is a ${file.source} of this project: use \`bitnetmcu export\` instead.`,
      );
    }
    const onlyOnnx = givenGraphFlags(given);
    if (onlyOnnx.length > 0) {
      throw new CliError('usage', `A header has its weights and scales already; leave out ${onlyOnnx.join(', ')}.`);
    }
    return { model: given.name === undefined ? file.model : { ...file.model, name: given.name } };
  }
}

function fineTuningJson({ result, seconds, checkpoint }: FineTuned): object {
  const validation = result.history.at(-1)?.validation?.accuracy;
  return {
    epochs: result.history.length,
    trainSeconds: seconds,
    ...(validation === undefined ? {} : { validationAccuracy: validation }),
    testAccuracy: result.test.accuracy,
    checkpoint,
  };
}
