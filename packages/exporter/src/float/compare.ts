// An integer network beside the float network that it came from: do they agree on classes, and how far apart are their logits?
import { classOf, type LoadedModel, type Preprocessing, type QuantizedModel, quantizeInput } from '@bitnetmcu/models';
import { elementCount } from '@bitnetmcu/models/internal';
import { ExporterError } from '../errors.js';
import { floatLogits } from './float-logits.js';
import type { FloatReference, OutputActivation } from './float-reference.js';
import { graphPreprocessing } from './preprocessing.js';
import { rawReadingOf, rawValues } from './raw-values.js';

export interface CompareOptions {
  /** Of the float network; default: what the import was told. */
  readonly preprocessing?: Preprocessing;
  /** Images listed with the largest differences. Default 10. */
  readonly worst?: number;
  /** Samples given to both networks at once. Default 100. */
  readonly batchSize?: number;
  readonly onProgress?: (done: number, images: number) => void;
  readonly signal?: AbortSignal;
}

/** One image on which the two differ much. */
export interface WorstImage {
  readonly image: number;
  readonly label: number | undefined;
  readonly integerClass: number;
  readonly floatClass: number;
  /** Largest difference of a logit, in the float network's units. */
  readonly difference: number;
  readonly floatLogits: readonly number[];
  /** The integer logits in the float network's units. */
  readonly integerLogits: readonly number[];
}

export interface FloatComparison {
  readonly reference: string;
  readonly images: number;
  /** What the float graph makes of its logits, which are compared before it; absent: nothing. */
  readonly activation?: OutputActivation;
  /** Share of images that both put in the same class. */
  readonly agreement: number;
  /** Share of images put in the class of their label. Absent without labels. */
  readonly accuracy?: { readonly integer: number; readonly float: number };
  /** Differences integer − float over all logits, in the float network's units. */
  readonly differences: {
    readonly mean: number;
    readonly rootMeanSquare: number;
    /** Root mean square over the deviation of the float logits. */
    readonly relative: number;
    readonly quantiles: Readonly<Record<(typeof QUANTILES)[number], number>>;
    /** Counts in bins of equal width from the first to the last quantile. */
    readonly histogram: { readonly from: number; readonly to: number; readonly counts: readonly number[] };
  };
  readonly worst: readonly WorstImage[];
}

const QUANTILES = ['0', '0.01', '0.05', '0.25', '0.5', '0.75', '0.95', '0.99', '1'] as const;
const HISTOGRAM_BINS = 21;

/**
 * Runs both networks over raw samples.
 *
 * Integer logits have a scale of their own: they are compared after multiplication with the number that brings them nearest to the float
 * logits, one for all images, or one an image where the network normalizes every input (`dynamic`).
 * @param samples raw, in the units that the preprocessing takes, one after another; of a model that says what a raw value is, bytes made of it.
 * @throws ExporterError `verify-input` for lengths that do not fit, `aborted`.
 *
 * @example
 * ```ts
 * import { compareWithFloat, onnxReference, readOnnx } from '@bitnetmcu/exporter';
 * import { ReferenceInference } from '@bitnetmcu/models';
 *
 * const loaded = await new ReferenceInference().load(model);
 * const reference = onnxReference(await readOnnx(bytes), [1, 28, 28]);
 * const comparison = await compareWithFloat(model, loaded, reference, samples.bytes);
 * ```
 */
export async function compareWithFloat(
  model: QuantizedModel,
  loaded: LoadedModel,
  reference: FloatReference,
  samples: ArrayLike<number>,
  labels?: ArrayLike<number>,
  options: CompareOptions = {},
): Promise<FloatComparison> {
  const features = elementCount(model.input.shape);
  const images = samples.length / features;
  if (images < 1 || !Number.isInteger(images) || (labels && labels.length !== images)) {
    throw new ExporterError(
      'verify-input',
      `${samples.length} values and ${labels?.length ?? 'no'} labels were given; wanted are a multiple of ${features} values and a label for each sample, or none`,
    );
  }
  const { integer, float } = await bothLogits(model, loaded, reference, samples, images, options);
  const outputs = loaded.outputs;
  const scaled = rescaled(integer, float, outputs, model.input.quantization.kind === 'dynamic');
  let [agreeing, integerRight, floatRight] = [0, 0, 0];
  const worst: WorstImage[] = [];
  const count = options.worst ?? 10;
  for (let image = 0; image < images; image++) {
    const from = image * outputs;
    const integerClass = classOf(integer, from, outputs);
    const floatClass = classOf(float, from, outputs);
    if (integerClass === floatClass) agreeing++;
    if (labels && integerClass === labels[image]) integerRight++;
    if (labels && floatClass === labels[image]) floatRight++;
    let difference = 0;
    for (let i = from; i < from + outputs; i++) difference = Math.max(difference, Math.abs(scaled[i]! - float[i]!));
    if (worst.length < count || (count > 0 && difference > worst.at(-1)!.difference)) {
      worst.push({
        image,
        label: labels?.[image],
        integerClass,
        floatClass,
        difference,
        floatLogits: [...float.subarray(from, from + outputs)],
        integerLogits: [...scaled.subarray(from, from + outputs)],
      });
      worst.sort((a, b) => b.difference - a.difference);
      worst.length = Math.min(worst.length, count);
    }
  }
  return {
    reference: reference.name,
    images,
    ...(reference.activation === undefined ? {} : { activation: reference.activation }),
    agreement: agreeing / images,
    ...(labels ? { accuracy: { integer: integerRight / images, float: floatRight / images } } : {}),
    differences: distribution(scaled, float),
    worst,
  };
}

/** Integer and float logits of all samples, each in its own units. @throws as `compareWithFloat` */
export async function bothLogits(
  model: QuantizedModel,
  loaded: LoadedModel,
  reference: FloatReference,
  samples: ArrayLike<number>,
  images: number,
  options: CompareOptions,
): Promise<{ integer: Float64Array; float: Float64Array }> {
  const features = elementCount(model.input.shape);
  const preprocessing = options.preprocessing ?? graphPreprocessing(model);
  const reading = rawReadingOf(model);
  const [integer, float] = [new Float64Array(images * loaded.outputs), new Float64Array(images * loaded.outputs)];
  const step = reference.batch ?? options.batchSize ?? 100;
  for (let from = 0; from < images; from += step) {
    if (options.signal?.aborted) {
      throw new ExporterError('aborted', 'The comparison was stopped; run it again for a result');
    }
    const count = Math.min(step, images - from);
    const raw = Array.prototype.slice.call(samples, from * features, (from + count) * features);
    integer.set(await loaded.infer(quantizeInput(model, raw), count), from * loaded.outputs);
    const values = reading ? rawValues(raw, model.input.shape, reading) : raw;
    const logits = await floatLogits(reference, values, count, loaded.outputs, preprocessing);
    for (let i = 0; i < count * loaded.outputs; i++) float[from * loaded.outputs + i] = logits[i]!;
    options.onProgress?.(from + count, images);
    await new Promise<void>((resolve) => setTimeout(resolve, 0));
  }
  return { integer, float };
}

/** Integer logits times the number that brings them nearest to the float logits. */
function rescaled(integer: Float64Array, float: Float64Array, outputs: number, perImage: boolean): Float64Array {
  const group = perImage ? outputs : integer.length;
  const scaled = new Float64Array(integer.length);
  for (let from = 0; from < integer.length; from += group) {
    let [dot, squares] = [0, 0];
    for (let i = from; i < from + group; i++) {
      dot += integer[i]! * float[i]!;
      squares += integer[i]! ** 2;
    }
    const factor = squares === 0 ? 0 : dot / squares;
    for (let i = from; i < from + group; i++) scaled[i] = integer[i]! * factor;
  }
  return scaled;
}

function distribution(scaled: Float64Array, float: Float64Array): FloatComparison['differences'] {
  const differences = scaled.map((value, i) => value - float[i]!).sort();
  let [sum, squares, floatSum, floatSquares] = [0, 0, 0, 0];
  for (let i = 0; i < differences.length; i++) {
    sum += differences[i]!;
    squares += differences[i]! ** 2;
    floatSum += float[i]!;
    floatSquares += float[i]! ** 2;
  }
  const n = differences.length;
  const rootMeanSquare = Math.sqrt(squares / n);
  const deviation = Math.sqrt(floatSquares / n - (floatSum / n) ** 2);
  const at = (share: number) => differences[Math.round(share * (n - 1))]!;
  const [from, to] = [at(0), at(1)];
  const counts = new Array<number>(HISTOGRAM_BINS).fill(0);
  const width = (to - from) / HISTOGRAM_BINS || 1;
  for (const value of differences) {
    const bin = Math.min(HISTOGRAM_BINS - 1, Math.floor((value - from) / width));
    counts[bin] = counts[bin]! + 1;
  }
  return {
    mean: sum / n,
    rootMeanSquare,
    relative: deviation === 0 ? 0 : rootMeanSquare / deviation,
    quantiles: Object.fromEntries(
      QUANTILES.map((q) => [q, at(Number(q))]),
    ) as FloatComparison['differences']['quantiles'],
    histogram: { from, to, counts },
  };
}
