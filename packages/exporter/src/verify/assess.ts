// An independent look at a finished integer network: on samples that calibrated nothing, beside its float graph, and with the float graph under
// other assumptions than the import's. What every other check of this project takes from the import (preprocessing, the order of a
// sample's values, the numbers of the classes) is what this one questions.
import { classOf, type Preprocessing, type QuantizedModel, type Shape } from '@bitnetmcu/models';
import { classCount, ReferenceModel } from '@bitnetmcu/models/internal';
import { ExporterError } from '../errors.js';
import { bothLogits } from '../float/compare.js';
import { floatAccuracy } from '../float/float-logits.js';
import type { FloatReference } from '../float/float-reference.js';
import { graphPreprocessing } from '../float/preprocessing.js';
import { rawReadingOf, rawValues } from '../float/raw-values.js';
import { spreadIndex } from '../quantize/static/calibration-samples.js';
import {
  type AssessmentWarning,
  betterAssumption,
  chanceWarning,
  ENOUGH_OF_A_CLASS,
  type Facts,
  lossWarnings,
} from './assess-warnings.js';
import { permutedSamples, plausibleLayouts, plausiblePreprocessings, sameClasses } from './plausible.js';

export interface AssessOptions {
  /** What stands in front of the float graph; default: what the import was told. */
  readonly preprocessing?: Preprocessing;
  /** Class numbers of the samples. Without them only agreement is judged. */
  readonly labels?: ArrayLike<number>;
  /** Names for messages. Default: the model's, else numbers. */
  readonly classes?: readonly string[];
  /** Class numbers of the calibration samples, to find classes that they left out. */
  readonly calibrationLabels?: ArrayLike<number>;
  /** Order of the values of one sample; default: the shape of the model's input. */
  readonly sampleShape?: Shape;
  readonly signal?: AbortSignal;
}

/** The float graph's score under another assumption. */
export interface Alternative {
  readonly issue: 'preprocessing' | 'layout' | 'class-numbers';
  /** `255,0,1`, `rows and columns exchanged`, … */
  readonly assumption: string;
  readonly accuracy: number;
}

export interface Assessment {
  /** What ran the float graph. */
  readonly reference: string;
  readonly samples: number;
  /** Share of samples that both put in the same class. */
  readonly agreement: number;
  readonly accuracy?: { readonly float: number; readonly integer: number };
  /** Accuracy lost; without labels the share of samples put in another class. */
  readonly loss: number;
  /** Numbers of classes that the integer network gave no sample, though samples are of them or the float graph gives them. */
  readonly neverPredicted: readonly number[];
  /** Share of the input values that lie beyond int8. */
  readonly clipped: number;
  /** With labels: the float graph's accuracy under other plausible assumptions, on a part of the samples. */
  readonly alternatives: readonly Alternative[];
  readonly warnings: readonly AssessmentWarning[];
}

/** Samples on which other assumptions are tried. */
const TRIED_SAMPLES = 200;

/**
 * Looks at a model beside its float graph.
 * @param samples raw samples that calibrated nothing, one after another
 * @throws ExporterError `verify-input` for lengths that do not fit, `aborted`; ModelError where the model is wrong.
 *
 * @example
 * ```ts
 * import { assess, onnxReference, readOnnx } from '@bitnetmcu/exporter';
 *
 * const graph = await readOnnx(bytes);
 * const assessment = await assess(model, onnxReference(graph, [1, 28, 28]), samples.bytes, { labels: samples.labels });
 * for (const { message } of assessment.warnings) console.log(message);
 * ```
 */
export async function assess(
  model: QuantizedModel,
  reference: FloatReference,
  samples: ArrayLike<number>,
  options: AssessOptions = {},
): Promise<Assessment> {
  const loaded = new ReferenceModel(model);
  const count = samples.length / loaded.inputs;
  const { labels, preprocessing = graphPreprocessing(model) } = options;
  if (count < 1 || !Number.isInteger(count) || (labels && labels.length !== count)) {
    throw new ExporterError(
      'verify-input',
      `${samples.length} values and ${labels?.length ?? 'no'} labels were given; wanted are a multiple of ${loaded.inputs} values and a label for each sample, or none`,
    );
  }
  const { integer, float } = await bothLogits(model, loaded, reference, samples, count, { ...options, preprocessing });
  const classes = (logits: Float64Array) =>
    Array.from({ length: count }, (_, i) => classOf(logits, i * loaded.outputs, loaded.outputs));
  const [ours, theirs] = [classes(integer), classes(float)];
  const share = (right: (i: number) => boolean) => ours.filter((_, i) => right(i)).length / count;
  const agreement = share((i) => ours[i] === theirs[i]);
  const accuracy = labels && {
    float: share((i) => theirs[i] === labels[i]),
    integer: share((i) => ours[i] === labels[i]),
  };
  const facts: Facts = {
    model,
    options,
    name: (number) => options.classes?.[number] ?? model.labels[number] ?? `${number}`,
    agreement,
    accuracy,
    loss: accuracy ? accuracy.float - accuracy.integer : 1 - agreement,
    neverPredicted: missingClasses(ours, theirs, labels, classCount(loaded.outputs)),
    floatClasses: new Set(theirs),
    ...inputUse(model, samples),
  };
  const tried = labels
    ? await alternatives(model, loaded.outputs, reference, samples, theirs, labels, { ...options, preprocessing })
    : { assumed: 0, found: [] };
  const doubts = [
    ...(labels && accuracy ? chanceWarning(theirs, labels, accuracy.float) : []),
    ...betterAssumption(tried.found, tried.assumed, preprocessing),
  ];
  return {
    reference: reference.name,
    samples: count,
    agreement,
    ...(accuracy && { accuracy }),
    loss: facts.loss,
    neverPredicted: facts.neverPredicted,
    clipped: facts.clipped,
    alternatives: tried.found,
    warnings: [...doubts, ...lossWarnings(facts, doubts.length > 0)],
  };
}

/** Classes that integers never give, though float gives them or enough samples are of them. */
function missingClasses(
  ours: readonly number[],
  theirs: readonly number[],
  labels: ArrayLike<number> | undefined,
  classes: number,
): number[] {
  const [given, wanted, of] = [new Set(ours), new Set(theirs), new Map<number, number>()];
  for (const label of Array.from(labels ?? [])) of.set(label, (of.get(label) ?? 0) + 1);
  return Array.from({ length: classes }, (_, number) => number).filter(
    (number) => !given.has(number) && (wanted.has(number) || (of.get(number) ?? 0) >= ENOUGH_OF_A_CLASS),
  );
}

/** How inputs use int8: the share of values that quantization cuts off by more than rounding, and the largest one. */
function inputUse(model: QuantizedModel, samples: ArrayLike<number>): { clipped: number; largest: number } {
  const { quantization } = model.input;
  if (quantization.kind === 'dynamic') return { clipped: 0, largest: 127 };
  const { divisor, mean, deviation } = model.input.preprocessing;
  let [beyond, largest] = [0, 0];
  for (let i = 0; i < samples.length; i++) {
    const value = ((samples[i]! / divisor - mean) / deviation) * quantization.scale;
    if (value > 128 || value < -129) beyond++;
    largest = Math.max(largest, Math.abs(value));
  }
  return { clipped: beyond / samples.length, largest: Math.min(127, largest) };
}

async function alternatives(
  model: QuantizedModel,
  outputs: number,
  reference: FloatReference,
  samples: ArrayLike<number>,
  predicted: readonly number[],
  allLabels: ArrayLike<number>,
  options: AssessOptions & { readonly preprocessing: Preprocessing },
): Promise<{ assumed: number; found: Alternative[] }> {
  const count = Math.min(allLabels.length, TRIED_SAMPLES);
  const features = samples.length / allLabels.length;
  const reading = rawReadingOf(model);
  const numbers = Array.from({ length: count }, (_, s) => spreadIndex(s, allLabels.length));
  const raw = new Float32Array(count * features);
  numbers.forEach((number, at) => {
    for (let i = 0; i < features; i++) raw[at * features + i] = samples[number * features + i]!;
  });
  const values = reading ? rawValues(raw, model.input.shape, reading) : raw;
  const labels = numbers.map((number) => allLabels[number]!);
  const given = numbers.map((number) => predicted[number]!);
  const scored = (values: Float32Array, preprocessing: Preprocessing) =>
    floatAccuracy(reference, values, labels, outputs, preprocessing);
  const found: Alternative[] = [];
  // Samples of other units than bytes are no pixels, and these no guesses for them.
  const isBytes = samples instanceof Uint8Array && reading === undefined;
  for (const { preprocessing } of isBytes ? plausiblePreprocessings(raw, options.preprocessing) : []) {
    const { divisor, mean, deviation } = preprocessing;
    const accuracy = await scored(raw, preprocessing);
    found.push({ issue: 'preprocessing', assumption: `${divisor},${mean},${deviation}`, accuracy });
  }
  for (const { name, order } of plausibleLayouts(options.sampleShape ?? model.input.shape)) {
    const accuracy = await scored(permutedSamples(values, order), options.preprocessing);
    found.push({ issue: 'layout', assumption: name, accuracy });
  }
  const renumbered = sameClasses(given, labels, classCount(outputs), options.classes);
  if (renumbered) found.push({ issue: 'class-numbers', ...renumbered });
  return { assumed: labels.filter((label, i) => given[i] === label).length / count, found };
}
