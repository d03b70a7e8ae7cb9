// A float network beside what its layers give on the calibration samples: what every decision of quantization looks at.
import { ExporterError } from '../../errors.js';
import type { FloatNetwork } from '../../float/float-network.js';
import type { QuantizeFloatOptions } from '../options.js';

export interface CalibratedNetwork {
  readonly network: FloatNetwork;
  readonly options: QuantizeFloatOptions;
  /** Outputs of every layer in float, and of `input`, samples one after another; undefined without samples. */
  readonly activations: ReadonlyMap<string, Float64Array> | undefined;
  /** Samples. */
  readonly count: number;
}

/** What a layer gives for the first `count` samples. */
export function activationsOf(calibrated: CalibratedNetwork, name: string, count: number): Float64Array {
  const all = calibrated.activations!.get(name)!;
  return all.subarray(0, (all.length / calibrated.count) * count);
}

export function needsCalibration(reason: string): ExporterError {
  return new ExporterError('no-calibration', `${reason}; give calibration samples (a few hundred typical inputs)`);
}
