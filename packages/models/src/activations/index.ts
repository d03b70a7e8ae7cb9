// The activation functions, by the names that network descriptions give them. To add one: a file beside this one, and its line here.

import { ModelError } from '../errors.js';
import type { Activation } from './activation.js';
import { FLOAT_ARITHMETIC } from './arithmetic.js';
import { gelu } from './gelu.js';
import { hardSwish } from './hard-swish.js';
import { leakyRelu, leakyRelu16 } from './leaky-relu.js';
import { relu } from './relu.js';
import { relu6 } from './relu6.js';
import { shiftedRelu1, shiftedRelu2 } from './shifted-relu.js';
import { squaredRelu, xReluPlus1, xReluPlus2, xReluPlus3, xReluPlus4 } from './x-relu.js';
import { xRelu6Plus1, xRelu6Plus2, xRelu6Plus4 } from './x-relu6.js';

/** Every activation function by its name. Compiled programs hold their position here. */
export const ACTIVATIONS = {
  relu,
  hardSwish,
  leakyRelu,
  leakyRelu16,
  relu6,
  shiftedRelu1,
  shiftedRelu2,
  squaredRelu,
  xReluPlus1,
  xReluPlus2,
  xReluPlus3,
  xReluPlus4,
  xRelu6Plus1,
  xRelu6Plus2,
  xRelu6Plus4,
  gelu,
} as const satisfies Readonly<Record<string, Activation>>;

export type ActivationName = keyof typeof ACTIVATIONS;

export const ACTIVATION_NAMES = Object.keys(ACTIVATIONS) as [ActivationName, ...ActivationName[]];

/** The record of an activation function. @throws ModelError `invalid-spec` for a name that is none. */
export function activationOf(name: string): Activation {
  if (Object.hasOwn(ACTIVATIONS, name)) return ACTIVATIONS[name as ActivationName];
  throw new ModelError(
    'invalid-spec',
    `The activation function '${name}' found, one of ${ACTIVATION_NAMES.join(', ')} wanted: use one of them, or add a record of it to the registry of activations.`,
  );
}

/** An activation function in doubles. */
export function applyActivation(name: ActivationName, x: number): number {
  return activationOf(name).apply(FLOAT_ARITHMETIC, x);
}
