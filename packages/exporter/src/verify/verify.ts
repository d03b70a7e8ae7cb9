// Verification: do implementations of one integer network give identical logits for every input of a data set?
import { classOf, type InferenceBackend, type LoadedModel, type QuantizedModel } from '@bitnetmcu/models';
import { elementCount } from '@bitnetmcu/models/internal';
import { ExporterError } from '../errors.js';

export interface VerifyOptions {
  /** Inputs given to an implementation at once. Default 250: progress moves and an abort is heard several times a second. */
  readonly batchSize?: number;
  /** Differences listed in full. Default 10. */
  readonly maxDifferences?: number;
  /** Called after every batch of every implementation. */
  readonly onProgress?: (progress: VerifyProgress) => void;
  readonly signal?: AbortSignal;
  /** How good all logits of an implementation are, where their first maximum is no class. */
  readonly score?: (logits: Int32Array) => number | undefined;
}

export interface VerifyProgress {
  readonly backend: string;
  /** Images that this implementation has done. */
  readonly done: number;
  readonly images: number;
}

export interface BackendResult {
  readonly name: string;
  /** Share of images whose class (`classOf` the logits) is the label. Absent without labels. */
  readonly accuracy?: number;
  /** What `score` says of its logits. */
  readonly score?: number;
  /** Images whose logits differ from those of the first implementation in any bit. */
  readonly mismatches: number;
  /** Inference only, without loading. */
  readonly seconds: number;
}

/** One image on which an implementation differs from the first one. */
export interface Difference {
  readonly image: number;
  readonly backend: string;
  readonly logits: readonly number[];
  /** What the first implementation gives. */
  readonly expected: readonly number[];
}

export interface VerifyResult {
  readonly images: number;
  /** In the order given; the first is the one that the others are compared with. */
  readonly perBackend: readonly BackendResult[];
  /** The first differences in order of image number. */
  readonly differences: readonly Difference[];
}

/** A model loaded into an implementation, with the name shown for it. */
export interface NamedModel {
  readonly name: string;
  readonly model: LoadedModel;
}

/**
 * Loads a model into each implementation and compares their logits over a data set.
 * @param inputs int8 samples in the model's input shape, one after another.
 * @param labels class numbers, one a sample, or undefined; of models whose outputs are no classes they are not looked at.
 * @throws ExporterError `verify-input` for lengths that do not fit, `aborted`; errors of the implementations pass through.
 *
 * @example
 * ```ts
 * import { verify } from '@bitnetmcu/exporter';
 * import { WasmBackend } from '@bitnetmcu/mcu-runtime';
 * import { ReferenceInference } from '@bitnetmcu/models';
 *
 * const { images, differences } = await verify(model, [new ReferenceInference(), new WasmBackend()], inputs, labels);
 * console.log(images, differences.length);
 * ```
 */
export async function verify(
  model: QuantizedModel,
  backends: readonly InferenceBackend[],
  inputs: Int8Array,
  labels: ArrayLike<number> | undefined,
  options: VerifyOptions = {},
): Promise<VerifyResult> {
  const loaded: NamedModel[] = [];
  try {
    for (const backend of backends) {
      checkAbort(options.signal);
      loaded.push({ name: backend.name, model: await backend.load(model) });
    }
    // Logits that are no classes have no accuracy; that their bits are the same is what all answers follow from.
    const classes = model.output ? undefined : labels;
    return await verifyLoaded(loaded, elementCount(model.input.shape), inputs, classes, options);
  } finally {
    for (const { model: instance } of loaded) instance.close();
  }
}

/**
 * The same for models that are loaded already, which stay open; they need not come from one QuantizedModel.
 * @param features values of one sample.
 */
export async function verifyLoaded(
  models: readonly NamedModel[],
  features: number,
  inputs: Int8Array,
  labels: ArrayLike<number> | undefined,
  options: VerifyOptions = {},
): Promise<VerifyResult> {
  const images = inputs.length / features;
  if (models.length === 0)
    throw new ExporterError(
      'verify-input',
      'No implementation was given; give one to measure it, two or more to compare them',
    );
  if (images === 0 || !Number.isInteger(images)) {
    throw new ExporterError(
      'verify-input',
      `${inputs.length} input values were given; wanted is a multiple of ${features}, one sample or more`,
    );
  }
  if (labels && labels.length !== images) {
    throw new ExporterError(
      'verify-input',
      `${labels.length} labels were given for ${images} images; give one a sample or none`,
    );
  }
  const outputs = models[0]!.model.outputs;
  const other = models.find(({ model }) => model.outputs !== outputs);
  if (other) {
    throw new ExporterError(
      'verify-input',
      `${other.name} gives ${other.model.outputs} logits, ${models[0]!.name} ${outputs}; only models with the same outputs can be compared`,
    );
  }
  const { maxDifferences = 10 } = options;
  const perBackend: BackendResult[] = [];
  const differences: Difference[] = [];
  let expected: Int32Array | undefined;
  for (const { name, model } of models) {
    const { logits, seconds } = await inferAll(name, model, features, inputs, options);
    expected ??= logits;
    let mismatches = 0;
    let correct = 0;
    for (let image = 0; image < images; image++) {
      const from = image * outputs;
      if (labels && classOf(logits, from, outputs) === labels[image]) correct++;
      if (equalRange(logits, expected, from, from + outputs)) continue;
      if (mismatches++ < maxDifferences) {
        differences.push({
          image,
          backend: name,
          logits: [...logits.subarray(from, from + outputs)],
          expected: [...expected.subarray(from, from + outputs)],
        });
      }
    }
    const score = options.score?.(logits);
    perBackend.push({
      name,
      ...(labels ? { accuracy: correct / images } : {}),
      ...(score === undefined ? {} : { score }),
      mismatches,
      seconds,
    });
  }
  differences.sort((a, b) => a.image - b.image);
  return { images, perBackend, differences: differences.slice(0, maxDifferences) };
}

async function inferAll(
  name: string,
  model: LoadedModel,
  features: number,
  inputs: Int8Array,
  { batchSize = 250, onProgress, signal }: VerifyOptions,
): Promise<{ logits: Int32Array; seconds: number }> {
  const images = inputs.length / features;
  const logits = new Int32Array(images * model.outputs);
  let milliseconds = 0;
  for (let from = 0; from < images; from += batchSize) {
    checkAbort(signal);
    const count = Math.min(batchSize, images - from);
    const start = performance.now();
    const part = await model.infer(inputs.subarray(from * features, (from + count) * features), count);
    milliseconds += performance.now() - start;
    if (part.length !== count * model.outputs) {
      throw new ExporterError(
        'verify-input',
        `${name} gave ${part.length} logits for ${count} images of ${model.outputs}; its implementation is at fault`,
      );
    }
    logits.set(part, from * model.outputs);
    onProgress?.({ backend: name, done: from + count, images });
    // Synchronous implementations would else keep timers and Ctrl-C waiting.
    await new Promise<void>((resolve) => setTimeout(resolve, 0));
  }
  return { logits, seconds: milliseconds / 1000 };
}

function equalRange(a: Int32Array, b: Int32Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (a[i] !== b[i]) return false;
  return true;
}

function checkAbort(signal: AbortSignal | undefined): void {
  if (signal?.aborted)
    throw new ExporterError('aborted', 'Verification was stopped; run it again for a result', { cause: signal.reason });
}
