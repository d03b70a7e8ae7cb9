// The samplers by name: random search, successive halving, evolution.

import { GeneSampler, type GeneSamplerOptions, type RungOptions } from './gene-sampler.js';
import { evolutionProposer, randomProposer } from './proposers.js';
import type { Sampler } from './sampler.js';
import type { Space } from './space.js';

export interface RandomSamplerOptions extends GeneSamplerOptions {
  readonly space: Space;
}

export interface HalvingSamplerOptions extends RandomSamplerOptions, RungOptions {}

export interface EvolutionSamplerOptions extends HalvingSamplerOptions {
  /** Parents at a time, and random points at the start; default 24. */
  readonly population?: number | undefined;
}

/**
 * Random search: points of a space, each once, whatever came out before.
 *
 * @example
 * ```ts
 * import { randomSampler, type RunRequest } from '@bitnetmcu/studies';
 * import { parseTrainingConfig } from '@bitnetmcu/trainer';
 *
 * const sampler = randomSampler({
 *   space: { rate: { kind: 'real', min: 1e-4, max: 1e-1, log: true } },
 *   runs: 20,
 *   decode: ({ rate }) => ({ config: parseTrainingConfig({ learningRate: rate }), targets: [], test: false }),
 *   fitness: ({ validation }) => ({ objectives: [1 - (validation?.integer.accuracy ?? 0)], violation: 0 }),
 * });
 * const first: RunRequest | undefined = await sampler.next();
 * ```
 */
export function randomSampler(options: RandomSamplerOptions): Sampler {
  return new GeneSampler(randomProposer(options.space), { rungs: [1], ...given(options) });
}

/**
 * Asynchronous successive halving (ASHA): random points are trained for a few epochs, the best of them anew for more.
 *
 * @example
 * ```ts
 * import { halvingSampler } from '@bitnetmcu/studies';
 * import { parseTrainingConfig } from '@bitnetmcu/trainer';
 *
 * const sampler = halvingSampler({
 *   space: { rate: { kind: 'real', min: 1e-4, max: 1e-1, log: true } },
 *   runs: 40,
 *   rungs: [1 / 4, 1],
 *   decode: ({ rate }) => ({ config: parseTrainingConfig({ learningRate: rate }), targets: [], test: false }),
 *   fitness: ({ validation }) => ({ objectives: [1 - (validation?.integer.accuracy ?? 0)], violation: 0 }),
 * });
 * ```
 */
export function halvingSampler(options: HalvingSamplerOptions): Sampler {
  return new GeneSampler(randomProposer(options.space), { rungs: DEFAULT_RUNGS, ...given(options) });
}

/**
 * NSGA-II: children of the best points by several objectives at once and of those that break limits least; with `rungs` short runs first, as in
 * successive halving.
 *
 * @example
 * ```ts
 * import { evolutionSampler } from '@bitnetmcu/studies';
 * import { parseTrainingConfig } from '@bitnetmcu/trainer';
 *
 * const sampler = evolutionSampler({
 *   space: { network: { kind: 'choice', values: ['fc-1k', 'fc-12k'] }, epochs: { kind: 'integer', min: 5, max: 60 } },
 *   runs: 60,
 *   decode: ({ network, epochs }) => ({
 *     config: parseTrainingConfig({ network: network === 0 ? 'fc-1k' : 'fc-12k', epochs }),
 *     targets: [],
 *     test: false,
 *   }),
 *   fitness: ({ validation, weightBytes }) => ({
 *     objectives: [1 - (validation?.integer.accuracy ?? 0), weightBytes],
 *     violation: Math.max(0, weightBytes - 8000),
 *   }),
 * });
 * ```
 */
export function evolutionSampler(options: EvolutionSamplerOptions): Sampler {
  return new GeneSampler(evolutionProposer(options.space, options.population ?? 24), given(options));
}

const DEFAULT_RUNGS = [1 / 9, 1 / 3, 1];

/** Options without those that are undefined, whose defaults hold. */
function given<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}
