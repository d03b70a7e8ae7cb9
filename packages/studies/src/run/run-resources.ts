// What a process keeps between runs: loaded data sets, their samples in the shapes of networks, engines.
import { WasmBackend } from '@bitnetmcu/mcu-runtime';
import { type QuantizedModel, quantizeInput } from '@bitnetmcu/models';
import { elementCount } from '@bitnetmcu/models/internal';
import {
  createEngine,
  type Dataset,
  type Engine,
  type EngineKernels,
  fitInput,
  loadDataset,
  loadKernels,
  type Samples,
  type TrainingConfig,
} from '@bitnetmcu/trainer';
import { pathsOf, SharedSamples } from '@bitnetmcu/trainer/internal';
import { canonicalJson } from './canonical-json.js';
import { fileStamp } from './file-stamp.js';
import type { QuantizedSamples } from './integer-score.js';

/** A data set of 60 000 pictures of 28×28 takes 55 MB. */
const MOST_DATASETS = 2;
/** Quantized inputs kept of a part of a data set. */
const MOST_INPUTS = 2;

export class RunResources {
  readonly shared: SharedSamples;
  readonly backend = new WasmBackend();
  readonly #datasets = new Map<string, Promise<Dataset>>();
  readonly #engines = new Map<string, Promise<Engine>>();
  readonly #kernels = new Map<string, Promise<EngineKernels>>();
  readonly #inputs = new WeakMap<Samples, Map<string, Int8Array>>();

  /** @param threads of an engine that has threads; @param keptBytes of augmented samples that the next run may want */
  constructor(
    private readonly threads = 1,
    keptBytes = 0,
  ) {
    this.shared = new SharedSamples(keptBytes);
  }

  /** Read again where its files are others than before. @throws TrainerError as `loadDataset` */
  dataset(data: TrainingConfig['data']): Promise<Dataset> {
    const stamps = pathsOf(data).map(([, path]) => fileStamp(path));
    return kept(this.#datasets, canonicalJson([data, stamps]), MOST_DATASETS, () => loadDataset(data));
  }

  /** @throws TrainerError `engine-unavailable` */
  engine(kind: TrainingConfig['engine']): Promise<Engine> {
    const options = kind === 'wasm' ? { kind } : { kind, threads: this.threads };
    return kept(this.#engines, kind, Number.POSITIVE_INFINITY, () => createEngine(options));
  }

  /** @throws TrainerError `engine-unavailable` */
  kernels(kind: TrainingConfig['engine']): Promise<EngineKernels> {
    return kept(this.#kernels, kind, Number.POSITIVE_INFINITY, () => loadKernels({ kind }));
  }

  /** Samples of a part of a data set as a model takes them; absent numbers: all. The part is fitted and quantized once, whatever is taken of it. */
  quantized(
    model: QuantizedModel,
    dataset: Dataset,
    { part, kernels, numbers }: { part: 'train' | 'test'; kernels: EngineKernels; numbers?: Uint32Array },
  ): QuantizedSamples {
    const fitted = this.shared.fitted(dataset[part], fitInput(dataset.shape, model.input.shape), kernels);
    const known = this.#inputs.get(fitted) ?? new Map<string, Int8Array>();
    this.#inputs.set(fitted, known);
    const { shape, preprocessing, quantization } = model.input;
    const key = canonicalJson({ shape, preprocessing, quantization });
    const inputs = kept(known, key, MOST_INPUTS, () => quantizeInput(model, fitted.bytes));
    return numbers === undefined ? { ...fitted, inputs } : selected(fitted, inputs, numbers, elementCount(shape));
  }
}

function selected(samples: Samples, inputs: Int8Array, numbers: Uint32Array, features: number): QuantizedSamples {
  const chosen = new Int8Array(numbers.length * features);
  for (const [i, at] of numbers.entries())
    chosen.set(inputs.subarray(at * features, (at + 1) * features), i * features);
  const outputs = samples.targets ? samples.targets.length / samples.count : 0;
  return {
    count: numbers.length,
    inputs: chosen,
    labels: Uint16Array.from(numbers, (at) => samples.labels[at]!),
    ...(samples.targets && {
      targets: Float32Array.from({ length: numbers.length * outputs }, (_, i) => {
        return samples.targets![numbers[Math.floor(i / outputs)]! * outputs + (i % outputs)]!;
      }),
    }),
  };
}

/** The value of a key, made where it is missing; of more than `most` the one that was asked for longest ago goes. */
function kept<T>(values: Map<string, T>, key: string, most: number, make: () => T): T {
  const value = values.get(key) ?? make();
  values.delete(key);
  values.set(key, value);
  if (values.size > most) values.delete(values.keys().next().value!);
  // What cannot be had now may be had the next time.
  if (value instanceof Promise) value.catch(() => values.delete(key));
  return value;
}
