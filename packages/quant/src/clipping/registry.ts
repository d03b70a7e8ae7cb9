// Clipping methods by name: from the plain JSON of a network description to a policy.

import { QuantError } from '../errors.js';
import type { FormatRecord } from '../format-record.js';
import { unknownName } from '../nearest-name.js';
import { decayingClip } from './decaying.js';
import { fixedClip } from './fixed.js';
import { frozenFrom } from './freeze.js';
import { learnedClip } from './learned.js';
import { octav, weightedOctav } from './octav.js';
import { requireKnownKeys, requirePositive } from './options.js';
import type { ClippingPolicy } from './policy.js';
import { proportionalClip } from './proportional.js';

interface Freezable {
  /** From this epoch (0-based) on the scalar stays as it is. Absent: never. */
  readonly freezeEpoch?: number | undefined;
}

/** A clipping policy as JSON; the `clipping` of a quantizer in NetworkSpec. */
export type ClippingSpec =
  | ({ readonly method: 'octav'; readonly roundingWeight?: number | undefined } & Freezable)
  | ({ readonly method: 'proportional'; readonly factor: number } & Freezable)
  | { readonly method: 'fixed'; readonly value: number }
  | ({ readonly method: 'learned'; readonly learningRateFactor?: number | undefined } & Freezable)
  | ({
      readonly method: 'decaying';
      readonly start: number;
      readonly end: number;
      readonly epochs: number;
    } & Freezable);

export type ClippingMethod = ClippingSpec['method'];

type SpecOf<Method extends ClippingMethod> = Extract<ClippingSpec, { method: Method }>;

/** One line a method, with the options that it has; add a method here and in ClippingSpec. */
const clippingMethods: {
  readonly [Method in ClippingMethod]: {
    readonly options: readonly Exclude<keyof SpecOf<Method>, 'method'>[];
    readonly policy: (spec: SpecOf<Method>) => ClippingPolicy;
  };
} = {
  octav: {
    options: ['roundingWeight', 'freezeEpoch'],
    policy: ({ roundingWeight }) => (roundingWeight === undefined ? octav : weightedOctav(roundingWeight)),
  },
  proportional: { options: ['factor', 'freezeEpoch'], policy: ({ factor }) => proportionalClip(factor) },
  fixed: { options: ['value'], policy: ({ value }) => fixedClip(value) },
  learned: { options: ['learningRateFactor', 'freezeEpoch'], policy: () => learnedClip },
  decaying: {
    options: ['start', 'end', 'epochs', 'freezeEpoch'],
    policy: ({ start, end, epochs }) => decayingClip(start, end, epochs),
  },
};

/**
 * The clipping policy that a layer of a network spec names.
 * @throws QuantError `unknown-clipping-method` naming the nearest one, `invalid-option`.
 *
 * @example
 * ```ts
 * import { clippingPolicy, updateClips } from '@bitnetmcu/quant';
 *
 * const policy = clippingPolicy({ method: 'proportional', factor: 2 });
 * const clips = updateClips('4bitsym', weights, policy);
 * ```
 */
export function clippingPolicy(spec: ClippingSpec): ClippingPolicy {
  if (!Object.hasOwn(clippingMethods, spec.method)) {
    const known = Object.keys(clippingMethods);
    throw new QuantError('unknown-clipping-method', unknownName('clipping method', String(spec.method), known));
  }
  const method = clippingMethods[spec.method];
  requireKnownKeys(`option of the clipping method ${spec.method}`, spec, ['method', ...method.options]);
  if ('learningRateFactor' in spec && spec.learningRateFactor !== undefined) {
    requirePositive('learningRateFactor', spec.learningRateFactor);
  }
  const policy = (method.policy as (spec: ClippingSpec) => ClippingPolicy)(spec);
  return 'freezeEpoch' in spec && spec.freezeEpoch !== undefined ? frozenFrom(spec.freezeEpoch, policy) : policy;
}

/**
 * Whether the clipping scalars are parameters of the network: method `learned`, in a format whose codes depend on the scalar.
 * The sign of a weight (Binary, BinarySym) does not.
 */
export function hasLearnedClip(spec: ClippingSpec, { encoding }: Pick<FormatRecord, 'encoding'>): boolean {
  return spec.method === 'learned' && encoding.kind !== 'sign';
}

/** Whether the optimizer moves the clipping scalar in this epoch (0-based): method `learned`, not yet frozen. */
export function learnsClip(spec: ClippingSpec, epoch: number): boolean {
  return spec.method === 'learned' && (spec.freezeEpoch === undefined || epoch < spec.freezeEpoch);
}
