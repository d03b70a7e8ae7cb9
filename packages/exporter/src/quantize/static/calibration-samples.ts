// Calibration samples as the network's input, as many as memory allows.
import { elementCount } from '@bitnetmcu/models/internal';
import { ExporterError } from '../../errors.js';
import type { FloatNetwork } from '../../float/float-network.js';
import { NO_PREPROCESSING } from '../../float/preprocessing.js';
import type { QuantizeFloatOptions } from '../options.js';

/** Activations of all layers and samples that are kept: 256 MB. */
const MAX_ACTIVATIONS = 2 ** 25;
const MAX_SAMPLES = 2048;

export interface CalibrationSamples {
  /** As given. */
  readonly raw: Float64Array;
  /** After the caller's preprocessing: what the graph reads. */
  readonly values: Float64Array;
  readonly count: number;
}

/**
 * The s-th of `count` numbers in an order whose every beginning lies evenly over all of them (steps of the golden ratio): searches that look
 * at the first few samples see the whole data set then, also one that is sorted by class.
 */
export function spreadIndex(s: number, count: number): number {
  let step = Math.max(1, Math.round(count * GOLDEN_RATIO));
  while (greatestCommonDivisor(step, count) > 1) step++;
  return (s * step) % count;
}

const GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2;

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/**
 * Samples spread evenly over those given; undefined where none were given.
 * @throws ExporterError `invalid-calibration`.
 */
export function calibrationSamples(
  network: FloatNetwork,
  options: QuantizeFloatOptions,
): CalibrationSamples | undefined {
  if (!options.calibration) return undefined;
  const { samples } = options.calibration;
  const { divisor, mean, deviation } = options.preprocessing ?? NO_PREPROCESSING;
  const features = elementCount(network.inputShape);
  const given = samples.length / features;
  if (given < 1 || !Number.isInteger(given)) {
    throw new ExporterError(
      'invalid-calibration',
      `${samples.length} calibration values were given; wanted is a multiple of ${features}, one sample or more`,
    );
  }
  const perSample = features + network.layers.reduce((sum, { shape }) => sum + elementCount(shape), 0);
  const count = Math.min(given, MAX_SAMPLES, Math.max(1, Math.floor(MAX_ACTIVATIONS / perSample)));
  const values = new Float64Array(count * features);
  const raw = new Float64Array(count * features);
  for (let s = 0; s < count; s++) {
    const source = spreadIndex(s, given) * features;
    for (let i = 0; i < features; i++) {
      const value = (samples[source + i]! / divisor - mean) / deviation;
      if (!Number.isFinite(value)) {
        throw new ExporterError(
          'invalid-calibration',
          `Calibration sample ${source / features} has the value ${samples[source + i]}; finite numbers are wanted`,
        );
      }
      raw[s * features + i] = samples[source + i]!;
      values[s * features + i] = value;
    }
  }
  return { raw, values, count };
}
