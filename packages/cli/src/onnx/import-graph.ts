// An ONNX file as a model: quantized after training with calibration, or fine-tuned first.
import { basename } from 'node:path';
import { type ImportReport, quantizeOnnx } from '@bitnetmcu/exporter';
import { readOnnxFile } from '@bitnetmcu/exporter/node';
import { elementCount, type QuantizedModel, validateQuantizedModel } from '@bitnetmcu/models';
import type { DataSpec, Dataset } from '@bitnetmcu/trainer';
import { givenFineTuningFlags } from '../config/fine-tuning-config.js';
import { CliError } from '../errors.js';
import { dataSpec } from '../inputs/dataset.js';
import { checkpointDataSpec, type DataTrust, openNamedDataset } from '../inputs/model-data.js';
import type { Terminal } from '../terminal.js';
import { type FineTuned, fineTune } from './fine-tune.js';
import { calibrationSamples, fixedShape, parsePreprocessing } from './graph-samples.js';
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

export const CALIBRATION_SAMPLES = 512;
/** Format of float weights: what loses nothing where nothing is trained, half the flash where it is. */
export const DEFAULT_QUANTIZER = { quantized: '8bit', fineTuned: '4bitsym' } as const;

export interface ImportedGraph {
  readonly model: QuantizedModel;
  /** Of quantization after training. */
  readonly report?: ImportReport;
  readonly fineTuned?: FineTuned;
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
  const options = {
    name: given.name ?? basename(path).replace(/\.onnx$/i, ''),
    preprocessing: parsePreprocessing(given.preprocessing),
    quantizer: parseFormat(given.quantizer ?? DEFAULT_QUANTIZER[trains ? 'fineTuned' : 'quantized']),
    mixed: given.mixed === undefined ? {} : parseMixedFormats(given.mixed),
    ...(given.inputScale === undefined ? {} : { inputScale: positive(given.inputScale) }),
  };
  const count = wholeNumber(given.calibrationSamples ?? `${CALIBRATION_SAMPLES}`);
  const graph = await readOnnxFile(path);
  const { training, calibrating } = await openDatasets(given, terminal);
  const fixed = fixedShape(graph);
  const shape = fixed ?? (training?.dataset ?? calibrating).shape;
  const samples = calibrationSamples(calibrating, shape, count);
  const imported = { ...options, ...(fixed === undefined ? { inputShape: shape } : {}), calibration: { samples } };
  if (training) {
    const { resume, run: folder } = given;
    const fineTuned = await fineTune(
      { graph, imported, training, resume, folder, command: sameImport(path, given) },
      given,
      terminal,
    );
    return fineTuned && { model: fineTuned.model, fineTuned };
  }
  terminal.status('Calibrating and quantizing …');
  try {
    const { model, report } = quantizeOnnx(graph, imported);
    const outputs = elementCount(validateQuantizedModel(model).at(-1)!.outputShape);
    const { labels } = calibrating;
    return { model: outputs === labels.length ? { ...model, labels } : model, report };
  } finally {
    terminal.clearStatus();
  }
}

interface Datasets {
  /** Absent: nothing is trained. */
  readonly training: { readonly data: DataSpec; readonly dataset: Dataset } | undefined;
  readonly calibrating: Dataset;
}

/** Each data set is what its own flag says, else `--data`, else the other one's. */
async function openDatasets(given: GraphFlags, terminal: Terminal): Promise<Datasets> {
  const calibrated = given.calibrate ?? given.data;
  const trained =
    given.resume !== undefined
      ? await checkpointDataSpec(given.resume, given, terminal)
      : given.finetune !== undefined
        ? dataSpec({ ...given, data: given.finetune })
        : undefined;
  const data = calibrated === undefined && trained ? trained : dataSpec({ ...given, data: calibrated });
  const calibrating = await openNamedDataset(data, terminal);
  if (trained === undefined) return { training: undefined, calibrating };
  const same = JSON.stringify(trained) === JSON.stringify(data);
  return {
    training: { data: trained, dataset: same ? calibrating : await openNamedDataset(trained, terminal) },
    calibrating,
  };
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
  const flags = kept.flatMap((key) => (given[key] === undefined ? [] : [flag[key], `${given[key]}`]));
  return ['bitnetmcu import', path, ...flags, '--resume'].join(' ');
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
