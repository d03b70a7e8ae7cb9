// An ONNX file as a model: quantized after training with calibration, or fine-tuned first.
import {
  ExporterError,
  type OnnxGraph,
  type QuantizationReport,
  type QuantizeGraphOptions,
  quantize,
} from '@bitnetmcu/exporter';
import { graphEnds, inputLayout, openSampleShape } from '@bitnetmcu/exporter/internal';
import { readOnnxFile } from '@bitnetmcu/exporter/node';
import { type QuantizedModel, validateQuantizedModel } from '@bitnetmcu/models';
import { classCount, elementCount, namesFromFile } from '@bitnetmcu/models/internal';
import { givenFineTuningFlags } from '../config/fine-tuning-config.js';
import { CliError } from '../errors.js';
import { type DrawnSamples, drawFitted } from '../inputs/drawn-samples.js';
import type { DataTrust } from '../inputs/model-data.js';
import { wholeNumber } from '../inputs/whole-number.js';
import { count as formatCount } from '../render/quantities.js';
import { shellPath, shellWord } from '../render/shell-word.js';
import type { Terminal } from '../terminal.js';
import { type Assumed, describeAssumed } from './assumed.js';
import { floatReference } from './compare-against.js';
import { type FineTuned, fineTune } from './fine-tune.js';
import { noData, noteData, openDatasets, rawDataset } from './graph-data.js';
import { outputFor } from './graph-output.js';
import { fixedShape, parsePreprocessing, STANDARDIZED } from './graph-samples.js';
import { type Look, lookAtImport } from './look.js';
import { choosePlain } from './preprocessing-choice.js';
import { type ChosenReading, chooseReading, readingText } from './raw-reading.js';
import { parseFormat, parseMixedFormats } from './weight-formats.js';

export interface GraphFlags extends Record<string, unknown>, DataTrust {
  readonly name?: string;
  readonly data?: string;
  readonly calibrate?: string;
  readonly calibrationSamples?: string;
  readonly preprocessing?: string;
  readonly inputScale?: string;
  readonly quantizer?: string;
  readonly mixed?: string;
  readonly finetune?: string;
  readonly run?: string;
  readonly resume?: string;
}

/** The flags that only ONNX files have, with their names in a command line. */
const FLAGS = {
  calibrate: '--calibrate',
  calibrationSamples: '--calibration-samples',
  preprocessing: '--preprocessing',
  inputScale: '--input-scale',
  quantizer: '--quantizer',
  mixed: '--mixed',
  finetune: '--finetune',
  run: '--run',
  resume: '--resume',
} as const satisfies Partial<Record<keyof GraphFlags, string>>;

/** From so many on it is said that it takes a while: 12 million took over two minutes. */
const MANY_WEIGHTS = 4e6;

export const CALIBRATION_SAMPLES = 512;
/** Format of float weights: what loses nothing where nothing is trained, half the flash where it is. */
export const DEFAULT_QUANTIZER = { quantized: '8bit', fineTuned: '4bitsym' } as const;

export interface ImportedGraph {
  readonly model: QuantizedModel;
  /** Of quantization after training. */
  readonly report?: QuantizationReport;
  readonly fineTuned?: FineTuned;
  readonly assumed: Assumed;
  /** Absent for fine-tuned networks, which are compared with their training, and where `unlooked` says why. */
  readonly look?: Look;
  readonly unlooked?: string;
}

/** Names of the flags given that only ONNX files have. */
export function givenGraphFlags(given: GraphFlags): string[] {
  const own = Object.entries(FLAGS).flatMap(([key, flag]) => (given[key] === undefined ? [] : [flag]));
  return [...own, ...givenFineTuningFlags(given)];
}

/**
 * Imports an ONNX file as the flags say; undefined where fine-tuning was interrupted (the terminal was told how to go on).
 * @throws CliError `usage`; ExporterError for files that cannot be imported; TrainerError for data and training.
 */
export async function importGraph(
  path: string,
  given: GraphFlags,
  terminal: Terminal,
): Promise<ImportedGraph | undefined> {
  const trains = given.finetune !== undefined || given.resume !== undefined;
  requireTraining(given, trains);
  const { name, title } = given.name === undefined ? namesFromFile(path) : { name: given.name };
  const titled = (model: QuantizedModel): QuantizedModel =>
    title === undefined ? model : { ...model, provenance: { title, ...model.provenance } };
  const quantization = {
    name,
    quantizer: parseFormat(given.quantizer ?? DEFAULT_QUANTIZER[trains ? 'fineTuned' : 'quantized']),
    mixed: given.mixed === undefined ? {} : parseMixedFormats(given.mixed),
    ...(given.inputScale === undefined ? {} : { inputScale: 1 / positive(given.inputScale) }),
  };
  const { preprocessing: stated } = given;
  if (stated !== undefined && stated.trim() !== STANDARDIZED) parsePreprocessing(stated);
  const count = wholeNumber('--calibration-samples', given.calibrationSamples) ?? CALIBRATION_SAMPLES;
  const graph = await readOnnxFile(path);
  const fixed = fixedShape(graph);
  const { training, calibrating } = await openDatasets(given, fixed, graph.classes, terminal);
  // As the graph reads a sample; the network's samples have channels first, as those of data sets, wherever the graph has them.
  const openShape = fixed === undefined && calibrating ? openSampleShape(graph, calibrating.dataset.shape) : undefined;
  const shape = fixed ?? (openShape && inputLayout(graph, openShape).shape);
  if (shape === undefined) throw noData(`The graph leaves the shape of its samples open`);
  const drawn = calibrating && drawFitted(calibrating.dataset.train, calibrating.dataset.shape, shape, count);
  const ends = graphEnds(graph, openShape);
  const reference = drawn && (await floatReference(path, graph, shape, terminal));
  const tried = drawn && reference && { reference, samples: drawn.samples, shape, outputs: ends.outputs };
  const values = calibrating && rawDataset(calibrating.dataset);
  const reading = values && (await chooseReading(stated, values, tried, terminal));
  const chosen = reading
    ? { value: reading.preprocessing, text: readingText(reading), reason: reading.reason, doubt: undefined }
    : await choosePlain(stated, graph, ends, calibrating, tried, terminal);
  const { dataset } = calibrating ?? {};
  const output = dataset && outputFor(dataset, ends.outputs, ends.activation, reading?.standardizedTargets === true);
  const options = {
    ...quantization,
    preprocessing: chosen.value,
    ...(openShape === undefined ? {} : { inputShape: openShape }),
    ...(drawn && { calibration: { samples: drawn.samples.bytes } }),
    ...(values && { raw: values.raw, standardized: reading!.standardized }),
  };
  if (training) {
    if (output?.task === 'regression') {
      throw new CliError(
        'usage',
        'Graphs of regressions are quantized, not fine-tuned; leave out --finetune and name the data with --data.',
      );
    }
    const { resume, run: folder } = given;
    const fineTuned = await fineTune(
      { graph, imported: options, training, resume, folder, command: sameImport(path, given) },
      given,
      terminal,
    );
    if (fineTuned === undefined) return undefined;
    const assumed = describeAssumed(
      shape,
      chosen,
      ends,
      fineTuned.model.output,
      calibrating,
      usedBy(fineTuned.model, drawn),
    );
    const model = noteReading(noteCalibration(fineTuned.model, assumed), reading);
    return { model: titled(model), fineTuned, assumed };
  }
  const { model, report } = quantized(graph, { ...options, ...(output && { output }) }, dataset?.labels, terminal);
  const assumed = describeAssumed(model.input.shape, chosen, ends, model.output, calibrating, usedBy(model, drawn));
  const noted = titled(noteData(noteCalibration(model, assumed), calibrating, reading?.standardizedTargets));
  if (!drawn || !reference) return { model: noted, report, assumed, unlooked: 'no data set is named (--data)' };
  try {
    const looked = await lookAtImport(reference, noted, chosen.value, dataset!, drawn, terminal);
    return { model: noted, report, assumed, look: withDoubt(looked, chosen.doubt) };
  } catch (error) {
    // A graph that is too large for this program's float evaluation, or that ONNX Runtime cannot run, has its integers all the same.
    const { code, message } = error as { code?: string; message: string };
    if (!ExporterError.isInstance(error) || code === 'aborted') throw error;
    return { model: noted, report, assumed, unlooked: message };
  }
}

/** @throws CliError `usage` where scales are to be found and no data set is named */
function quantized(
  graph: OnnxGraph,
  options: QuantizeGraphOptions,
  labels: readonly string[] | undefined,
  terminal: Terminal,
): { model: QuantizedModel; report: QuantizationReport } {
  const weights = [...graph.initializers.values()].reduce((sum, { data }) => sum + data.length, 0);
  if (weights > MANY_WEIGHTS) {
    terminal.note(`The graph has ${formatCount(weights)} weights: to calibrate and quantize them takes minutes.`);
  }
  terminal.status(`Calibrating and quantizing ${formatCount(weights)} weights …`);
  try {
    const { model, report } = quantize(graph, options);
    const outputs = elementCount(validateQuantizedModel(model).at(-1)!.outputShape);
    const answers = model.output ? outputs : classCount(outputs);
    return { model: labels?.length === answers ? { ...model, labels } : model, report };
  } catch (error) {
    const isMissing = options.calibration === undefined && (error as { code?: string }).code === 'no-calibration';
    throw isMissing ? noData('Scales of activations are found on samples') : error;
  } finally {
    terminal.clearStatus();
  }
}

/** How many samples set scales; none where a model follows each sample. */
function usedBy({ input }: QuantizedModel, drawn: DrawnSamples | undefined): number | undefined {
  return input.quantization.kind === 'static' ? drawn?.numbers.length : undefined;
}

/** What the model was calibrated on is noted beside its preprocessing, for comparisons with the graph. */
function noteCalibration(model: QuantizedModel, { calibration }: Assumed): QuantizedModel {
  if (calibration === undefined) return model;
  const onnx = { ...model.provenance.onnx, calibration };
  return { ...model, provenance: { ...model.provenance, onnx } };
}

/** The training notes its own origin; what the graph reads of raw values goes with it, for comparisons. */
function noteReading(model: QuantizedModel, reading: ChosenReading | undefined): QuantizedModel {
  if (reading?.standardized === undefined) return model;
  const onnx = { ...model.provenance.onnx, standardized: reading.standardized };
  return { ...model, provenance: { ...model.provenance, onnx } };
}

function withDoubt(look: Look, doubt: string | undefined): Look {
  if (doubt === undefined) return look;
  const { assessment } = look;
  const warnings = [{ issue: 'preprocessing', message: doubt } as const, ...assessment.warnings];
  return { ...look, assessment: { ...assessment, warnings } };
}

function requireTraining(given: GraphFlags, trains: boolean): void {
  const training = givenFineTuningFlags(given);
  if (given.run !== undefined) training.push('run');
  if (!trains && training.length > 0) {
    throw new CliError(
      'usage',
      `Nothing is trained without --finetune <data>; add it, or leave out the options for ${training.join(', ')}.`,
    );
  }
  if (given.resume === undefined) return;
  const fixed = (['finetune', 'quantizer', 'mixed'] as const).filter((key) => given[key] !== undefined);
  if (training.length + fixed.length > 0) {
    throw new CliError(
      'usage',
      `A resumed run keeps its configuration; leave out the options for ${[...training, ...fixed].join(', ')}.`,
    );
  }
}

/** The command line that imports the same way, up to the checkpoint to resume. */
function sameImport(path: string, given: GraphFlags): string {
  const kept = ['output', 'name', 'calibrate', 'calibrationSamples', 'preprocessing', 'inputScale'] as const;
  const flag = { ...FLAGS, output: '--output', name: '--name' };
  const flags = kept.flatMap((key) => (given[key] === undefined ? [] : [flag[key], shellWord(`${given[key]}`)]));
  return ['bitnetmcu import', shellPath(path), ...flags, '--resume'].join(' ');
}

function positive(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new CliError('usage', `--input-scale ${text}: a number above 0 is wanted.`);
}
