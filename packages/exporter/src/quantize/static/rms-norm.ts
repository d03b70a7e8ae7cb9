// RMS norm between fixed scales: the gain that brings normalized activations to int8.
import type { QuantizedNode } from '@bitnetmcu/models';
import { normalizeByRms } from '@bitnetmcu/models/internal';
import type { FloatDynamicNorm } from '../../float/float-network.js';
import { type CalibratedNetwork, needsCalibration } from './calibrated-network.js';
import { type IntegerTensor, integerTensor } from './integer-tensor.js';

/** Gains below leave few steps, those above clip at three times the root mean square. */
const GAINS = Array.from({ length: 42 }, (_, i) => i + 1);
/** Samples on which gains are tried. */
const SEARCH_SAMPLES = 64;

/**
 * The node of a norm whose output has a fixed scale, 1/gain; the gain is the one after which the integers come nearest to the float norm.
 * @throws ExporterError `no-calibration` without samples
 */
export function staticRmsNorm(
  { activations, count }: CalibratedNetwork,
  { name }: FloatDynamicNorm,
  { node, values }: IntegerTensor,
): { readonly node: QuantizedNode; readonly tensor: IntegerTensor } {
  const target = activations?.get(name);
  if (target === undefined) throw needsCalibration(`The range behind the norm ${name} is not known`);
  const features = values.length / count;
  const some = values.subarray(0, features * Math.min(count, SEARCH_SAMPLES));
  const errors = GAINS.map((gain) =>
    normalized(some, features, gain).reduce((sum, y, i) => sum + (y / gain - target[i]!) ** 2, 0),
  );
  const gain = GAINS[errors.indexOf(Math.min(...errors))]!;
  const own = { type: 'int8', scale: 1 / gain, bound: 127 } as const;
  return {
    node: { name, inputs: [node], op: 'rmsNorm', gain },
    tensor: integerTensor({ node: name, ...own, values: normalized(values, features, gain) }),
  };
}

function normalized(x: Float64Array, features: number, gain: number): Float64Array {
  const y = new Float64Array(x.length);
  for (let from = 0; from < x.length; from += features) {
    const to = from + features;
    normalizeByRms(x.subarray(from, to), gain, y.subarray(from, to));
  }
  return y;
}
