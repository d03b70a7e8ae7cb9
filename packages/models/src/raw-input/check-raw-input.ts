// The check that a raw input fits its network, and that its integers can be computed without overflow.
import { ModelError } from '../errors.js';
import type { Preprocessing } from '../network-spec.js';
import type { QuantizedModel } from '../quantized-model.js';
import { elementCount, type Shape } from '../tensor-shape.js';
import { curvePosition } from './raw-arithmetic.js';
import { RAW_PREPROCESSING, RAW_SCALE, RAW_TYPE_RANGES, type RawFeature, type RawInput } from './raw-input.js';

type InputQuantization = QuantizedModel['input']['quantization'];

/** The input of a network or model, as far as raw values go. */
interface Input {
  readonly shape: Shape;
  readonly preprocessing: Preprocessing;
  readonly raw?: RawInput | undefined;
}

/**
 * Features must fit the shape, and every raw value must come out as an int8 without overflow; what stands behind must take that int8 as it is.
 * @throws ModelError `invalid-input`, naming the feature.
 */
export function requireRawInput({ shape, preprocessing, raw }: Input, quantization?: InputQuantization): void {
  if (raw === undefined) return;
  const { divisor, mean, deviation } = preprocessing;
  const isPlain =
    divisor === RAW_PREPROCESSING.divisor &&
    mean === RAW_PREPROCESSING.mean &&
    deviation === RAW_PREPROCESSING.deviation;
  if (!isPlain || (quantization && (quantization.kind !== 'static' || quantization.scale !== RAW_SCALE))) {
    throw new ModelError(
      'invalid-input',
      `An input with raw values has the preprocessing ${JSON.stringify(RAW_PREPROCESSING)} and the static scale ${RAW_SCALE}; ${JSON.stringify({ preprocessing, quantization })} found.`,
    );
  }
  checkFeatures(raw, shape);
}

function checkFeatures({ kind, type, features, hop }: RawInput, shape: Shape): void {
  if (hop !== undefined && kind !== 'signal') {
    throw new ModelError(
      'invalid-input',
      `The raw input of kind ${kind} has a hop of ${hop}; only signals have one. Leave it out.`,
    );
  }
  const wanted = kind === 'table' ? elementCount(shape) : shape[0]!;
  if (features.length !== wanted) {
    throw new ModelError(
      'invalid-input',
      `The raw input of kind ${kind} describes ${features.length} features, ${wanted} wanted: one for each ${kind === 'table' ? 'value of a sample' : 'channel'}.`,
    );
  }
  for (const [i, feature] of features.entries()) {
    const wrong = featureFault(feature, type);
    if (wrong) throw new ModelError('invalid-input', `The raw input's feature ${i} (${feature.name}): ${wrong}.`);
  }
}

function featureFault(feature: RawFeature, type: RawInput['type']): string | undefined {
  const { low, high, curve, preShift, multiplier, bias, shift } = feature;
  const [least, most] = RAW_TYPE_RANGES[type];
  if (low >= high) return `low ${low} is not below high ${high}`;
  if (low < least || high > most) return `${low} … ${high} is not within ${type}, ${least} … ${most}`;
  // n + 1 is taken of the logarithm.
  if (curve === 'log2' && high - low === 2 ** 32 - 1 && preShift === 0)
    return `${low} … ${high} is too wide for a logarithm`;
  const last = curvePosition(feature, high);
  if (last > 65_535) return `${low} … ${high} gives ${last} after a shift by ${preShift}, at most 65535 wanted`;
  const sum = last * multiplier + bias;
  if (sum > 2 ** 31 - 1) return `its largest sum ${sum} leaves int32`;
  const ends = [bias >> shift, sum >> shift];
  if (ends[0]! < -128 || ends[1]! > 127) return `its integers go from ${ends[0]} to ${ends[1]}, −128 … 127 wanted`;
  return undefined;
}
