// What the runs of one process have in common: the samples of a data set in the shapes that their networks take, and the memory for those of a run.
import { RenderedEpochs } from '../augmentation/rendered-epochs.js';
import { selectSteps } from '../data/dataset.js';
import { fitSamples, type InputFit } from '../data/fit.js';
import { runSteps } from '../data/slices.js';
import type { Samples } from '../engine/engine.js';
import type { EngineKernels } from '../engine/kernels.js';
import { type SplitConfig, type SplitNumbers, validationNumbers } from './validation-split.js';

/** Shapes kept of a part of a data set; of more the one that was not asked for longest is made anew. */
const MOST_SHAPES = 3;

/** For one run at a time: what one has selected is overwritten by the next. */
export class SharedSamples {
  /** Augmented copies that the run before made. */
  readonly rendered: RenderedEpochs;
  /** By the samples themselves, then by fit. What nobody has any more is forgotten with its data set. */
  readonly #fitted = new WeakMap<Samples, Map<string, Samples>>();
  readonly #selected = new Map<string, Uint8Array>();
  #split: { readonly samples: Samples; readonly key: string; readonly numbers: SplitNumbers } | undefined;

  /** @param renderedBytes what may be kept of augmented copies */
  constructor(renderedBytes = 0) {
    this.rendered = new RenderedEpochs(renderedBytes);
  }

  /** As `fitSamples`; the same object for the same samples and fit. Nobody writes into it. */
  fitted(samples: Samples, fit: InputFit, kernels: EngineKernels): Samples {
    const known = this.#fitted.get(samples) ?? new Map<string, Samples>();
    this.#fitted.set(samples, known);
    const key = JSON.stringify(fit);
    const found = known.get(key) ?? fitSamples(samples, fit, kernels);
    // The last one of the map is the one that was asked for last.
    known.delete(key);
    known.set(key, found);
    if (known.size > MOST_SHAPES) known.delete(known.keys().next().value!);
    return found;
  }

  /** As `validationNumbers`. */
  split(samples: Samples, config: SplitConfig): SplitNumbers {
    const { validation, seed, splitSeed, data } = config;
    const key = JSON.stringify([validation, splitSeed ?? seed, data]);
    if (this.#split?.samples !== samples || this.#split.key !== key) {
      this.#split = { samples, key, numbers: validationNumbers(samples, config) };
    }
    return this.#split.numbers;
  }

  /** As `selectSamples`, into the memory of what was selected for the same purpose before. */
  select(purpose: string, samples: Samples, numbers: Uint32Array): Samples {
    const size = samples.count === 0 ? 0 : (samples.bytes.length / samples.count) * numbers.length;
    const known = this.#selected.get(purpose);
    const memory = known && known.length >= size ? known : new Uint8Array(size);
    this.#selected.set(purpose, memory);
    return runSteps(selectSteps(samples, numbers, memory.subarray(0, size)));
  }
}
