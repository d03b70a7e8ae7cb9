// `bitnetmcu import`: an ONNX file or a header of the original BitNetMCU project becomes a .bnm file.
import { basename, dirname, join } from 'node:path';
import type { ImportReport } from '@bitnetmcu/exporter';
import { encodeBnm, type QuantizedModel, summarizeModel } from '@bitnetmcu/models';
import { checkOwnFile, writeOwnFile } from '@bitnetmcu/models/node';
import { type CommandContext, newCommand } from '../command.js';
import { addFineTuningFlags } from '../config/fine-tuning-config.js';
import { CliError } from '../errors.js';
import { EXIT_CODES } from '../exit-codes.js';
import { addDataFlags } from '../inputs/dataset.js';
import { addExistingFlags, type ExistingFlags, existingFiles } from '../inputs/existing-files.js';
import { readModelFile } from '../inputs/model.js';
import { addTrustFlag } from '../inputs/model-data.js';
import type { FineTuned } from '../onnx/fine-tune.js';
import {
  CALIBRATION_SAMPLES,
  DEFAULT_QUANTIZER,
  type GraphFlags,
  givenGraphFlags,
  importGraph,
} from '../onnx/import-graph.js';
import { layerTable } from '../render/imported-layers.js';
import { bytes, duration, percent } from '../render/quantities.js';

interface ImportFlags extends GraphFlags, ExistingFlags {
  readonly output?: string;
}

interface Imported {
  readonly model: QuantizedModel;
  readonly report?: ImportReport;
  readonly fineTuned?: FineTuned;
}

export function importCommand({ terminal, setExitCode }: CommandContext) {
  const command = newCommand('import', 'Turns an ONNX file or a BitNetMCU header into a .bnm file.')
    .argument('<file>', 'an .onnx file, or a .h file as the original project writes them')
    .option('-o, --output <file.bnm>', 'where the model goes (default: beside the file)')
    .option('--name <name>', 'name of the model (default: that of the file)')
    .option('--calibrate <data>', 'ONNX: data set that sets the scales (default: --finetune, --data, else mnist)')
    .option(
      '--calibration-samples <number>',
      `ONNX: how many of its training samples (default: ${CALIBRATION_SAMPLES})`,
    )
    .option(
      '--preprocessing <divisor,mean,deviation>',
      'ONNX: what stands in front of the graph, (x/divisor − mean)/deviation (default: 255,0.1307,0.3081)',
    )
    .option('--input-scale <number>', 'ONNX: int8 value of a graph input of 1 (default: from calibration)')
    .option(
      '--quantizer <format>',
      `ONNX: format of float weights (default: ${DEFAULT_QUANTIZER.quantized}; with --finetune ${DEFAULT_QUANTIZER.fineTuned})`,
    )
    .option('--mixed <layer=format,…>', 'ONNX: formats of single layers')
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

Examples
  bitnetmcu import lenet.onnx --calibrate mnist
  bitnetmcu import lenet.onnx --quantizer 4bitsym --mixed conv1=8bit
  bitnetmcu import lenet.onnx --finetune mnist --epochs 10 --quantizer 4bitsym
  bitnetmcu import BitNetMCU_model.h -o model.bnm`,
  );
  return command.action(async (path: string, given: ImportFlags) => {
    const output = given.output ?? join(dirname(path), `${basename(path).replace(/\.[^.]*$/, '')}.bnm`);
    const existing = existingFiles(given);
    checkOwnFile(output, existing);
    const imported = /\.onnx$/i.test(path) ? await importGraph(path, given, terminal) : await importHeader(path, given);
    if (imported === undefined) {
      setExitCode(EXIT_CODES.interrupted);
      return;
    }
    const { model, report, fineTuned } = imported;
    writeOwnFile(output, encodeBnm(model), existing);
    const { total } = summarizeModel(model);
    terminal.printJson({
      model: output,
      name: model.name,
      weightBytes: total.bytes,
      macs: total.macs,
      report,
      ...(fineTuned && { fineTuning: fineTuningJson(fineTuned) }),
    });
    const { green, bold } = terminal.colors;
    const table = layerTable(model, report, fineTuned !== undefined);
    if (table !== undefined) terminal.print(`${table}\n`);
    for (const warning of report?.warnings ?? []) terminal.note(warning);
    if (fineTuned) terminal.print(fineTuningLine(fineTuned));
    terminal.print(`${green('✓')} ${bold(model.name)}: ${bytes(total.bytes)} of weights, written to ${output}`);
    const against = /\.onnx$/i.test(path) ? ` --against ${path}` : '';
    terminal.print(
      `\nNext\n  bitnetmcu verify ${output}${against}    ${against ? 'beside the float network' : 'accuracy, and every implementation bit for bit'}\n` +
        `  bitnetmcu sim ${output}       cycles, flash and RAM on a microcontroller`,
    );
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
      throw new CliError('bad-file', `${path} is a ${file.source} of this project: use \`bitnetmcu export\` instead.`);
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
