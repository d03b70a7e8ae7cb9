// What the runs of one process have in common: the samples of a data set in the shapes that their networks take.
import { fitSamples, type InputFit } from '../data/fit.js';
import type { Samples } from '../engine/engine.js';
import type { EngineKernels } from '../engine/kernels.js';

/** Shapes kept of a part of a data set; of more the one that was not asked for longest is made anew. */
const MOST_SHAPES = 3;

export class SharedSamples {
  /** By the samples themselves, then by fit. What nobody has any more is forgotten with its data set. */
  readonly #fitted = new WeakMap<Samples, Map<string, Samples>>();

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
}
