// Presets for rows of a table: linear layers with biases and static scales, so that a value's size counts and not only its share of the row.
import type { FormatName } from '@bitnetmcu/quant';
import type { NetworkSpecInput } from '../network-spec.js';
import { elementCount, type Shape } from '../tensor-shape.js';

type LayerInput = NetworkSpecInput['layers'][number];

/** Bytes around 128, as wide as they can be; data sets with raw values bring their own. */
export const CENTRED_PREPROCESSING = { divisor: 255, mean: 0.5, deviation: 0.25 } as const;

/**
 * Weights of own-data presets. The clip of 8 bits need not be searched for: at 6 mean magnitudes nothing of a normal distribution is cut off, and a
 * step is a twentieth of one.
 */
export function presetWeights(format: FormatName): NonNullable<Extract<LayerInput, { type: 'linear' }>['weights']> {
  return format === '8bit' ? { format, clipping: { method: 'proportional', factor: 6 } } : { format };
}

/** Linear layers `fc1`, `fc2`, … with biases and without norms. @param first what quantizes the input of `fc1`: none where it is int8 already */
export function biasedLayers(
  sizes: readonly number[],
  format: FormatName,
  first: 'none' | 'max-abs' = 'none',
): LayerInput[] {
  return sizes.flatMap((outputs, k): LayerInput[] => {
    const linear: LayerInput = {
      type: 'linear',
      name: `fc${k + 1}`,
      outputs,
      weights: presetWeights(format),
      norm: 'none',
      activationQuantizer: k === 0 ? first : 'max-abs',
      bias: true,
    };
    return k === sizes.length - 1 ? [linear] : [linear, { type: 'activation', name: `relu${k + 1}`, function: 'relu' }];
  });
}

/** Hidden layers of the given sizes on all values of a row. */
export function table(
  name: string,
  hidden: readonly number[],
  classes: number,
  inputShape: Shape,
  format: FormatName,
): NetworkSpecInput {
  return {
    name,
    input: { shape: [elementCount(inputShape)], preprocessing: CENTRED_PREPROCESSING },
    layers: biasedLayers([...hidden, classes], format),
  };
}
