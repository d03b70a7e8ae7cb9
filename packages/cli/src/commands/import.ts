// `bitnetmcu import`: an ONNX file or a header of the original BitNetMCU project becomes a .bnm file.
import { basename, dirname, join } from 'node:path';
import {
  type ImportedLayerReport,
  type ImportReport,
  type ImportResult,
  type OnnxGraph,
  quantizeOnnx,
} from '@bitnetmcu/exporter';
import { readOnnxFile } from '@bitnetmcu/exporter/node';
import { elementCount, preprocessingSchema, type QuantizedModel, type Shape, summarizeModel } from '@bitnetmcu/models';
import { writeModelFile } from '@bitnetmcu/models/node';
import { FORMAT_NAMES, type FormatName, nearestName } from '@bitnetmcu/quant';
import { type Dataset, fitInput, fitSamples } from '@bitnetmcu/trainer';
import { type CommandContext, newCommand } from '../command.js';
import { CliError } from '../errors.js';
import { addDataFlags, dataSpec, openDataset } from '../inputs/dataset.js';
import { readModelFile } from '../inputs/model.js';
import { bytes } from '../render/quantities.js';
import { renderTable } from '../render/table.js';

interface ImportFlags extends Record<string, unknown> {
  readonly output?: string;
  readonly name?: string;
  readonly quantizer?: string;
  readonly mixed?: string;
  readonly inputScale?: string;
  readonly calibrationSamples: string;
}

const CALIBRATION_SAMPLES = 512;

export function importCommand({ terminal }: CommandContext) {
  const command = newCommand('import', 'Turns an ONNX file or a BitNetMCU header into a .bnm file.')
    .argument('<file>', 'an .onnx file, or a .h file as the original project writes them')
    .option('-o, --output <file.bnm>', 'where the model goes (default: beside the file)')
    .option('--name <name>', 'name of the model (default: that of the file)')
    .option('--quantizer <format>', 'ONNX: format of float weights', '8bit')
    .option('--mixed <layer=format,…>', 'ONNX: formats of single layers')
    .option('--input-scale <number>', 'ONNX: int8 value of an input of 1 (default: from calibration)')
    .option(
      '--calibration-samples <number>',
      'ONNX: how many training samples set the scales',
      `${CALIBRATION_SAMPLES}`,
    );
  addDataFlags(command);
  command.addHelpText(
    'after',
    `
Float networks get static power-of-two scales from samples of the data set (--data …, default mnist), preprocessed as
(x/255 − 0.1307)/0.3081. Networks trained with low-bit weights (BitLinear, Brevitas, QDQ) keep their weight codes.

Examples
  bitnetmcu import lenet.onnx --quantizer 4bitsym
  bitnetmcu import BitNetMCU_model.h -o model.bnm`,
  );
  return command.action(async (path: string, given: ImportFlags) => {
    const { model, report } = /\.onnx$/i.test(path) ? await importOnnx(path, given) : await importHeader(path, given);
    const output = given.output ?? join(dirname(path), `${basename(path).replace(/\.[^.]*$/, '')}.bnm`);
    writeModelFile(output, model);
    const { total } = summarizeModel(model);
    terminal.printJson({ model: output, name: model.name, weightBytes: total.bytes, macs: total.macs, report });
    const { green, bold } = terminal.colors;
    if (report && report.layers.length > 0) terminal.print(`${layerTable(report.layers)}\n`);
    for (const warning of report?.warnings ?? []) terminal.note(warning);
    terminal.print(`${green('✓')} ${bold(model.name)}: ${bytes(total.bytes)} of weights, written to ${output}`);
    terminal.print(
      `\nNext\n  bitnetmcu verify ${output}    accuracy, and every implementation bit for bit\n  bitnetmcu sim ${output}       cycles, flash and RAM on a microcontroller`,
    );
  });

  async function importHeader(
    path: string,
    given: ImportFlags,
  ): Promise<{ model: QuantizedModel; report?: ImportReport }> {
    const file = await readModelFile(path);
    if (file.kind !== 'quantized') {
      throw new CliError('bad-file', `${path} is a ${file.source} of this project: use \`bitnetmcu export\` instead.`);
    }
    return { model: given.name === undefined ? file.model : { ...file.model, name: given.name } };
  }

  async function importOnnx(path: string, given: ImportFlags): Promise<ImportResult> {
    const graph = await readOnnxFile(path);
    const dataset = await openDataset(dataSpec(given), terminal);
    const fixed = fixedShape(graph);
    const shape = fixed ?? dataset.shape;
    const name = given.name ?? basename(path).replace(/\.onnx$/i, '');
    terminal.status('Calibrating and quantizing …');
    try {
      const { model, report } = quantizeOnnx(graph, {
        name,
        ...(fixed === undefined ? { inputShape: shape } : {}),
        preprocessing: preprocessingSchema.parse({}),
        calibration: { samples: calibrationSamples(dataset, shape, wholeNumber(given.calibrationSamples)) },
        quantizer: knownFormat(given.quantizer ?? '8bit'),
        ...(given.mixed === undefined ? {} : { mixed: mixedFormats(given.mixed) }),
        ...(given.inputScale === undefined ? {} : { inputScale: positive(given.inputScale) }),
      });
      const fits = model.labels.length === dataset.labels.length;
      return { model: fits ? { ...model, labels: dataset.labels } : model, report };
    } finally {
      terminal.clearStatus();
    }
  }
}

/** The shape of one sample, without the batch; undefined where the graph leaves it open. */
function fixedShape(graph: OnnxGraph): Shape | undefined {
  const dimensions = graph.inputs[0]?.shape?.slice(1);
  const fixed = dimensions?.filter((dimension): dimension is number => typeof dimension === 'number');
  if (dimensions === undefined || fixed?.length !== dimensions.length) return undefined;
  if (fixed.length === 3) return [fixed[0]!, fixed[1]!, fixed[2]!];
  // [channels, length] is a signal: an image of one row.
  return fixed.length === 2 ? [fixed[0]!, 1, fixed[1]!] : [fixed.reduce((product, size) => product * size, 1)];
}

function calibrationSamples(dataset: Dataset, shape: Shape, wanted: number): Uint8Array {
  const count = Math.min(wanted, dataset.train.count);
  const labels = dataset.train.labels.subarray(0, count);
  const raw = { count, labels, bytes: dataset.train.bytes.subarray(0, count * elementCount(dataset.shape)) };
  return fitSamples(raw, fitInput(dataset.shape, shape)).bytes;
}

function layerTable(layers: readonly ImportedLayerReport[]): string {
  return renderTable(
    [{ title: 'layer' }, { title: 'operation' }, { title: 'format' }, { title: 'weights' }, { title: 'ONNX nodes' }],
    layers.map(({ layer, op, format, gridDetected, nodes }) => [
      layer,
      op,
      format,
      gridDetected ? 'codes kept' : 'quantized',
      nodes.join(' '),
    ]),
  );
}

function mixedFormats(text: string): Record<string, FormatName> {
  return Object.fromEntries(
    text.split(',').map((pair) => {
      const [layer, format] = pair.split('=');
      if (!layer || !format) throw new CliError('usage', `--mixed ${text}: layer=format,layer=format is wanted.`);
      return [layer, knownFormat(format)];
    }),
  );
}

function knownFormat(name: string): FormatName {
  const found = FORMAT_NAMES.find((format) => format === name);
  if (found) return found;
  throw new CliError(
    'usage',
    `There is no weight format "${name}"; did you mean "${nearestName(name, FORMAT_NAMES)}"? Formats: ${FORMAT_NAMES.join(', ')}.`,
  );
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new CliError('usage', `--calibration-samples ${text}: a whole number above 0 is wanted.`);
}

function positive(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new CliError('usage', `--input-scale ${text}: a number above 0 is wanted.`);
}
